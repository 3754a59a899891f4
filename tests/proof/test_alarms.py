"""An alarm is evaluated as CloudWatch does, and none is forgotten by `make prove`."""

import pytest

from tests.proof.alarms import AWS_ONLY, rings
from tests.support.template import ROOT, resources

ALARMS = resources("AWS::CloudWatch::Alarm")


@pytest.mark.parametrize(
    ("statistic", "values", "expected"),
    [
        ("Sum", [], False),
        ("Sum", [1, 2], False),
        ("Sum", [1, 2, 1], True),
        ("Maximum", [1, 2, 1], False),
        ("Maximum", [4], True),
    ],
)
def test_it_rings_above_its_threshold_by_its_statistic(statistic: str, values: list[float], expected: bool) -> None:
    how = {"EvaluationPeriods": 1, "ComparisonOperator": "GreaterThanThreshold"}
    assert rings({**how, "Statistic": statistic, "Threshold": 3}, values) is expected


def test_the_alarms_that_only_aws_can_provoke_are_alarms() -> None:
    assert AWS_ONLY.keys() < ALARMS.keys()


def test_the_guide_says_how_many_are_provoked() -> None:
    guide = (ROOT / "docs" / "operations.md").read_text("utf-8")
    assert f"`make prove` provokes {len(ALARMS) - len(AWS_ONLY)} of the {len(ALARMS)} once" in guide


@pytest.mark.parametrize("alarm", sorted(ALARMS))
def test_every_alarm_can_be_evaluated(alarm: str) -> None:
    assert rings(ALARMS[alarm], [float("inf")])
