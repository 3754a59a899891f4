"""Orders that wait for a person are counted against their deadline, by id (R9, R12)."""

import json
from datetime import timedelta
from typing import Any

import pytest

from tests.support.builders import DEADLINE, NOW, ORDER_ID, order
from tests.support.functions.cloud import Cloud
from tests.support.functions.events import event
from tests.support.functions.log_privacy import Logs

FUNCTION = "watch_deadlines"


def metrics(printed: str) -> dict[str, Any]:
    """The metrics of the embedded format in `printed`, by name."""
    found: dict[str, Any] = {}
    for line in printed.splitlines():
        published = json.loads(line)
        assert published["_aws"]["CloudWatchMetrics"][0]["Namespace"] == "SkolengoSms"
        for metric in published["_aws"]["CloudWatchMetrics"][0]["Metrics"]:
            (found[metric["Name"]],) = published[metric["Name"]]
    return found


@pytest.mark.parametrize(
    ("at", "near", "past"),
    [
        (NOW, 0, 0),
        (NOW + timedelta(hours=17, minutes=59), 0, 0),
        (NOW + timedelta(hours=18), 1, 0),
        (DEADLINE - timedelta(seconds=1), 1, 0),
        (DEADLINE, 0, 1),
        (DEADLINE + timedelta(days=30), 0, 1),
    ],
)
def test_an_order_in_review_is_counted_by_its_deadline(
    cloud: Cloud, capsys: pytest.CaptureFixture[str], at: Any, near: int, past: int
) -> None:
    cloud.orders.record(order(state="review"))
    cloud.clock.time = at

    assert cloud.invoke(FUNCTION, event(FUNCTION, "every_quarter")) is None
    assert metrics(capsys.readouterr().out) == {
        "OrdersInReview": 1,
        "OrdersNearDeadline": near,
        "OrdersPastDeadline": past,
        "CreditsNearDeadline": 0,
        "CreditsPastDeadline": 0,
        "InvoicesOverdue": 0,
    }


def test_orders_that_wait_for_nobody_are_not_counted(cloud: Cloud, capsys: pytest.CaptureFixture[str]) -> None:
    states: tuple[Any, ...] = ("incomplete", "rejected")
    for state in states:
        cloud.orders.record(order(id=f"BC26-{state}", state=state))
    cloud.clock.time = DEADLINE + timedelta(days=1)

    cloud.invoke(FUNCTION, event(FUNCTION, "every_quarter"))

    assert set(metrics(capsys.readouterr().out).values()) == {0}


def test_an_accepted_order_that_is_not_credited_is_counted_and_mailed_about(
    cloud: Cloud, capsys: pytest.CaptureFixture[str], logs: Logs
) -> None:
    """R9."""
    cloud.orders.record(order(state="accepted"))
    cloud.clock.time = DEADLINE

    cloud.invoke(FUNCTION, event(FUNCTION, "every_quarter"))

    found = metrics(capsys.readouterr().out)
    assert (found["CreditsNearDeadline"], found["CreditsPastDeadline"], found["OrdersPastDeadline"]) == (0, 1, 0)
    assert cloud.queued("Notices") == [{"kind": "credit_past", "ids": {"order_id": ORDER_ID}}]
    (line,) = logs.lines("orders wait for their credit")
    assert line["past"] == [ORDER_ID]


def test_a_late_order_is_logged_by_its_id(cloud: Cloud, logs: Logs) -> None:
    cloud.orders.record(order(state="review", read={"contact_name": "Zoé Lefèvre"}))
    logs.private.add("Zoé Lefèvre")
    cloud.clock.time = DEADLINE

    cloud.invoke(FUNCTION, event(FUNCTION, "every_quarter"))

    (line,) = logs.lines("orders wait for a decision")
    assert line["past"] == [ORDER_ID]


def test_every_order_is_looked_at_however_many_wait(cloud: Cloud, capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(120):
        cloud.orders.record(order(id=f"BC26-{number:04d}", state="review"))

    cloud.invoke(FUNCTION, event(FUNCTION, "every_quarter"))

    assert metrics(capsys.readouterr().out)["OrdersInReview"] == 120
