"""A number is taken out of every attempt at a request, also while one is being accepted (R45, R48)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from schoolsms.adapters.dynamodb.accounts.ledger import DynamoLedger
from schoolsms.adapters.dynamodb.client.table import Table
from schoolsms.adapters.dynamodb.history.removals.phone_occurrences import DynamoPhoneOccurrences
from schoolsms.adapters.dynamodb.history.requests.send_requests import DynamoSendRequests
from schoolsms.domain.schools.stock.ledger import Posting, debit
from schoolsms.domain.sending.recent_sends import Fingerprints, fingerprints
from schoolsms.domain.sending.send_requests import ErasedMeanwhile, Line, Refusal, SendRequest
from tests.fakes.core import ManualClock
from tests.integration.conftest import HISTORY, phones_key
from tests.support.builders import NOW, OTHER_UAI, UAI
from tests.support.examples import REQUEST_ID, TEXT, a_line, a_request, everything, lines_of
from tests.support.faults.concurrent_writers import beaten
from tests.support.faults.fault_injection import Died, dies

YEAR = "2026-27"
ZOE = "+33612345650"
NOUMEA = "9830002K"
NAMED = "Zoé est attendue à 8 h"


pytestmark = pytest.mark.usefixtures("funded")


@pytest.fixture
def history(dynamodb: DynamoDBClient) -> DynamoPhoneOccurrences:
    return DynamoPhoneOccurrences(Table(dynamodb, HISTORY), phones_key, ManualClock(NOW))


def erase(history: DynamoPhoneOccurrences, phone: str = ZOE, uai: str = UAI) -> int:
    history.begin_erasure(uai, NOW)
    return sum(history.erase(occurrence, phone) for occurrence in history.occurrences(uai, YEAR, phone, None).items)


def to_zoe(lines: int = 3) -> list[Line]:
    """The second one is hers."""
    return [line if line.index != 1 else line._replace(phone=ZOE, text=NAMED) for line in lines_of(lines)]


def accept(
    requests: DynamoSendRequests, request: SendRequest, lines: Sequence[Line], mark: str = "", **changes: Any
) -> SendRequest:
    posting: Posting | None = changes.get("posting", debit(request.id, request.accepted, NOW))
    refusals = [Refusal(request.accepted, "06 12 34 56 50", "duplicate", "…")]
    return requests.store_and_debit(request, lines, refusals, posting, Fingerprints(fingerprints(lines), None), mark)


def holds(dynamodb: DynamoDBClient, *wanted: str) -> bool:
    every = str(list(everything(dynamodb, HISTORY)))
    return any(each in every for each in wanted)


def hashes(dynamodb: DynamoDBClient) -> bytes:
    """All of the index and of the fingerprints."""
    return b"".join(
        item.get(name, b"")
        for item in everything(dynamodb, HISTORY)
        for name in ("accepted_prints", "refused_prints", "prints")
    )


@pytest.mark.parametrize("due", [timedelta(), timedelta(days=2)], ids=["at-once", "scheduled"])
def test_an_attempt_that_died_before_its_debit_is_erased_as_well(
    dynamodb: DynamoDBClient, history: DynamoPhoneOccurrences, due: timedelta
) -> None:
    request = a_request(3, due_at=NOW + due)
    with pytest.raises(Died):
        accept(beaten(dynamodb, dies), request, to_zoe())
    assert holds(dynamodb, ZOE, NAMED, "06 12 34 56 50")

    assert erase(history) == 0, "it is no message"

    assert not holds(dynamodb, ZOE, NAMED, "06 12 34 56 50")
    assert holds(dynamodb, a_line(0).phone), "the others' stay until they are purged"
    assert hashes(dynamodb).count(bytes(6)) == 3, "in the index twice, and among the fingerprints"
    assert history.occurrences(UAI, YEAR, ZOE, None).items == []


def test_the_attempt_that_stands_and_one_that_does_not_are_both_erased(
    dynamodb: DynamoDBClient, requests: DynamoSendRequests, history: DynamoPhoneOccurrences
) -> None:
    request = a_request(3)
    with pytest.raises(Died):
        accept(beaten(dynamodb, dies), replace(request, attempt="OTHERAAAAAAAAA"), to_zoe())
    stored = accept(requests, request, to_zoe())

    assert erase(history) == 1

    assert not holds(dynamodb, ZOE, NAMED, "06 12 34 56 50")
    assert [line.phone for line in requests.lines(stored, 0)] == [a_line(0).phone, "", a_line(2).phone]


def test_another_school_s_messages_to_the_number_stay(
    dynamodb: DynamoDBClient, requests: DynamoSendRequests, history: DynamoPhoneOccurrences
) -> None:
    accept(requests, a_request(3), to_zoe())

    assert erase(history, uai=OTHER_UAI) == 0
    assert holds(dynamodb, ZOE)


@pytest.mark.parametrize("free", [False, True])
def test_a_request_that_an_erasure_overtook_is_not_accepted(
    dynamodb: DynamoDBClient,
    requests: DynamoSendRequests,
    history: DynamoPhoneOccurrences,
    funded: DynamoLedger,
    free: bool,
) -> None:
    """Its pages written, its debit not yet made; test numbers cost nothing, and are numbers as well."""
    request = a_request(3, text=NAMED)
    posting = {"posting": None} if free else {}
    slow = beaten(dynamodb, lambda: erase(history))

    with pytest.raises(ErasedMeanwhile):
        accept(slow, request, to_zoe(), slow.erasure_mark(UAI), **posting)

    assert requests.get(REQUEST_ID) is None
    assert not holds(dynamodb, ZOE, NAMED, "06 12 34 56 50")
    assert funded.balance(UAI).sms == 1_000
    assert accept(requests, a_request(3), lines_of(3), requests.erasure_mark(UAI), **posting).id == REQUEST_ID


def test_an_erasure_before_the_pages_were_written_is_seen_too(
    dynamodb: DynamoDBClient, requests: DynamoSendRequests, history: DynamoPhoneOccurrences
) -> None:
    for _ in range(2):
        mark = requests.erasure_mark(UAI)
        erase(history)
        with pytest.raises(ErasedMeanwhile):
            accept(requests, a_request(3), to_zoe(), mark)

    assert not holds(dynamodb, ZOE, NAMED, "06 12 34 56 50")


def test_an_erasure_in_another_school_holds_nobody_up(
    requests: DynamoSendRequests, history: DynamoPhoneOccurrences
) -> None:
    mark = requests.erasure_mark(UAI)
    erase(history, uai=OTHER_UAI)

    assert accept(requests, a_request(3), lines_of(3), mark).id == REQUEST_ID


def test_a_request_that_stands_is_found_whatever_was_erased_since(
    requests: DynamoSendRequests, history: DynamoPhoneOccurrences
) -> None:
    """R29: its answer was lost, and it is asked for again."""
    stored, mark = accept(requests, a_request(3), lines_of(3)), requests.erasure_mark(UAI)
    erase(history)

    assert accept(requests, a_request(3, attempt="OTHERAAAAAAAAA"), lines_of(3), mark) == stored


def test_the_text_of_all_goes_with_the_last_one_of_them(
    requests: DynamoSendRequests, history: DynamoPhoneOccurrences
) -> None:
    """Two pages: the one on the second, then all of the first."""
    lines = lines_of(51)
    request = accept(requests, a_request(51), lines)

    def texts() -> list[str]:
        stored = requests.get(REQUEST_ID)
        assert stored is not None
        return [
            stored.text,
            *(line.text for page in range(2) for line in requests.lines(stored, page) if line.phone),
        ]

    erase(history, lines[50].phone)
    assert texts() == [TEXT] * 51, "the request's own, and the fifty that are left"
    for line in lines[:49]:
        erase(history, line.phone)
    assert texts() == [TEXT] * 2
    erase(history, lines[49].phone)

    assert texts() == [""]
    assert [line.text for line in requests.lines(request, 1)] == [""]


def test_the_text_of_all_goes_although_the_erasure_died_before(
    dynamodb: DynamoDBClient,
    requests: DynamoSendRequests,
    history: DynamoPhoneOccurrences,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    accept(requests, a_request(1, text=NAMED), [a_line(0, phone=ZOE, text=NAMED)])
    monkeypatch.setattr(DynamoPhoneOccurrences, "_blank_text", lambda *_: dies())
    with pytest.raises(Died):
        erase(history)
    assert holds(dynamodb, NAMED)
    monkeypatch.undo()

    erase(history)

    assert not holds(dynamodb, NAMED, ZOE)


def test_traces_lead_on_from_between_two_attempts_of_one_moment(
    dynamodb: DynamoDBClient, requests: DynamoSendRequests, history: DynamoPhoneOccurrences
) -> None:
    with pytest.raises(Died):
        accept(beaten(dynamodb, dies), a_request(3, attempt="ZZZZZZZZZZZZZZ"), to_zoe())
    accept(requests, a_request(3), to_zoe())

    first, second = history.occurrences(UAI, YEAR, ZOE, None).items

    assert [each.attempt for each in (first, second)] == ["ZZZZZZZZZZZZZZ", a_request().attempt]
    assert history.occurrences(UAI, YEAR, ZOE, first.place).items == [second]


def test_a_refused_number_is_found_as_it_was_typed_where_the_school_is(
    dynamodb: DynamoDBClient, requests: DynamoSendRequests, history: DynamoPhoneOccurrences
) -> None:
    request = a_request(3, school=NOUMEA, cost_sms=0)
    stored = requests.store_and_debit(request, lines_of(3), [Refusal(3, "75 12 34", "no-consent", "…")], None)

    assert [each.phone for each in history.held(stored, "+687751234").refusals] == ["75 12 34"]
    erase(history, "+687751234", NOUMEA)
    assert not holds(dynamodb, "75 12 34")
