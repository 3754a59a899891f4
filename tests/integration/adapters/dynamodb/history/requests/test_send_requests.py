"""Requests with their pages, refusals and one debit; what a repeat or a rival finds (R16, R18, R29, R36, R48)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from schoolsms.adapters.dynamodb.accounts.ledger import DynamoLedger
from schoolsms.adapters.dynamodb.history.messages.messages import DynamoMessages
from schoolsms.adapters.dynamodb.history.requests import send_requests as adapter
from schoolsms.adapters.dynamodb.history.requests.send_requests import DynamoSendRequests
from schoolsms.domain.errors import InsufficientBalance, TransientError
from schoolsms.domain.schools.stock.ledger import Balance, Posting, credit, debit
from schoolsms.domain.sending.send_requests import MessageState, SendRequest
from tests.integration.conftest import HISTORY
from tests.support.builders import NOW, OTHER_UAI, UAI
from tests.support.examples import REQUEST_ID, a_line, a_refusal, a_request, everything, keys, lines_of

OTHER_DIGEST, OTHER_ATTEMPT = "e" * 20, "OTHERAAAAAAAAA"


def the_debit(request: SendRequest) -> Posting:
    return debit(request.id, request.cost_sms, NOW)


def test_a_request_is_stored_and_debited_at_once(requests: DynamoSendRequests, funded: DynamoLedger) -> None:
    request = a_request(lines=3)

    assert requests.store_and_debit(request, lines_of(3), [], the_debit(request)) == request
    assert requests.get(REQUEST_ID) == request
    assert funded.balance(UAI) == Balance(UAI, 997, 2)
    assert requests.states(REQUEST_ID) == {}
    assert requests.refusals(REQUEST_ID) == []


def test_a_request_nobody_made_is_not_there(requests: DynamoSendRequests) -> None:
    assert requests.get(REQUEST_ID) is None
    assert requests.refusals(REQUEST_ID) == []


def test_lines_are_kept_in_pages_of_fifty(requests: DynamoSendRequests, funded: DynamoLedger) -> None:
    request, lines = a_request(lines=120), lines_of(120)
    requests.store_and_debit(request, lines, [], the_debit(request))

    assert request.pages == 3
    assert [len(requests.lines(request, page)) for page in range(3)] == [50, 50, 20]
    assert [line for page in range(3) for line in requests.lines(request, page)] == lines


def test_a_line_keeps_its_own_rendering(requests: DynamoSendRequests, funded: DynamoLedger) -> None:
    rendered = a_line(
        7, text='Zoé, le "car" \\ part\nà 8 h 🚌\x1f', coding="unicode", sms_count=2, cost_sms=0, is_test=True
    )
    request = a_request(lines=2, cost_sms=1)
    requests.store_and_debit(request, [a_line(0), rendered], [], the_debit(request))

    assert requests.lines(request, 0) == [a_line(0), rendered]


def test_a_page_that_is_not_there_is_waited_for(requests: DynamoSendRequests) -> None:
    with pytest.raises(TransientError):
        requests.lines(a_request(), 0)


def test_a_repeated_request_gets_its_refusals_again(requests: DynamoSendRequests, funded: DynamoLedger) -> None:
    refusals = [a_refusal(index) for index in range(1, 451)]
    request = a_request(refused=450)
    requests.store_and_debit(request, [a_line()], refusals, the_debit(request))

    assert requests.refusals(REQUEST_ID) == refusals


def test_a_large_request_is_stored_whole(requests: DynamoSendRequests, funded: DynamoLedger) -> None:
    """40 pages and 10 of refusals are more than one batch holds."""
    request, lines = a_request(lines=2_000, cost_sms=1_000, refused=2_000), lines_of(2_000)
    refusals = [a_refusal(index) for index in range(2_000, 4_000)]

    requests.store_and_debit(request, lines, refusals, the_debit(request))

    assert [line for page in range(request.pages) for line in requests.lines(request, page)] == lines
    assert requests.refusals(REQUEST_ID) == refusals
    assert funded.balance(UAI).sms == 0


def test_a_request_repeated_is_found_and_debited_once(requests: DynamoSendRequests, funded: DynamoLedger) -> None:
    request = a_request()
    requests.store_and_debit(request, lines_of(1), [], the_debit(request))

    again = replace(request, accepted_at=NOW + timedelta(minutes=1), attempt=OTHER_ATTEMPT)

    assert requests.store_and_debit(again, lines_of(1), [], the_debit(again)) == request
    assert funded.balance(UAI) == Balance(UAI, 999, 2)


def test_another_body_under_the_same_id_never_replaces_the_first(
    requests: DynamoSendRequests, funded: DynamoLedger
) -> None:
    first = a_request(lines=1, refused=1)
    requests.store_and_debit(first, [a_line()], [a_refusal(1)], the_debit(first))
    other = a_request(lines=2, refused=0, body_digest=OTHER_DIGEST, attempt=OTHER_ATTEMPT, text="Autre texte")
    other_lines = [a_line(index, text="Autre texte") for index in range(2)]

    assert requests.store_and_debit(other, other_lines, [], the_debit(other)) == first
    assert requests.lines(first, 0) == [a_line()]
    assert requests.refusals(REQUEST_ID) == [a_refusal(1)]
    assert requests.states(REQUEST_ID) == {}
    assert funded.balance(UAI).sms == 999


def test_a_request_that_cannot_be_paid_leaves_no_number_and_no_text(
    requests: DynamoSendRequests, dynamodb: DynamoDBClient, ledger: DynamoLedger
) -> None:
    """R38."""
    ledger.post(UAI, credit("BC1", 1, NOW))

    with pytest.raises(InsufficientBalance):
        requests.store_and_debit(a_request(lines=2), lines_of(2), [a_refusal(2)], the_debit(a_request(lines=2)))

    assert keys(dynamodb, HISTORY) == set()


def test_pages_of_a_request_that_could_not_be_paid_are_read_by_nobody(
    requests: DynamoSendRequests, ledger: DynamoLedger
) -> None:
    poor = a_request(lines=2, body_digest=OTHER_DIGEST, attempt=OTHER_ATTEMPT, text="Autre texte")
    with pytest.raises(InsufficientBalance):
        requests.store_and_debit(poor, [a_line(index, text="Autre texte") for index in range(2)], [], the_debit(poor))
    assert requests.get(REQUEST_ID) is None
    assert ledger.balance(UAI) == Balance(UAI, 0, 0)

    ledger.post(UAI, credit("BC1", 10, NOW))
    rich = a_request(lines=1)
    requests.store_and_debit(rich, [a_line()], [], the_debit(rich))

    assert requests.lines(rich, 0) == [a_line()]
    assert [line.text for line in requests.lines(rich, 0)] == [rich.text]


def test_a_twin_that_spent_what_was_left_is_found(requests: DynamoSendRequests, ledger: DynamoLedger) -> None:
    """The same request comes in twice at once, and there is enough for one: both are the one that was made."""
    ledger.post(UAI, credit("BC1", 1, NOW))
    request = a_request()
    requests.store_and_debit(request, lines_of(1), [], the_debit(request))

    assert requests.store_and_debit(request, lines_of(1), [], the_debit(request)) == request
    assert ledger.balance(UAI).sms == 0


def test_a_request_to_test_numbers_costs_nothing_and_posts_nothing(
    requests: DynamoSendRequests, ledger: DynamoLedger
) -> None:
    free = a_request(cost_sms=0)

    assert requests.store_and_debit(free, [a_line(cost_sms=0, is_test=True)], [], None) == free
    assert requests.store_and_debit(free, [a_line(cost_sms=0, is_test=True)], [], None) == free
    assert ledger.entries(UAI, None).items == []


@pytest.mark.parametrize("first_is_free", [True, False])
def test_a_free_and_a_costly_request_under_one_id_are_the_first_of_them(
    requests: DynamoSendRequests, funded: DynamoLedger, first_is_free: bool
) -> None:
    free, costly = a_request(cost_sms=0), a_request(cost_sms=1, body_digest=OTHER_DIGEST, attempt=OTHER_ATTEMPT)
    first, second = (free, costly) if first_is_free else (costly, free)

    for request in (first, second):
        posting = the_debit(request) if request.cost_sms else None
        assert requests.store_and_debit(request, lines_of(1), [], posting) == first
    assert funded.balance(UAI).sms == 1_000 - first.cost_sms


def test_states_are_those_of_the_messages_asked_for(
    requests: DynamoSendRequests, messages: DynamoMessages, funded: DynamoLedger
) -> None:
    request = a_request(lines=120)
    requests.store_and_debit(request, lines_of(120), [], the_debit(request))
    lease = NOW + timedelta(seconds=60)
    for index in (0, 49, 50, 119):
        messages.claim(request, a_line(index), "ovh", lease)

    assert set(requests.states(REQUEST_ID)) == {0, 49, 50, 119}
    assert set(requests.states(REQUEST_ID, 0, 49)) == {0, 49}
    assert requests.states(REQUEST_ID, 50, 99) == {50: MessageState(50, "claimed", lease, provider="ovh")}


def test_requests_are_listed_by_school_year_newest_first(
    requests: DynamoSendRequests, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapter, "REQUESTS_A_SLICE", 2)
    made = [
        a_request(id=f"REQUEST{number:07d}", cost_sms=0, accepted_at=NOW + timedelta(milliseconds=number))
        for number in range(5)
    ]
    last_year = a_request(id="LASTYEARAAAAAA", cost_sms=0, school_year="2025-26")
    others = a_request(id="OTHERSAAAAAAAA", cost_sms=0, school=OTHER_UAI)
    for request in (*made, last_year, others):
        requests.store_and_debit(request, lines_of(1), [], None)

    found: list[SendRequest] = []
    cursor = None
    for _ in range(10):
        piece = requests.of_school_year(UAI, "2026-27", cursor)
        found += piece.items
        cursor = piece.cursor
        if cursor is None:
            break

    assert found == made[::-1]
    assert requests.of_school_year(UAI, "2025-26", None).items == [last_year]
    assert requests.of_school_year(OTHER_UAI, "2026-27", None).items == [others]


def test_all_that_is_stored_of_a_request_goes_with_its_school_year(
    requests: DynamoSendRequests, messages: DynamoMessages, dynamodb: DynamoDBClient, funded: DynamoLedger
) -> None:
    """R37: TTL is the second net of the purge, for the handoff as well."""
    request = a_request(lines=2, refused=1)
    requests.store_and_debit(request, lines_of(2), [a_refusal(2)], the_debit(request))
    messages.claim(request, a_line(0), "ovh", NOW)
    messages.sent(request, a_line(0), "ovh", "26929925")
    messages.never_handed_over(request, a_line(1), "failed", NOW, None)

    end = int(datetime(2027, 8, 31, 22, tzinfo=UTC).timestamp())
    stored = list(everything(dynamodb, HISTORY))
    assert {item["pk"].partition("#")[0] for item in stored} == {"REQUEST", "HANDOFF", "NUMBERS"}
    assert {item["sk"].partition("#")[0] for item in stored if item["pk"].startswith("REQUEST")} == {
        "REQUEST",
        "PAGE",
        "REFUSED",
        "MESSAGE",
    }
    assert {item["purge_at"] for item in stored} == {end}


def test_a_request_that_is_cancelled_is_read_so(requests: DynamoSendRequests) -> None:
    cancelled = a_request(cost_sms=0, cancelled=True, sender="LyceeValery")

    assert requests.store_and_debit(cancelled, lines_of(1), [], None) == cancelled
