"""`template.yaml` as the tests need it, so that a test's tables, queues and environments are the deployed ones."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]


class _Loader(yaml.SafeLoader):
    """Reads CloudFormation's short forms, `!Ref X`, as the long ones, `{"Ref": "X"}`."""


def _long_form(loader: _Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)  # type: ignore[arg-type]
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _long_form)


@cache
def template() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.load((ROOT / "template.yaml").read_text("utf-8"), _Loader)  # noqa: S506 - a SafeLoader
    return loaded


def resources(kind: str) -> dict[str, dict[str, Any]]:
    """The properties of the resources of a type, by logical id."""
    found = template()["Resources"].items()
    return {name: each.get("Properties", {}) for name, each in found if each["Type"] == kind}


def table_arguments(logical_id: str) -> dict[str, Any]:
    """Arguments of CreateTable for a table of the template."""
    properties = resources("AWS::DynamoDB::Table")[logical_id]
    names = ("AttributeDefinitions", "KeySchema", "LocalSecondaryIndexes", "GlobalSecondaryIndexes", "BillingMode")
    taken = {name: properties[name] for name in names if name in properties}
    return {"TableName": logical_id, **taken}


@cache
def function_of(folder: str) -> str:
    """The logical id of the function in `functions/<folder>`."""
    functions = resources("AWS::Serverless::Function").items()
    return next(name for name, each in functions if each["CodeUri"] == f"functions/{folder}")


def routes_of(folder: str) -> set[str]:
    """The routes that lead to the function, as API Gateway names them: `GET /v1/balance`."""
    events = resources("AWS::Serverless::Function")[function_of(folder)].get("Events", {}).values()
    routes = [each["Properties"] for each in events if each["Type"] == "HttpApi"]
    return {f"{each['Method']} {each['Path']}" for each in routes}


def environment(folder: str, resolve: Callable[[str], str]) -> dict[str, str]:
    """The environment of the function in `functions/<folder>`; `resolve` gives the value of a `Ref`."""

    return {name: _written(value, resolve) for name, value in _variables(function_of(folder)).items()}


@cache
def variables() -> frozenset[str]:
    """The variables that any function has."""
    return frozenset(name for each in resources("AWS::Serverless::Function") for name in _variables(each))


@cache
def _variables(function: str) -> Mapping[str, Any]:
    own, shared = resources("AWS::Serverless::Function")[function], template()["Globals"]["Function"]
    merged: dict[str, Any] = {}
    for each in (shared, own):
        merged |= each.get("Environment", {}).get("Variables", {})
    return merged


def _written(value: object, resolve: Callable[[str], str]) -> str:
    """A value of an environment, of which the template knows texts, `Ref` and `Fn::Sub`."""
    match value:
        case {"Ref": str(name)}:
            return resolve(name)
        case {"Fn::Sub": str(text)}:
            return re.sub(r"\$\{(\w+)\}", lambda found: resolve(found[1]), text)
    return str(value)


def parameter(name: str) -> str | None:
    """The default of a parameter of the template."""
    default = template()["Parameters"].get(name, {}).get("Default")
    return None if default is None else str(default)
