"""OVHcloud's receipt codes, from its published tables."""

from dataclasses import replace

import pytest

from schoolsms.adapters.providers.ovh import parse_receipt
from schoolsms.adapters.providers.ovh_codes import PTT_REASONS, PTT_STATUSES, is_known
from schoolsms.domain.sending.delivering.handoffs import Receipt
from schoolsms.domain.sending.delivering.statuses import Final

ABSENT = {"description": "", "ptt": ""}


@pytest.mark.parametrize(
    ("description", "ptt", "status"),
    [
        ("0", "0", None),
        ("0", "3", None),
        ("1", "4", "delivered"),
        ("1", "0", "delivered"),
        ("2", "5", "undeliverable"),
        ("2", "8", "expired"),
        ("2", "20", "undeliverable"),
        ("2", "21", "expired"),
        ("2", "23", "undeliverable"),
        ("2", "24", "undeliverable"),
        ("2", "27", "undeliverable"),
        ("2", "28", "undeliverable"),
        ("2", "29", "undeliverable"),
        ("2", "9999", "undeliverable"),
        ("2", "", "undeliverable"),
        ("4", "1", None),
        ("8", "2", None),
        ("16", "25", "undeliverable"),
        ("", "4", "delivered"),
        ("", "5", "undeliverable"),
        ("", "8", "expired"),
        ("", "3", None),
        ("", "6", None),
    ],
)
def test_a_receipt_tells_its_status(description: str, ptt: str, status: Final | None) -> None:
    receipt = parse_receipt({"id": "26929925", "description": description, "ptt": ptt})

    assert receipt is not None
    assert replace(receipt, reason=None) == Receipt("ovh", "26929925", status, f"{description}/{ptt}")


@pytest.mark.parametrize(
    ("description", "ptt", "reason"),
    [
        ("2", "5", "unreachable"),
        ("2", "8", "expired"),
        ("2", "20", "content"),
        ("2", "21", "expired"),
        ("2", "23", "wrong-number"),
        ("2", "24", "phone-off"),
        ("16", "25", "network"),
        ("2", "26", "phone-fault"),
        ("2", "28", "content"),
        ("2", "29", "content"),
        ("2", "33", "blocked"),
        ("2", "74", "out-of-coverage"),
        ("2", "76", "blocked"),
        ("", "24", "phone-off"),
        ("2", "9999", None),
        ("2", "", None),
        ("1", "4", None),
        ("8", "24", None),  # not final yet
    ],
)
def test_a_receipt_says_why_a_message_did_not_arrive(description: str, ptt: str, reason: str | None) -> None:
    receipt = parse_receipt({"id": "26929925", "description": description, "ptt": ptt})

    assert receipt is not None
    assert receipt.reason == reason


def test_every_final_code_of_a_message_that_did_not_arrive_has_a_reason() -> None:
    failed = {ptt for ptt, status in PTT_STATUSES.items() if status not in (None, "delivered")}
    assert set(PTT_REASONS) == failed


@pytest.mark.parametrize(("description", "ptt"), [("3", "4"), ("32", "5"), ("", "99"), ("7", "")])
def test_an_unknown_code_is_kept_and_not_final(description: str, ptt: str) -> None:
    receipt = parse_receipt({"id": "1", "description": description, "ptt": ptt})

    assert receipt is not None
    assert receipt.status is None
    assert receipt.code == f"{description}/{ptt}"
    assert not is_known(receipt.code)


@pytest.mark.parametrize("code", ["0/0", "1/4", "2/24", "/8", "16/"])
def test_a_code_of_the_tables_is_known(code: str) -> None:
    assert is_known(code)


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"id": "", "description": "1", "ptt": "4"},
        {"description": "1", "ptt": "4"},
        {"id": "abc", "description": "1", "ptt": "4"},
        {"id": "-5", "description": "1", "ptt": "4"},
        {"id": "²", "description": "1", "ptt": "4"},
        {"id": "١٢", "description": "1", "ptt": "4"},
        {"id": "1" * 21, "description": "1", "ptt": "4"},
        {"id": "5"},
        {"id": "5", **ABSENT},
        {"id": "5", "description": "delivered", "ptt": "4"},
        {"id": "5", "description": "1", "ptt": "4.0"},
        {"id": "5", "description": "1", "ptt": "12345"},
    ],
)
def test_a_malformed_receipt_is_none(query: dict[str, str]) -> None:
    assert parse_receipt(query) is None


def test_what_else_a_receipt_carries_is_ignored() -> None:
    query = {"id": "7", "ptt": "4", "date": "x", "description": "1", "descriptionDlr": "+33639980010", "y": "z"}

    assert parse_receipt(query, "simulated") == Receipt("simulated", "7", "delivered", "1/4")
