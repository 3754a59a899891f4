"""R17: what is left at the end of a subscription is lost, after two warnings, unless it was extended in time."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from schoolsms.application.schools.stock.warn_low_balance import WarnLowBalance
from schoolsms.domain.errors import SchoolClosed
from schoolsms.domain.schools.stock import ledger
from tests.fakes.history.history import FakeSendRequests
from tests.support.builders import MANAGER, SCHOOL, SECOND_MANAGER, UAI
from tests.support.faults.fault_injection import interrupted
from tests.support.worlds.subscription_world import ENDED, ENDING, LAST_SECOND, LOST, Ending

END = date(2027, 8, 31)
HOUR = timedelta(hours=1)


def test_the_rest_is_forfeited_by_one_entry_and_every_manager_mailed() -> None:
    school = Ending()
    assert school.run() == [LOST]
    assert school.forfeited() == [(f"forfeiture:{UAI}:2027-08-31:2", -200)]
    assert school.balance() == 0
    assert [mail.to for mail in school.mailer.sent] == [[MANAGER], [SECOND_MANAGER]]
    text = school.mailer.sent[0].text
    for fact in ("200\u00a0SMS", "mardi 31 août 2027", "mercredi 1er septembre 2027", "ne sont pas remboursés"):
        assert fact in text


def test_the_last_day_is_included_and_the_first_second_after_it_refuses_to_send() -> None:
    school = Ending(at=LAST_SECOND)
    SCHOOL.check_may_send(LAST_SECOND)
    assert LOST not in school.run()
    assert school.balance() == 200
    with pytest.raises(SchoolClosed, match="a pris fin"):
        SCHOOL.check_may_send(ENDED)
    assert school.run(ENDED) == [LOST]


@pytest.mark.parametrize(
    ("calendar", "ended"),
    [
        ("nouvelle-caledonie", datetime(2027, 8, 31, 13, tzinfo=UTC)),
        ("wallis-et-futuna", datetime(2027, 8, 31, 12, tzinfo=UTC)),
        ("polynesie", datetime(2027, 9, 1, 10, tzinfo=UTC)),
        ("martinique", datetime(2027, 9, 1, 4, tzinfo=UTC)),
    ],
)
def test_the_day_ends_on_the_schools_own_clock(calendar: str, ended: datetime) -> None:
    school = Ending(replace(SCHOOL, calendar=calendar))  # type: ignore[arg-type]
    school.run(ended - timedelta(seconds=1))
    assert school.balance() == 200
    school.run(ended)
    assert school.balance() == 0


def test_run_every_hour_it_is_forfeited_and_mailed_once() -> None:
    school = Ending()
    assert [school.run(ENDED + hour * HOUR) for hour in range(4)] == [[LOST], [], [], []]
    assert len(school.forfeited()) == 1


def test_with_nothing_left_nothing_is_forfeited_or_mailed() -> None:
    school = Ending(stock=0)
    for at in (ENDED - timedelta(days=20), ENDED - timedelta(days=3), ENDED):
        assert school.run(at) == []
    assert school.ledger.of == {}


# ------------------------------------------------------------------ warnings


def test_managers_are_warned_thirty_and_seven_days_before_each_once() -> None:
    school = Ending()
    mailed = {days: school.run(LAST_SECOND - timedelta(days=days)) for days in range(35, -1, -1)}
    assert {days: subjects for days, subjects in mailed.items() if subjects} == {30: [ENDING], 7: [ENDING]}
    text = school.mailer.sent[0].text
    for fact in ("200\u00a0SMS", "mardi 31 août 2027", "définitivement perdus", "prolongé"):
        assert fact in text


def test_the_second_warning_says_what_is_left_by_then() -> None:
    school = Ending()
    school.run(LAST_SECOND - timedelta(days=30))
    school.ledger.post(UAI, ledger.debit("R1", 50, ENDED))
    school.run(LAST_SECOND - timedelta(days=7))
    assert "150\u00a0SMS" in school.mailer.sent[-1].text


def test_a_school_without_stock_is_warned_once_something_is_credited() -> None:
    school = Ending(stock=0)
    assert school.run(LAST_SECOND - timedelta(days=30)) == []
    school.ledger.give(UAI, 100, ENDED)
    assert school.run(LAST_SECOND - timedelta(days=20)) == [ENDING]


def test_a_subscription_that_ends_sooner_than_foreseen_is_warned_of_anew() -> None:
    school = Ending()
    school.run(LAST_SECOND - timedelta(days=30))
    school.change(subscription_end=date(2027, 8, 6))
    assert school.run() == [ENDING]
    assert "vendredi 6 août 2027" in school.mailer.sent[-1].text


def test_a_warning_overtaken_by_an_extension_is_not_mailed() -> None:
    school = Ending(at=LAST_SECOND - timedelta(days=7))
    school.use_case.run()
    school.change(subscription_end=date(2028, 8, 31))
    assert school.mails() == []


def test_a_suspended_school_is_not_asked_to_use_its_stock() -> None:
    school = Ending(replace(SCHOOL, state="suspended"), at=LAST_SECOND - timedelta(days=7))
    school.run()
    assert "Vous pouvez les utiliser" not in school.mailer.sent[0].text
    assert "contactez Kosmos" in school.mailer.sent[0].text


# ------------------------------------------------------------------ extended, returned, credited late


def test_a_subscription_extended_in_time_forfeits_nothing() -> None:
    school = Ending(at=LAST_SECOND)
    school.run()
    school.change(subscription_end=date(2028, 8, 31))
    assert school.run(ENDED) == []
    assert school.balance() == 200


@pytest.mark.parametrize("meanwhile", ["all", "balance"])
def test_an_extension_while_the_run_is_under_way_saves_what_is_left(meanwhile: str) -> None:
    """After the list was read, and after the balance was."""
    school = Ending()
    extended: dict[str, Callable[[], object]] = {meanwhile: lambda: school.change(subscription_end=date(2028, 8, 31))}
    use_case = replace(
        school.use_case,
        schools=interrupted(school.schools, after=extended),
        ledger=interrupted(school.ledger, after=extended),
    )
    use_case.run()
    assert (school.balance(), school.queued()) == (200, [])


def test_an_extension_in_the_last_moment_before_the_entry_saves_what_is_left() -> None:
    school = Ending()
    ledger_ = interrupted(school.ledger, before={"forfeit": lambda: school.change(subscription_end=date(2028, 8, 31))})
    replace(school.use_case, ledger=ledger_).run()
    assert (school.balance(), school.queued()) == (200, [])


def test_what_comes_back_after_the_end_is_forfeited_by_the_next_run() -> None:
    """Messages under way at the end, released by a provider that took none of them."""
    school = Ending()
    school.ledger.post(UAI, ledger.debit("R1", 20, LAST_SECOND))
    school.run()
    school.ledger.post(UAI, ledger.release("R1-3", 2, ENDED))
    assert school.run(ENDED + HOUR) == [LOST]
    assert "2\u00a0SMS" in school.mailer.sent[-1].text
    assert [amount for _, amount in school.forfeited()] == [-180, -2]
    assert school.balance() == 0


def test_an_order_credited_after_the_end_is_forfeited_too() -> None:
    school = Ending()
    school.run()
    school.ledger.give(UAI, 1000, ENDED)
    school.run(ENDED + HOUR)
    assert [amount for _, amount in school.forfeited()] == [-200, -1000]


def test_a_new_subscription_starts_at_zero_and_its_credits_count() -> None:
    school = Ending()
    school.run()
    school.change(subscription_end=date(2028, 8, 31))
    school.ledger.give(UAI, 500, ENDED + HOUR)
    assert school.run(ENDED + HOUR) == []
    assert school.balance() == 500
    assert school.run(datetime(2028, 8, 31, 22, tzinfo=UTC)) == [LOST]
    assert [name for name, _ in school.forfeited()] == [
        f"forfeiture:{UAI}:2027-08-31:2",
        f"forfeiture:{UAI}:2028-08-31:4",
    ]


def test_an_end_that_comes_twice_forfeits_twice() -> None:
    """Extended by mistake, credited, and set back."""
    school = Ending()
    school.run()
    school.change(subscription_end=date(2028, 8, 31))
    school.ledger.give(UAI, 500, ENDED)
    school.change(subscription_end=END)
    school.run()
    assert [amount for _, amount in school.forfeited()] == [-200, -500]


def test_a_forfeiture_is_no_low_balance() -> None:
    """R15: the entry that empties the stock calls for no order."""
    school = Ending()
    school.run()
    warning = WarnLowBalance(FakeSendRequests(school.ledger), school.schools, school.ledger, school.queues)
    assert not warning.warn(f"forfeiture:{UAI}:2027-08-31:2")
    assert not any(entry.crosses(100) for entry in school.ledger.of[UAI])
