"""JSON that two programs could read differently is refused, and the field is named (RFC 8259, section 4; RFC 7493)."""

from decimal import Decimal

import pytest

from schoolsms.api.json_bodies import AmbiguousJson, NotJson, read_json


def test_values_are_read_exactly() -> None:
    body = '{"text": "é \\ud83d\\ude00", "count": 12, "price": 0.10, "none": null, "list": [true, false, []]}'
    assert read_json(body.encode()) == {
        "text": "é 😀",
        "count": 12,
        "price": Decimal("0.10"),
        "none": None,
        "list": [True, False, []],
    }


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b" ", b"{", b"{'a': 1}", b'{"a": 1,}', b"{} {}", b"text=a", b"\x00", b"undefined"),
        *(b'{"a": 01}', b'{"a": +1}', b'{"a": .5}', b'{"a": "\x01"}', b'{"a": "\xff"}', '{"a": "é"}'.encode("latin-1")),
        *("{}".encode("utf-16"), b"\xef\xbb\xbf{}", b'{"a": 1e9999999999999999999}'),
        *(b"[" * 100_000, b"[" * 100_000 + b"]" * 100_000, b'{"a":' * 100_000),
    ],
    ids=lambda body: str(body[:20]),
)
def test_what_is_no_json_in_utf_8_is_refused(body: bytes) -> None:
    with pytest.raises(NotJson):
        read_json(body)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ('{"paid_on": "2026-11-23", "paid_on": "2020-01-01"}', "paid_on"),
        ('{"a": 1, "b": 2, "a": 1}', "a"),
        ('{"packs": {"P500": 1, "P500": 100}}', "P500"),
        ('{"a": 1, "\\u0061": 2}', "a"),
        ('{"\\ud800": 1, "\\ud800": 2}', "?"),
    ],
)
def test_a_field_given_twice_is_named(body: str, field: str) -> None:
    with pytest.raises(AmbiguousJson) as refused:
        read_json(body.encode())
    assert (refused.value.field, refused.value.code) == (field, "field_twice")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ('{"text": "a\\ud800"}', "text"),
        ('{"text": "a\\uDFFF"}', "text"),
        ('{"recipients": [{"phone": "1"}, {"variables": {"nom": "\\udc00\\ud800"}}]}', "recipients.1.variables.nom"),
        ('{"text": "a", "\\ud83d": 1}', ""),
        ('"\\uDFFF"', ""),
    ],
)
def test_half_a_sign_is_named_by_its_field(body: str, field: str) -> None:
    with pytest.raises(AmbiguousJson) as refused:
        read_json(body.encode())
    assert (refused.value.field, refused.value.code) == (field, "string_unicode")


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1" * 31, "-" + "1" * 30, "9" * 100_000])
def test_what_is_no_number_of_ours_is_left_to_its_field_to_refuse(number: str) -> None:
    read = read_json(f'{{"count": {number}}}'.encode())["count"]
    assert isinstance(read, Decimal)
    assert not read.is_finite()
