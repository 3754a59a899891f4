"""The operator reads over HTTP what waits (R12, R42)."""

from typing import Any

import pytest

from schoolsms.adapters.queues import SqsMessageQueue
from schoolsms.bootstrap.clients import client
from tests.support.builders import DEADLINE, UAI, order
from tests.support.functions.cloud import Cloud
from tests.support.functions.events import event, http

FUNCTION = "operator_api"
NOTHING = {"count": 0, "more": False, "near_deadline": 0, "past_deadline": 0, "nearest_deadline": None}


def test_the_operator_sees_what_waits(cloud: Cloud) -> None:
    cloud.orders.record(order(state="review"))
    SqsMessageQueue(client("sqs"), cloud.reference("QueuedMessages")).pages_due("REQUEST1", UAI, range(3))

    assert cloud.call(FUNCTION, event(FUNCTION, "overview")) == (
        200,
        {
            "reviews": {**NOTHING, "count": 1, "nearest_deadline": f"{DEADLINE:%Y-%m-%dT%H:%M:%S}.000Z"},
            "uncredited": NOTHING,
            "overdue_invoices": {"count": 0, "more": False, "rest_due": "0.00"},
            "pages_waiting": 3,
        },
    )


@pytest.mark.parametrize("claims", [{"roles": "[sms_manager]", "school": UAI}, {"roles": "[sms_sender]"}, {"sub": ""}])
def test_nobody_else_does(cloud: Cloud, claims: dict[str, Any]) -> None:
    assert cloud.call(FUNCTION, http(FUNCTION, "overview", claims=claims))[0] == 403
