"""A trace finds what lies among dead letters, and says where a queue that is not read may hold it (R48)."""

from __future__ import annotations

from typing import Any

import pytest

from local.operation.deployed.dead_letters import MOST
from local.operation.deployed.places import places_of
from local.operation.deployed.stack import Deployed
from schoolsms.queue_messages import PageDue, ReceiptDue

REQUEST = "ABCDEFGHIJKLMN"
PAGE = PageDue(REQUEST, 0, 1).to_json()
OTHER = PageDue("ANOTHER", 0, 1).to_json()
NAMELESS = ReceiptDue("ovh", "26929925", "delivered", "1/4", None).to_json()
NAMED = ReceiptDue("aws", "8-4", "delivered", "DELIVERED", f"{REQUEST}-3").to_json()


class FakeCloud:
    """Queues by address, each with the bodies that wait there; `state` of what reads each."""

    def __init__(self, state: str, **bodies: list[str]) -> None:
        self.state, self.bodies = state, bodies
        self.received: list[str] = []

    def get_queue_attributes(self, QueueUrl: str, AttributeNames: list[str]) -> dict[str, Any]:
        return {"Attributes": {"QueueArn": QueueUrl, AttributeNames[0]: str(len(self.bodies.get(QueueUrl, ())))}}

    def receive_message(self, QueueUrl: str, **_: Any) -> dict[str, Any]:
        self.received.append(QueueUrl)
        attributes = {"SentTimestamp": "1795424400000", "ApproximateReceiveCount": "10"}
        return {
            "Messages": [
                {"MessageId": body, "ReceiptHandle": body, "Body": body, "Attributes": attributes}
                for body in self.bodies[QueueUrl]
            ]
        }

    def change_message_visibility_batch(self, **_: Any) -> None:
        """Nothing, because nothing was hidden."""

    def get_paginator(self, _: str) -> FakeCloud:
        return self

    def paginate(self, EventSourceArn: str) -> list[dict[str, Any]]:
        return [{"EventSourceMappings": [{"UUID": EventSourceArn, "State": self.state}]}]


class Stack(Deployed):
    """A stack whose queues have their names as addresses."""

    resources = {name: name for name in ("QueuedMessages", "QueuedMessagesDead", "Receipts", "ReceiptsDead")}

    def __init__(self, cloud: FakeCloud) -> None:
        super().__init__("skolengo-sms", {"AWS_DEFAULT_REGION": "eu-west-3"}, "here")
        self.cloud = cloud

    def client(self, service: str) -> Any:
        return self.cloud


def places(cloud: FakeCloud, wanted: str = REQUEST) -> list[tuple[str, str]]:
    return list(places_of(Stack(cloud), ["QueuedMessages", "Receipts"], [wanted]))


SINCE = "lies here since 2026-11-23T09:00:00Z or later, received=10"
REDRIVE = "once the cause is repaired: make redrive QUEUE="
THE_PAGE = ("QueuedMessagesDead", f"{SINCE} page=0; {REDRIVE}QueuedMessages")


@pytest.mark.parametrize(
    ("bodies", "said"),
    [
        ({}, []),
        ({"QueuedMessagesDead": [OTHER]}, []),
        ({"QueuedMessagesDead": [OTHER, PAGE]}, [THE_PAGE]),
        ({"ReceiptsDead": [NAMED]}, [("ReceiptsDead", f"{SINCE}; {REDRIVE}Receipts")]),
        (
            {"ReceiptsDead": [NAMELESS]},
            [("ReceiptsDead", "letters that do not name their message: 1; see make redrive QUEUE=Receipts LIST=1")],
        ),
    ],
)
def test_a_dead_letter_is_found_by_what_it_names(bodies: dict[str, list[str]], said: list[tuple[str, str]]) -> None:
    assert places(FakeCloud("Enabled", **bodies)) == said


def test_a_message_lies_where_a_page_of_its_request_lies() -> None:
    assert places(FakeCloud("Enabled", QueuedMessagesDead=[OTHER, PAGE]), f"{REQUEST}-7") == [THE_PAGE]
    assert places(FakeCloud("Enabled", ReceiptsDead=[NAMED]), f"{REQUEST}-7") == []


def test_it_is_said_that_there_were_too_many_letters_to_look_through_all() -> None:
    pages = [PageDue("ANOTHER", number, 1).to_json() for number in range(MOST)]
    says = f"only {MOST} of its letters were looked through; {REDRIVE}QueuedMessages"
    assert places(FakeCloud("Enabled", QueuedMessagesDead=pages)) == [("QueuedMessagesDead", says)]


def test_a_queue_that_is_not_read_is_named_and_never_looked_into() -> None:
    cloud = FakeCloud("Disabled", Receipts=[NAMED, NAMELESS])
    says = "is not read; messages wait there: 2. It may be one of them: make maintenance STATE=OFF"
    assert (places(cloud), cloud.received) == ([("Receipts", says)], [])


def test_a_queue_that_is_read_is_not_named_however_much_waits() -> None:
    assert places(FakeCloud("Enabled", Receipts=[NAMED], QueuedMessages=[PAGE])) == []
