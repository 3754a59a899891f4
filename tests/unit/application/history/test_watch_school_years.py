"""R37: managers are mailed 30 and 7 days before the purge, which starts at their own change of year."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest

from schoolsms.application.history.watch_school_years import APART
from schoolsms.domain.errors import TransientError
from schoolsms.domain.history.history_messages import HistorySearch
from tests.support.builders import A_MANAGER, MANAGER, NOW, OTHER_UAI, SCHOOL, SECOND_MANAGER, UAI
from tests.support.faults.fault_injection import Died, dies, interrupted
from tests.support.sending import command, phone
from tests.support.worlds.school_year_world import PURGED_AT, YEAR, YEAR_END, Year, days_before_the_end

AHEAD = "Purge de l'historique des SMS le mercredi 1er septembre 2027"
DAY = timedelta(days=1)


def test_managers_are_mailed_once_thirty_and_once_seven_days_before() -> None:
    year = Year()
    year.delivered()
    mailed = {days: year.watch(days_before_the_end(days)) for days in range(40, 0, -1)}
    assert {days: subjects for days, subjects in mailed.items() if subjects} == {30: [AHEAD], 7: [AHEAD]}
    assert [mail.to for mail in year.mailer.sent] == [[MANAGER], [SECOND_MANAGER]] * 2


def test_the_mail_says_what_goes_when_and_how_to_keep_it() -> None:
    year = Year()
    year.delivered()
    year.watch(days_before_the_end(30))
    text = year.mailer.sent[0].text
    for fact in (
        "2026-2027",
        "mardi 31 août 2027",
        "nuit du mardi 31 août 2027 au mercredi 1er septembre 2027, à minuit",
        "exportez l’historique avant cette date",
        SCHOOL.name,
    ):
        assert fact in text


def test_run_every_hour_it_tells_on_the_schools_own_day() -> None:
    year = Year(replace(SCHOOL, calendar="nouvelle-caledonie"))
    year.delivered()
    day_thirty = datetime(2027, 1, 15, 13, tzinfo=UTC)  # midnight of 16 January in Nouméa, 30 days before the 15th
    assert year.watch(day_thirty - timedelta(seconds=1)) == []
    assert year.watch(day_thirty) == ["Purge de l'historique des SMS le lundi 15 février 2027"]
    assert year.watch(day_thirty + timedelta(hours=1)) == []


def test_a_school_without_history_gets_no_notice_until_it_sends() -> None:
    year = Year()
    assert year.watch(days_before_the_end(30)) == []
    year.delivered()
    assert year.watch(days_before_the_end(20)) == [AHEAD]


def test_a_service_that_paused_tells_late_rather_than_never() -> None:
    year = Year()
    year.delivered()
    assert year.watch(days_before_the_end(12)) == [AHEAD]
    assert year.watch(days_before_the_end(1)) == [AHEAD]
    assert year.watch(days_before_the_end(1)) == []


def test_a_school_whose_subscription_ended_gets_the_notice_too() -> None:
    year = Year()
    year.delivered()
    year.schools.known[UAI] = replace(year.schools.known[UAI], subscription_end=date(2027, 1, 1), state="terminated")
    assert year.watch(days_before_the_end(30)) == [AHEAD]


@pytest.mark.parametrize("side", ["before", "after"])
def test_dying_beside_the_notice_it_is_mailed_once(side: str) -> None:
    year = Year()
    year.delivered()
    year.clock.time = days_before_the_end(30)
    dying = interrupted(year.purges, **{side: {"announced": dies}})
    with pytest.raises(Died):
        replace(year.watching, purges=dying).run()
    year.watching.run()
    assert year.mails() == [AHEAD]


# ------------------------------------------------------------------ the purge


def test_the_purge_starts_an_hour_after_the_change_of_year() -> None:
    year = Year()
    year.delivered()
    for at in (NOW, YEAR_END, PURGED_AT - timedelta(seconds=1)):
        year.watch(at)
        assert year.machine.started == []
    year.watch(PURGED_AT)
    year.watch(PURGED_AT + timedelta(hours=1))
    assert year.machine.started == [(UAI, YEAR, 0)]


def test_a_year_in_which_nothing_was_sent_has_nothing_to_purge() -> None:
    year = Year()
    year.watch(PURGED_AT)
    assert year.machine.started == []


def test_a_year_that_holds_only_what_was_never_accepted_is_purged_too() -> None:
    """A process that died left pages with numbers and texts, though no request was accepted."""
    year = Year()
    year.dies_accepting(command())
    year.watch(PURGED_AT)
    assert year.machine.started == [(UAI, YEAR, 0)]
    certificate = year.purge()
    assert (certificate.before.requests, year.left()) == (0, [])
    year.watch(PURGED_AT + 8 * DAY)
    assert len(year.machine.started) == 1


def test_what_is_not_certified_is_started_again_after_a_week_and_what_is_never() -> None:
    year = Year()
    year.delivered()
    year.watch(PURGED_AT)
    year.watch(PURGED_AT + 8 * DAY)
    assert year.machine.started == [(UAI, YEAR, 0), (UAI, YEAR, 1)]
    year.purge()
    year.watch(PURGED_AT + 16 * DAY)
    assert len(year.machine.started) == 2


def test_a_purge_that_died_before_its_certificate_is_started_again_though_nothing_is_left() -> None:
    year = Year()
    year.delivered()
    year.clock.time = PURGED_AT
    with pytest.raises(Died):
        year.steps(year.purging_with(purges=interrupted(year.purges, before={"certify": dies})))
    assert year.left() == []
    year.watch(PURGED_AT + 7 * DAY)
    assert year.machine.started == [(UAI, YEAR, 1)]


def test_past_its_year_the_history_is_invisible_at_once_and_the_new_year_starts_empty() -> None:
    year = Year()
    year.delivered()
    year.clock.time = YEAR_END - timedelta(seconds=1)
    assert len(year.reading.history(A_MANAGER, HistorySearch(), None).items) == 1
    year.clock.time = YEAR_END
    assert year.reading.history(A_MANAGER, HistorySearch(), None).items == []


def test_one_school_that_cannot_be_looked_at_keeps_no_other_from_being() -> None:
    year = Year()
    year.delivered(phone(1))
    year.schools.put(replace(SCHOOL, uai=OTHER_UAI))

    class Failing:
        def get(self, uai: str, school_year: str) -> object:
            if uai == OTHER_UAI:
                raise TransientError("no answer")
            return year.purges.get(uai, school_year)

    year.clock.time = PURGED_AT
    with pytest.raises(TransientError, match="1 school"):
        replace(year.watching, purges=Failing()).run()  # type: ignore[arg-type]
    assert year.machine.started == [(UAI, YEAR, 0)]


def test_the_years_that_end_in_one_night_are_purged_one_after_the_other() -> None:
    """Else their steps would take all functions of the account, and nobody could send."""
    year = Year()
    schools = [replace(SCHOOL, uai=f"075{number:04}X") for number in range(4)]
    for school in schools:
        year.schools.put(school)
    everywhere = SimpleNamespace(anything_left=lambda *_: True)
    year.clock.time = PURGED_AT
    replace(year.watching, history=everywhere).run()
    begins = [begin - PURGED_AT for begin in year.machine.begins]
    assert len(begins) > len(schools)
    assert begins == [APART * number for number in range(len(begins))]


def test_a_calendar_whose_rows_ran_out_still_has_its_last_year_purged() -> None:
    year = Year()
    year.clock.time = datetime(2032, 9, 2, 12, tzinfo=UTC)
    assert year.watching.run().announced == []
    assert "metropole" in year.watching.calendars_to_mend()


def test_a_school_that_was_given_another_calendar_has_its_former_year_purged_too() -> None:
    """Once that year has ended in every calendar that has it; looked at once a day."""
    year = Year()
    year.delivered()
    year.schools.known[UAI] = replace(year.schools.known[UAI], calendar="nouvelle-caledonie")
    for hour in range(24):
        year.watch(datetime(2027, 8, 31, tzinfo=UTC) + timedelta(hours=hour))
    assert year.machine.started == []
    for hour in range(24):
        year.watch(datetime(2027, 9, 2, tzinfo=UTC) + timedelta(hours=hour))
    assert year.machine.started == [(UAI, YEAR, 0)]
    certificate = year.purge()
    assert (certificate.last_day, year.left()) == (date(2027, 8, 31), [])


def test_what_another_calendar_adds_to_a_year_that_was_certified_is_purged_too() -> None:
    """The same label ends weeks earlier in La Réunion: the operator moves a school to the métropole in between."""
    year = Year(replace(SCHOOL, calendar="reunion"))
    year.delivered()
    year.clock.time = datetime(2027, 8, 17, 12, tzinfo=UTC)
    year.steps()
    year.schools.known[UAI] = replace(year.schools.known[UAI], calendar="metropole")
    year.delivered(text="Bonsoir")
    year.watch(PURGED_AT + 7 * DAY)
    assert year.machine.started == [(UAI, YEAR, 1)]
    certificate = year.purge()
    assert (sum(certificate.before.messages.values()), year.left()) == (1, [])
    year.watch(PURGED_AT + 14 * DAY)
    assert len(year.machine.started) == 1
