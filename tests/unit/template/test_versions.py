"""Functions that people wait for start from a snapshot and change a tenth of the calls first, by `template.yaml`."""

import ast
from typing import Any

import pytest

from tests.support.template import ROOT, resources, template

FUNCTIONS = resources("AWS::Serverless::Function")
WAITED_FOR = {"AcceptSendRequest", "EstimateCost", "SchoolApi", "ActivityApi", "OperatorApi"}


def calls(function: str) -> list[ast.Call]:
    """The calls of `bootstrap` in the code of a function."""
    tree = ast.parse((ROOT / FUNCTIONS[function]["CodeUri"] / "app.py").read_text("utf-8"))
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "bootstrap"
    ]


def called(function: str) -> set[str]:
    return {each.func.attr for each in calls(function) if isinstance(each.func, ast.Attribute)}


@pytest.mark.parametrize("function", sorted(WAITED_FOR))
def test_what_people_wait_for_has_a_snapshot_and_an_alias(function: str) -> None:
    properties = FUNCTIONS[function]
    assert properties["SnapStart"] == {"ApplyOn": "PublishedVersions"}
    assert properties["AutoPublishAlias"] == "live"
    # Else SAM publishes nothing for a changed layer or parameter, and the alias stays on the old version.
    assert properties["AutoPublishCodeSha256"] == {"Ref": "Release"}
    assert properties["VersionDeletionPolicy"] == "Delete"  # each version that is kept is paid for


def test_no_other_function_pays_for_versions() -> None:
    assert {name for name, each in FUNCTIONS.items() if "SnapStart" in each or "AutoPublishAlias" in each} == WAITED_FOR


@pytest.mark.parametrize("function", sorted(WAITED_FOR))
def test_a_new_version_is_taken_back_by_an_alarm_that_the_deployment_can_name(function: str) -> None:
    preference = FUNCTIONS[function]["DeploymentPreference"]
    assert preference["Type"] == "Canary10Percent5Minutes"
    [alarm] = preference["Alarms"]
    watched = resources("AWS::CloudWatch::Alarm")[alarm["Ref"]]
    assert "HttpApi" not in str(watched)  # which needs the aliases, which need the alarm: a circle
    assert watched["Period"] * watched["EvaluationPeriods"] < 5 * 60


def test_a_release_makes_another_version_whenever_a_second_has_passed() -> None:
    """SAM names a version by the first ten characters: the seconds since 1970 have ten."""
    release: dict[str, Any] = template()["Parameters"]["Release"]
    assert "{1,10}" in release["AllowedPattern"]
    assert "Release=$$(date +%s)" in (ROOT / "Makefile").read_text("utf-8")


@pytest.mark.parametrize("function", sorted(FUNCTIONS))
def test_a_function_with_a_snapshot_prepares_all_that_it_uses_and_no_other_does(function: str) -> None:
    prepared = [
        [argument.attr for argument in each.args if isinstance(argument, ast.Attribute)]
        for each in calls(function)
        if isinstance(each.func, ast.Attribute) and each.func.attr == "prepare_snapshot"
    ]
    expected = [sorted(called(function) - {"prepare_snapshot"})] if function in WAITED_FOR else []
    assert [sorted(names) for names in prepared] == expected
