"""Requests found by a number that nothing but a page holds (R36, R38, R45)."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from schoolsms.adapters.dynamodb.accounts.ledger import DynamoLedger
from schoolsms.adapters.dynamodb.client.codec import to_wire
from schoolsms.adapters.dynamodb.client.table import Table
from schoolsms.adapters.dynamodb.history.requests import number_index
from schoolsms.adapters.dynamodb.history.requests.number_index import PRINT_BYTES, NumberIndex, index_key, index_place
from schoolsms.adapters.dynamodb.history.requests.send_requests import DynamoSendRequests
from schoolsms.domain.errors import InsufficientBalance
from schoolsms.domain.schools.stock.ledger import debit
from schoolsms.domain.sending.recent_sends import Fingerprints
from schoolsms.domain.sending.send_requests import Refusal, RequestToPhone, SendRequest
from tests.integration.conftest import ACCOUNTS, HISTORY, phones_key
from tests.support.builders import NOW, OTHER_UAI, UAI
from tests.support.examples import a_line, a_request, everything, keys, lines_of

YEAR = "2026-27"
ZOE = "+33612345650"


def to_zoe(mark: int, lines: int = 1, **changes: Any) -> SendRequest:
    """Accepted a second after the one marked before."""
    at = NOW + timedelta(seconds=mark)
    return a_request(**{"id": f"REQUEST{mark:07d}", "lines": lines, "cost_sms": 0, "accepted_at": at, **changes})


def accept(
    requests: DynamoSendRequests, request: SendRequest, pages: Sequence[int] = (), refused: str = ""
) -> SendRequest:
    lines = lines_of(request.accepted)
    for page in pages:
        lines[page * 50 + 7] = a_line(page * 50 + 7, phone=ZOE)
    refusals = [Refusal(request.accepted, refused, "no-consent", "…")] if refused else []
    return requests.store_and_debit(request, lines, refusals, None)


def found(requests: DynamoSendRequests, phone: str = ZOE, uai: str = UAI, year: str = YEAR) -> list[RequestToPhone]:
    every: list[RequestToPhone] = []
    cursor = None
    for _ in range(50):
        piece = requests.of_phone(uai, year, phone, cursor)
        every += piece.items
        cursor = piece.cursor
        if cursor is None:
            return every
    raise AssertionError("the search never ends")


def test_a_number_is_found_on_its_pages_newest_request_first(requests: DynamoSendRequests) -> None:
    first = accept(requests, to_zoe(1, lines=120), [0, 2])
    accept(requests, to_zoe(2, lines=120))
    last = accept(requests, to_zoe(3, lines=60), [1])

    assert found(requests) == [RequestToPhone(last, [1], False), RequestToPhone(first, [0, 2], False)]
    assert found(requests, "+33699999999") == []


def test_another_school_and_another_year_are_not_searched(requests: DynamoSendRequests) -> None:
    """R2, R36."""
    accept(requests, to_zoe(1, lines=8, school=OTHER_UAI), [0])
    accept(requests, to_zoe(2, lines=8, school_year="2025-26"), [0])

    assert found(requests) == []
    assert len(found(requests, uai=OTHER_UAI)) == len(found(requests, year="2025-26")) == 1


@pytest.mark.parametrize("written", ["06 12 34 56 50", "+33612345650", "0033 6 12 34 56 50"])
def test_a_refused_recipient_is_found_however_the_number_was_written(
    requests: DynamoSendRequests, written: str
) -> None:
    """R45: what is held on a number is also that it was refused."""
    request = accept(requests, to_zoe(1, lines=8, refused=1), refused=written)

    assert found(requests) == [RequestToPhone(request, [], True)]


def test_of_a_refused_landline_and_of_nonsense_nothing_is_kept(
    dynamodb: DynamoDBClient, requests: DynamoSendRequests
) -> None:
    for mark, written in enumerate(["01 44 41 00 00", "Zoé", "06 12"], 1):
        accept(requests, to_zoe(mark, refused=1), refused=written)

    assert [each for each in everything(dynamodb, HISTORY) if "refused_prints" in each] == []


def test_slices_are_bounded_and_lead_on_even_when_they_found_nothing(
    requests: DynamoSendRequests, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(number_index, "REQUESTS_A_SLICE", 2)
    wanted = accept(requests, to_zoe(1, lines=8), [0])
    for mark in range(2, 7):
        accept(requests, to_zoe(mark))

    first = requests.of_phone(UAI, YEAR, ZOE, None)
    assert (first.items, first.cursor) == ([], to_zoe(5).order_key)
    assert found(requests) == [RequestToPhone(wanted, [0], False)]


def test_what_was_written_and_never_accepted_is_not_found(
    dynamodb: DynamoDBClient, requests: DynamoSendRequests, ledger: DynamoLedger
) -> None:
    """As when the process died between the pages and the request; or another attempt under its id was accepted."""
    index = NumberIndex(Table(dynamodb, HISTORY), phones_key)
    for dead in (to_zoe(1, lines=8), to_zoe(2, lines=8, attempt="DEADAAAAAAAAAA")):
        dynamodb.put_item(TableName=HISTORY, Item=to_wire(index.item(dead, [a_line(0, phone=ZOE)], [])))
    alive = accept(requests, to_zoe(2, lines=60), [1])

    assert found(requests) == [RequestToPhone(alive, [1], False)]


def test_what_could_not_be_paid_leaves_no_hash_behind(dynamodb: DynamoDBClient, requests: DynamoSendRequests) -> None:
    """R38."""
    request = a_request(lines=2)
    with pytest.raises(InsufficientBalance):
        requests.store_and_debit(request, lines_of(2), [], debit(request.id, 2, NOW), Fingerprints([], None))
    assert keys(dynamodb, HISTORY) == set()


def test_the_index_names_no_number_goes_with_its_year_and_takes_six_bytes_a_recipient(
    dynamodb: DynamoDBClient, requests: DynamoSendRequests
) -> None:
    request = accept(requests, to_zoe(1, lines=120, refused=1), [0], refused="06 12 34 56 51")

    (item,) = [each for each in everything(dynamodb, HISTORY) if each["pk"].startswith("NUMBERS#")]
    assert item["purge_at"] == int(request.purge_at.timestamp())
    assert (len(item["accepted_prints"]), len(item["refused_prints"])) == (120 * PRINT_BYTES, PRINT_BYTES)
    assert "612345650" not in repr(item)


def test_under_another_key_nothing_is_found(dynamodb: DynamoDBClient, requests: DynamoSendRequests) -> None:
    """A hash that needed no secret would be found by trying all numbers."""
    accept(requests, to_zoe(1, lines=8), [0])
    others = DynamoSendRequests(
        Table(dynamodb, HISTORY), DynamoLedger(Table(dynamodb, ACCOUNTS)), lambda: "another key"
    )

    assert found(others) == []


def test_without_its_key_no_request_is_accepted(dynamodb: DynamoDBClient, ledger: DynamoLedger) -> None:
    with pytest.raises(LookupError):
        accept(DynamoSendRequests(Table(dynamodb, HISTORY), ledger), to_zoe(1))


def test_a_forgotten_number_is_found_no_more_and_the_others_where_they_were(
    dynamodb: DynamoDBClient, requests: DynamoSendRequests
) -> None:
    """R45; twice is once, and a request without item is nothing."""
    request = accept(requests, to_zoe(1, lines=120, refused=1), [0, 2], refused=ZOE)
    index = NumberIndex(Table(dynamodb, HISTORY), phones_key)
    key, other = (index_key(UAI, YEAR, index_place(each)) for each in (request, to_zoe(2)))
    for _ in range(2):
        index.forget(key, ZOE)
    index.forget(other, ZOE)

    assert found(requests) == []
    assert found(requests, a_line(110).phone) == [RequestToPhone(request, [2], False)]
    assert (key["pk"], key["sk"]) in keys(dynamodb, HISTORY)
