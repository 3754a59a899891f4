"""R38: everything with a number or content goes, counted once, and a certificate tells so."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from schoolsms.domain.errors import NotFoundError
from schoolsms.domain.history.purges import Counts, YearNotEnded
from tests.support.builders import A_SENDER, NOW, OTHER_UAI, SCHOOL, UAI
from tests.support.faults.fault_injection import Died, dies, interrupted
from tests.support.sending import command, phone, phones
from tests.support.worlds.school_year_world import PURGED_AT, YEAR, YEAR_END, Year

WINDOW = timedelta(hours=72)


def test_nothing_is_left_and_the_certificate_says_what_there_was() -> None:
    year = Year()
    year.delivered(*phones(60))
    year.accept(command("Bonjour", [phone(0), "n'importe quoi"]))
    year.clock.time = NOW + WINDOW
    for request in list(year.requests.known):
        year.expiring.expire(request)

    certificate = year.purge()

    assert year.left() == []
    assert certificate.before == Counts(2, 1, 61, {"delivered": 60, "failed": 1})
    assert certificate.after == Counts()
    assert (certificate.school, certificate.school_year) == (UAI, YEAR)
    assert (certificate.first_day, certificate.last_day) == (date(2026, 9, 1), date(2027, 8, 31))
    assert (certificate.started_at, certificate.certified_at) == (PURGED_AT, PURGED_AT)


def test_what_was_debited_and_released_stays_in_the_ledger() -> None:
    """R39."""
    year = Year()
    year.delivered(*phones(3))
    before = list(year.ledger.of[UAI])
    year.purge()
    assert year.ledger.of[UAI] == before
    assert year.balance() == 97


@pytest.mark.parametrize("at", [NOW, YEAR_END - timedelta(seconds=1), YEAR_END, PURGED_AT - timedelta(seconds=1)])
def test_a_year_that_runs_or_ended_just_now_is_not_purged(at: datetime) -> None:
    year = Year()
    year.delivered()
    year.clock.time = at
    with pytest.raises(YearNotEnded):
        year.purging.step(UAI, YEAR)
    assert len(year.requests.known) == 1


def test_each_school_is_purged_at_its_own_change_of_year() -> None:
    year = Year(replace(SCHOOL, calendar="nouvelle-caledonie"))
    year.delivered()
    year.clock.time = datetime(2027, 2, 14, 13, 59, 59, tzinfo=UTC)  # one second before one o'clock in Nouméa
    with pytest.raises(YearNotEnded):
        year.purging.step(UAI, "2026")
    year.clock.advance(timedelta(seconds=1))
    year.steps(label="2026")
    assert year.left() == []


def test_no_year_of_an_unknown_school_or_calendar_is_purged() -> None:
    year = Year()
    for uai, label in ((OTHER_UAI, "2025-26"), (UAI, "1999-00"), (UAI, "")):
        with pytest.raises(NotFoundError):
            year.purging.step(uai, label)


def test_the_requests_of_the_next_year_stay() -> None:
    year = Year()
    year.clock.time = YEAR_END - timedelta(hours=2)
    late = year.delivered()
    due = YEAR_END + timedelta(hours=10)
    scheduled = year.accept(replace(command(), send_at=due), caller=A_SENDER).request
    assert (late.school_year, scheduled.school_year) == (YEAR, "2027-28")

    certificate = year.purge()

    assert list(year.requests.known) == [scheduled.id]
    assert len(year.requests.all_lines(scheduled)) == 1
    assert certificate.before.requests == 1


# ------------------------------------------------------------------ messages on their way


def test_a_message_on_its_way_is_left_until_it_is_settled_and_certified_then() -> None:
    year = Year()
    year.clock.time = YEAR_END - timedelta(hours=1)
    waiting, done = year.accepted(phone(1)), year.delivered(phone(2))
    year.clock.time = PURGED_AT

    first = year.purging.step(UAI, YEAR)

    assert not first.done
    assert first.waiting == 1
    assert first.resume_at == waiting.expires_at + timedelta(seconds=10)
    assert list(year.requests.known) == [waiting.id]
    assert done.id not in year.requests.known
    year.clock.time = waiting.expires_at
    assert year.expiring.expire(waiting.id) == {"failed": 1}
    certificate = year.purge()
    assert year.left() == []
    assert certificate.before == Counts(2, 0, 2, {"delivered": 1, "failed": 1})
    assert year.released() == [(f"release:{waiting.id}-0", 1)]


@pytest.mark.parametrize(("late", "wait"), [(9, 1), (10, 10), (60, 60), (7_200, 3_600), (600_000, 3_600)])
def test_a_window_that_was_not_closed_is_waited_for_longer_and_longer(late: int, wait: int) -> None:
    year = Year()
    year.clock.time = YEAR_END - timedelta(hours=1)
    waiting = year.accepted()
    now = year.clock.time = waiting.expires_at + timedelta(seconds=late)
    assert year.purging.step(UAI, YEAR).resume_at == now + timedelta(seconds=wait)
    year.expiring.expire(waiting.id)
    assert year.purge().before.messages == {"failed": 1}


def test_the_end_of_the_window_finds_nothing_to_do_where_the_purge_was_first() -> None:
    year = Year()
    year.clock.time = YEAR_END - timedelta(hours=1)
    request = year.delivered()
    year.purge()
    year.clock.time = request.expires_at
    assert year.expiring.expire(request.id) == {}


def test_a_receipt_that_comes_after_the_purge_brings_nothing_back() -> None:
    year = Year()
    request = year.delivered()
    receipt = year.receipt(request, status="undeliverable")
    year.purge()
    year.recording.record(receipt)
    assert year.left() == []


# ------------------------------------------------------------------ beside the requests


def test_lists_uploaded_in_the_ended_year_go_and_those_of_the_next_stay() -> None:
    year = Year()
    year.files.written = {f"{UAI}/old.csv": YEAR_END, f"{UAI}/new.csv": PURGED_AT, f"{OTHER_UAI}/old.csv": NOW}
    year.purge()
    assert set(year.files.written) == {f"{UAI}/new.csv", f"{OTHER_UAI}/old.csv"}


# ------------------------------------------------------------------ stopped, repeated, at once


@pytest.mark.parametrize("store", ["history", "files", "purges", "notices"])
@pytest.mark.parametrize("side", ["before", "after"])
def test_wherever_it_dies_it_goes_on_and_counts_each_message_once(store: str, side: str) -> None:
    methods = {
        "history": (
            *("requests", "look", "count", "delete_request"),
            *("numbered", "remove_pages", "remove_number", "forget_recent"),
        ),
        "files": ("delete_older_than",),
        "purges": ("started", "get", "certify"),
        "notices": ("notice_due",),
    }
    for method in methods[store]:
        year = Year()
        for number in range(5):
            year.delivered(*[phone(10 * number + each) for each in range(2)])
        year.dies_accepting(command())
        year.files.written[f"{UAI}/list.csv"] = NOW
        year.clock.time = PURGED_AT
        target = {"history": year.history, "files": year.files, "purges": year.purges, "notices": year.queues}[store]
        dying = year.purging_with(**{store: interrupted(target, **{side: {method: dies}})})
        with pytest.raises(Died):
            year.steps(dying)
        certificate = year.purge()
        assert (year.left(), year.files.written) == ([], {})
        assert certificate.before == Counts(5, 0, 10, {"delivered": 10}), method
        assert year.mails() == ["Purge de l'historique des SMS 2026-2027 : certificat"]


@pytest.mark.parametrize("certified", [False, True])
def test_a_request_taken_away_by_half_does_not_wait_for_what_is_gone_of_it(certified: bool) -> None:
    """Its messages' records go first: without them it looks as if all of them were still to be sent."""
    year = Year()
    if certified:
        year.delivered(phone(9))
        year.purge()
        year.clock.time = NOW  # another calendar goes on with the year
    request = year.delivered(phone(1), phone(2))
    year.clock.time = PURGED_AT

    def half_of_it() -> None:
        year.requests.records.pop((request.id, 0))
        dies()

    with pytest.raises(Died):
        year.steps(year.purging_with(history=interrupted(year.history, before={"delete_request": half_of_it})))
    certificate = year.purge()
    assert year.left() == []
    assert certificate.before == (Counts(1, 0, 1, {"delivered": 1}) if certified else Counts(1, 0, 2, {"delivered": 2}))


def test_two_runs_at_once_count_each_request_once() -> None:
    year = Year()
    for number in range(4):
        year.delivered(phone(number))
    year.clock.time = PURGED_AT
    for method in ("look", "count", "delete_request"):
        rival = interrupted(year.history, after={method: lambda: year.purging.step(UAI, YEAR)})
        year.steps(year.purging_with(history=rival))
    assert year.purge().before == Counts(4, 0, 4, {"delivered": 4})


def test_purged_again_the_first_certificate_stands_and_is_mailed_once() -> None:
    year = Year()
    year.delivered()
    first = year.purge()
    assert year.mails() == ["Purge de l'historique des SMS 2026-2027 : certificat"]
    year.clock.advance(timedelta(days=3))
    assert year.purge() == first
    assert year.mails() == []


def test_a_step_ends_when_its_time_is_over_and_the_next_goes_on() -> None:
    year = Year()
    for number in range(10):
        year.delivered(phone(number))

    class Slow:
        def __getattr__(self, name: str) -> object:
            if name == "look":
                year.clock.advance(timedelta(seconds=8))
            return getattr(year.history, name)

    year.clock.time = PURGED_AT
    made = year.steps(year.purging_with(history=Slow()))
    assert len(made) >= 4
    assert year.left() == []
    certificate = year.purges.get(UAI, YEAR).certificate
    assert certificate
    assert certificate.before.requests == 10


def test_answers_of_recipients_go_and_are_counted_once() -> None:
    """R38: also when somebody dies amid it, and in a year in which nothing was sent."""
    year = Year()
    year.history.replies[UAI, YEAR] = 5
    year.history.replies[UAI, "2027-28"] = 1
    assert year.history.anything_left(UAI, YEAR)

    certificate = year.purge()

    assert certificate.before == Counts(replies=5)
    assert certificate.after == Counts()
    assert year.history.replies == {(UAI, YEAR): 0, (UAI, "2027-28"): 1}
