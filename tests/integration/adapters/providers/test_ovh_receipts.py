"""OVHcloud's receipt codes, from its published tables."""

import pytest

from schoolsms.adapters.providers.ovh import parse_receipt
from schoolsms.adapters.providers.ovh_codes import is_known
from schoolsms.domain.sending.handoffs import Receipt
from schoolsms.domain.sending.statuses import Final

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

    assert receipt == Receipt("ovh", "26929925", status, f"{description}/{ptt}")


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
