"""A dead letter is shown by the ids it names, and by no number, text, name or address of its body (R46)."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from local.operation.dead_letters import Letter, ids_in
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
