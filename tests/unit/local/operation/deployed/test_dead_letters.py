"""A dead letter is shown by the ids it names, and by no number, text, name or address of its body (R46)."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from local.operation.deployed.dead_letters import HIDDEN_SECONDS, MOST, Letter, ids_in, letters_in
from schoolsms.queue_messages import ExportDue, InvoiceCancelled, NoticeDue, PageDue, ReceiptDue, ReplyDue
from tests.support.template import ROOT

REQUEST = "ABCDEFGHIJKLMN"


def event(name: str) -> str:
    """The body of an event as AWS sends it."""
    return str(json.loads((ROOT / "events" / Path(name)).read_text("utf-8"))["Records"][0]["body"])


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (PageDue(REQUEST, 2, 3).to_json(), {"request_id": REQUEST, "page": "2", "attempt": "3"}),
        (InvoiceCancelled("2026-000001").to_json(), {"invoice_number": "2026-000001"}),
        (ExportDue("0750655E", "E1").to_json(), {"school": "0750655E", "export_id": "E1"}),
        (ReplyDue("R1").to_json(), {"reply_id": "R1"}),
        (
            NoticeDue("order_rejected", {"order_id": "BC26-A"}).to_json(),
            {"kind": "order_rejected", "order_id": "BC26-A"},
        ),
        (
            ReceiptDue("ovh", "26929925", "delivered", "1/4", None).to_json(),
            {"provider": "ovh", "provider_message_id": "26929925", "status": "delivered", "code": "1/4"},
        ),
        (event("ingest_order_email/mail_stored.json"), {"mail": "o3vrnil0e2ic28trm7dfhrc2v0clambda4nbp0g1"}),
        (event("record_mail_fates/bounce.json"), {"mail": "0107018f-mail-1"}),
        (event("record_receipts/aws_stop.json"), {"reply": "cae173d2-66b9-564c-8309-21f858e9fb84"}),
        (
            event("record_receipts/aws_delivered.json"),
            {"provider_message_id": "862a8790-60c0-4430-9b2b-658bd0000000", "message_id": "REQUESTAAAAAAA-0"},
        ),
        ("Bonjour", {}),
        ("[" * 100_000, {}),
        ("[1]", {}),
        ('{"order_id": "marie@lycee.test", "school": "+33612345610", "text": "Bonjour"}', {}),
    ],
)
def test_only_ids_and_codes_are_shown(body: str, named: dict[str, str]) -> None:
    assert ids_in(body) == named


@pytest.mark.parametrize(
    ("ids", "wanted", "expected"),
    [
        ({"request_id": REQUEST}, REQUEST, True),
        ({"message_id": f"{REQUEST}-7"}, REQUEST, True),
        ({"message_id": f"{REQUEST}-7"}, f"{REQUEST}-7", True),
        ({"message_id": f"{REQUEST}-71"}, f"{REQUEST}-7", False),
        ({"entry": f"debit:{REQUEST}"}, REQUEST, True),
        ({"order_id": "BC26-AB"}, "BC26-A", False),
        ({}, REQUEST, False),
    ],
)
def test_it_is_about_what_it_names_whole(ids: dict[str, str], wanted: str, expected: bool) -> None:
    assert Letter("1", datetime(2026, 11, 23, tzinfo=UTC), 1, ids).is_about([wanted]) is expected


class SlowSqs:
    """A queue with `count` letters on a clock of its own: each call takes `pause` seconds of it.

    A letter that was shown again meanwhile cannot be given back, as with SQS.
    """

    def __init__(self, count: int, pause: float, at_once: int = 10) -> None:
        self.now, self.pause, self.at_once = 0.0, pause, at_once
        self.shown_at = dict.fromkeys(map(str, range(count)), 0.0)
        self.refused: list[str] = []

    def receive_message(self, VisibilityTimeout: int, **_: Any) -> dict[str, Any]:
        self.now += self.pause
        given = [each for each, shown_at in self.shown_at.items() if shown_at <= self.now][: self.at_once]
        self.shown_at.update(dict.fromkeys(given, self.now + VisibilityTimeout))
        return {"Messages": [{"MessageId": each, "ReceiptHandle": each, "Body": "{}"} for each in given]}

    def change_message_visibility_batch(self, QueueUrl: str, Entries: list[dict[str, Any]]) -> dict[str, Any]:
        self.now += self.pause
        failed = []
        for each in Entries:
            handle = each["ReceiptHandle"]
            if self.shown_at[handle] <= self.now:
                failed.append({"Id": each["Id"], "Code": "MessageNotInflight", "SenderFault": True})
                self.refused.append(handle)
            self.shown_at[handle] = self.now
        return {"Failed": failed}


@pytest.mark.parametrize(("pause", "at_once"), [(0.06, 10), (0.1, 1)])
def test_very_many_letters_are_listed_once_each_and_given_back(pause: float, at_once: int) -> None:
    sqs = SlowSqs(MOST, pause, at_once)
    letters = letters_in(sqs, "dead")
    assert len({letter.id for letter in letters}) == len(letters) == MOST
    assert sqs.refused == []
    assert max(sqs.shown_at.values()) <= sqs.now < HIDDEN_SECONDS


def test_letters_that_were_shown_again_meanwhile_are_listed_all_the_same() -> None:
    sqs = SlowSqs(30, HIDDEN_SECONDS / 3)
    assert len(letters_in(sqs, "dead")) == 30
    assert sqs.refused


def test_letters_are_given_back_when_the_listing_breaks_off() -> None:
    class Broken(SlowSqs):
        def receive_message(self, VisibilityTimeout: int, **named: Any) -> dict[str, Any]:
            if self.now > 1:
                raise KeyboardInterrupt
            return super().receive_message(VisibilityTimeout, **named)

    sqs = Broken(100, 0.4)
    with pytest.raises(KeyboardInterrupt):
        letters_in(sqs, "dead")
    assert max(sqs.shown_at.values()) <= sqs.now
