"""Reads routes from the template, and what each takes from the function that answers it."""

import ast
import importlib.util
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import yaml
from pydantic import BaseModel

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Route:
    """`key` as API Gateway names it: `GET /v1/balance`. `query` are names beside those of the model `search`."""

    key: str
    open: bool
    handler: str
    body: type[BaseModel] | None = None
    body_optional: bool = False
    query: tuple[str, ...] = ()
    search: type[BaseModel] | None = None

    @property
    def method(self) -> str:
        return self.key.partition(" ")[0].lower()

    @property
    def path(self) -> str:
        return self.key.partition(" ")[2]

    @property
    def path_parameters(self) -> list[str]:
        return re.findall(r"\{([a-z_]+)\}", self.path)


class _Template(yaml.SafeLoader):
    """Reads CloudFormation's tags as their values."""


def _value(loader: _Template, _: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    return loader.construct_sequence(node) if isinstance(node, yaml.SequenceNode) else loader.construct_mapping(node)  # type: ignore[arg-type]


_Template.add_multi_constructor("!", _value)


def routes() -> list[Route]:
    """Every route of the template, by path."""
    template = yaml.load((ROOT / "template.yaml").read_text("utf-8"), _Template)  # noqa: S506 - a SafeLoader
    found = [
        route
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::Serverless::Function"
        for route in _routes_of(resource["Properties"])
    ]
    return sorted(found, key=lambda route: (route.path, route.method))


def _routes_of(function: dict[str, Any]) -> Iterator[Route]:
    events = [each["Properties"] for each in function.get("Events", {}).values() if each["Type"] == "HttpApi"]
    if not events:
        return
    path = ROOT / function["CodeUri"] / "app.py"
    tree, module = ast.parse(path.read_text("utf-8")), _loaded(path)
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    answering = dict(_answering(tree))
    for event in events:
        key = f"{event['Method'].upper()} {event['Path']}"
        is_open = event.get("Auth", {}).get("Authorizer") == "NONE"
        handler = answering.get(key, "")  # where a function does not answer yet, another test tells
        taken = _taken(functions[handler], module) if handler else {}
        yield Route(key, is_open, handler, **taken)


def _loaded(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"described_{path.parent.name}", path)
    if spec is None or spec.loader is None:
        raise ImportError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _answering(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Route and name of the function that answers it, from any dictionary that says so."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(value, ast.Name):
                    yield str(key.value), value.id


def _taken(function: ast.FunctionDef, module: ModuleType) -> dict[str, Any]:
    """`request.read(Model)`, `Model.model_validate(request.query)`, `query.get("name")`, `request.cursor`, …"""
    source = ast.unparse(function)
    body = re.search(r"request\.read\((\w+)\)", source)
    search = re.search(r"(\w+)\.model_validate\(request\.query\)", source)
    named = re.findall(r"query\.get\('(\w+)'\)", source)
    return {
        "body": getattr(module, body[1]) if body else None,
        "body_optional": "if request.body else" in source,
        "query": (*named, *(("cursor",) if "request.cursor" in source else ())),
        "search": getattr(module, search[1]) if search else None,
    }
