"""Requests for later, and what becomes of them until they are due (R17, R29)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from schoolsms.domain.errors import RefusedError, TransientError
from schoolsms.domain.schools.school_years import Calendar
from schoolsms.domain.sending.send_requests import SendRequest
from tests.support.builders import A_SENDER, NOW, SCHOOL, UAI
from tests.support.sending import WINDOW, Sending, command, phones

LATER = NOW + timedelta(days=3)
TWO, FIVE = datetime(2026, 11, 24, 14, tzinfo=UTC), datetime(2026, 11, 24, 17, tzinfo=UTC)


def scheduled(sending: Sending, at: datetime = LATER, recipients: int = 2) -> SendRequest:
    return sending.accept(replace(command(recipients=phones(recipients)), send_at=at)).request


def test_a_request_for_later_is_debited_now_and_due_then() -> None:
    sending = Sending()
    request = scheduled(sending)
    assert (request.accepted_at, request.due_at, request.expires_at) == (NOW, LATER, LATER + WINDOW)
    assert (request.scheduled, request.waits) == (True, True)
    assert sending.balance() == 98


def test_a_request_at_once_does_not_wait() -> None:
    request = Sending().accepted()
    assert (request.scheduled, request.waits) == (False, False)


def test_a_request_for_the_next_school_year_belongs_to_it() -> None:
    """R37: else its record would be purged before it was sent."""
    sending = Sending(replace(SCHOOL, subscription_end=date(2028, 8, 31)))
    request = scheduled(sending, datetime(2027, 9, 6, 6, tzinfo=UTC))
    assert request.school_year == "2027-28"
    assert request.purge_at > datetime(2028, 8, 31, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "subscription_end", "said"),
    [
        (NOW, date(2027, 8, 31), "passée"),
        (NOW - timedelta(seconds=1), date(2027, 8, 31), "passée"),
        (NOW + timedelta(microseconds=999), date(2027, 8, 31), "passée"),
        (datetime(2026, 11, 30, 23, 0, tzinfo=UTC), date(2026, 11, 30), "abonnement"),  # midnight in Paris
        (NOW + timedelta(days=360, seconds=1), date(2028, 8, 31), "360 jours"),
        (datetime(9999, 12, 31, tzinfo=UTC), date(2028, 8, 31), "360 jours"),
    ],
)
def test_an_instant_at_which_nothing_can_be_sent_is_refused(at: datetime, subscription_end: date, said: str) -> None:
    sending = Sending(replace(SCHOOL, subscription_end=subscription_end))
    with pytest.raises(RefusedError) as refused:
        scheduled(sending, at)
    assert refused.value.code == "invalid-send-at"
    assert said in refused.value.detail
    assert (sending.balance(), sending.requests.known) == (100, {})


@pytest.mark.parametrize("at", [NOW + timedelta(milliseconds=1), datetime(2026, 11, 30, 22, 59, 59, tzinfo=UTC)])
def test_the_first_and_the_last_instant_are_not_refused(at: datetime) -> None:
    assert scheduled(Sending(replace(SCHOOL, subscription_end=date(2026, 11, 30))), at).due_at == at


def test_the_same_key_for_another_instant_is_another_body() -> None:
    sending = Sending()
    first = sending.accept(replace(command(), send_at=LATER), key="k1").request
    assert sending.accept(replace(command(), send_at=LATER), key="k1").request == first
    for other in (command(), replace(command(), send_at=LATER + timedelta(seconds=1))):
        with pytest.raises(RefusedError) as refused:
            sending.accept(other, key="k1")
        assert refused.value.code == "idempotency-key-reused"


def test_a_scheduled_request_starts_when_it_is_queued() -> None:
    sending = Sending()
    request = scheduled(sending)
    sending.clock.time = LATER
    assert sending.queueing.queue_request(request.id) == sending.queueing.queue_request(request.id) == 1
    assert sending.requests.known[request.id].started
    assert len(sending.queues.pages) == 2


def test_a_subscription_that_ended_before_the_request_was_due_gives_all_back() -> None:
    """R17: sending is refused from that instant; the school left earlier than it had said."""
    sending = Sending()
    request = scheduled(sending)
    sending.schools.known[UAI] = replace(SCHOOL, subscription_end=date(2026, 11, 25))
    sending.clock.time = LATER
    sending.queueing.queue_request(request.id)
    assert sending.dispatch(request) == {"cancelled": 2}
    assert (sending.balance(), sending.texts()) == (100, [])


def test_a_subscription_that_ends_while_a_request_is_delivered_changes_nothing() -> None:
    sending = Sending()
    request = scheduled(sending)
    sending.schools.known[UAI] = replace(SCHOOL, subscription_end=date(2026, 11, 26))
    sending.clock.time = LATER + timedelta(days=1)
    sending.queueing.queue_request(request.id)
    assert sending.dispatch(request) == {"sent": 2}


def test_a_school_suspended_at_the_due_time_gets_all_back() -> None:
    """R27."""
    sending = Sending()
    request = scheduled(sending)
    sending.suspend()
    sending.clock.time = LATER
    sending.queueing.queue_request(request.id)
    assert sending.dispatch(request) == {"cancelled": 2}
    assert sending.balance() == 100


def test_a_request_that_was_never_queued_is_released_at_its_end_and_cannot_be_cancelled_beside() -> None:
    """Else its SMS would come back twice."""
    sending = Sending()
    request = scheduled(sending)
    sending.clock.time = request.expires_at - timedelta(milliseconds=1)
    with pytest.raises(TransientError):
        sending.expiring.expire(request.id)
    sending.clock.time = request.expires_at
    assert sending.expiring.expire(request.id) == {"failed": 2}
    with pytest.raises(RefusedError) as refused:
        sending.cancelling.cancel(A_SENDER, request.id)
    assert refused.value.code == "already-started"
    assert sending.balance() == 100


@pytest.mark.parametrize(("day", "ends"), [("2027-03-27", "2027-03-30T09:00"), ("2027-10-30", "2027-11-02T08:00")])
def test_72_hours_last_72_hours_while_clocks_change(day: str, ends: str) -> None:
    """R31: from 10:00 where the school is to 11:00 in spring, to 9:00 in autumn; not a second sooner or later."""
    sending = Sending(replace(SCHOOL, subscription_end=date(2028, 8, 31)))
    request = scheduled(sending, datetime.fromisoformat(day).replace(hour=10, tzinfo=ZoneInfo("Europe/Paris")))
    end = datetime.fromisoformat(ends).replace(tzinfo=UTC)
    sending.requests.start(request.id)
    sending.clock.time = request.due_at
    sending.dispatch(request)
    sending.clock.time = end - timedelta(seconds=1)
    with pytest.raises(TransientError):
        sending.expiring.expire(request.id)
    sending.clock.time = end
    assert sending.expiring.expire(request.id) == {"expired": 2}


@pytest.mark.parametrize(
    ("calendar", "written", "due", "local"),
    [
        ("metropole", datetime.fromisoformat("2026-11-24T18:00"), FIVE, "2026-11-24T18:00:00+01:00"),
        ("reunion", datetime.fromisoformat("2026-11-24T18:00"), TWO, "2026-11-24T18:00:00+04:00"),
        # The clocks go from 2 h to 3 h on 28 March 2027.
        (
            "metropole",
            datetime.fromisoformat("2027-03-28T02:30"),
            datetime(2027, 3, 28, 1, 30, tzinfo=UTC),
            "2027-03-28T03:30:00+02:00",
        ),
    ],
)
def test_a_time_without_a_zone_is_on_the_school_s_own_clock(
    calendar: Calendar, written: datetime, due: datetime, local: str
) -> None:
    sending = Sending(replace(SCHOOL, calendar=calendar))
    request = scheduled(sending, written)
    assert request.due_at == due
    assert request.due_at_local.isoformat() == local


def test_a_time_without_a_zone_retried_is_the_same_request() -> None:
    sending = Sending()
    wanted = replace(command(), send_at=datetime.fromisoformat("2026-11-24T18:00"))
    first, again = (sending.accept(wanted, key="k1").request for _ in range(2))
    assert (again.id, again.due_at) == (first.id, first.due_at)
    assert sending.balance() == 99


@pytest.mark.parametrize(
    "written", [datetime.fromisoformat("0001-01-01T00:00"), datetime.fromisoformat("9999-12-31T23:00")]
)
def test_the_first_and_the_last_day_there_is_are_refused(written: datetime) -> None:
    with pytest.raises(RefusedError) as refused:
        scheduled(Sending(replace(SCHOOL, calendar="polynesie")), written)
    assert refused.value.code == "invalid-send-at"
