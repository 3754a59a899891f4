"""Messages of the queues: what is written is read, and nothing else is."""

import json
from typing import Any

import pytest

from schoolsms.domain.sending.delivering.handoffs import Receipt
from schoolsms.queue_messages import MalformedMessage, NoticeDue, PageDue, ReceiptDue

RECEIPT = {"provider": "ovh", "provider_message_id": "42", "status": None, "code": "0", "message_id": None}


def test_a_receipt_crosses_its_queue_unchanged() -> None:
    receipt = Receipt("ovh", "42", None, "0", reason="content")
    assert ReceiptDue.from_json(ReceiptDue.of(receipt).to_json()).receipt() == receipt


def test_a_receipt_of_a_writer_that_knew_no_reason_is_read() -> None:
    assert ReceiptDue.from_json(json.dumps(RECEIPT)).receipt() == Receipt("ovh", "42", None, "0")


def test_a_reason_that_is_none_is_refused() -> None:
    with pytest.raises(MalformedMessage, match="^ReceiptDue.reason$"):
        ReceiptDue.from_json(json.dumps({**RECEIPT, "reason": "bad luck"}))


@pytest.mark.parametrize("status", ["sent", "claimed", "lost", 1, ["delivered"]])
def test_only_a_final_status_crosses_as_one(status: Any) -> None:
    with pytest.raises(MalformedMessage, match="^ReceiptDue.status$"):
        ReceiptDue.from_json(json.dumps({**RECEIPT, "status": status}))


def test_a_page_is_named_by_ids_alone() -> None:
    """R38: queues carry ids, never text or numbers."""
    assert set(PageDue.__annotations__) == {"request_id", "page", "attempt"}


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{",
        '"REQUEST"',
        '{"request_id": "R", "page": 1}',
        '{"request_id": "R", "page": "1", "attempt": 0}',
        '{"request_id": "R", "page": true, "attempt": 0}',
        '{"request_id": 7, "page": 1, "attempt": 0}',
    ],
)
def test_a_malformed_message_is_refused_without_being_quoted(body: str) -> None:
    with pytest.raises(MalformedMessage, match="^PageDue[:.]") as refused:
        PageDue.from_json(body)
    assert refused.value.__suppress_context__ or refused.value.__context__ is None


@pytest.mark.parametrize("ids", [None, [], {"entry": 5}])
def test_the_ids_of_a_notice_are_texts(ids: Any) -> None:
    with pytest.raises(MalformedMessage, match="^NoticeDue.ids$"):
        NoticeDue.from_json(json.dumps({"kind": "low_balance", "ids": ids}))


def test_a_field_of_a_newer_writer_is_ignored() -> None:
    """Writer and reader are deployed one after the other."""
    body = '{"request_id": "R", "page": 1, "attempt": 0, "since": "2027"}'
    assert PageDue.from_json(body) == PageDue("R", 1, 0)
