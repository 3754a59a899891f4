"""R17, R48: a forfeiture counts once and is mailed once, despite deaths, races and unreachable services."""

from dataclasses import replace
from datetime import timedelta

import pytest

from schoolsms.domain.errors import TransientError
from schoolsms.domain.schools.stock import ledger
from tests.support.builders import OTHER_UAI, SCHOOL, UAI
from tests.support.faults.fault_injection import Died, dies, interrupted
from tests.support.worlds.subscription_world import ENDED, ENDING, LAST_SECOND, LOST, Ending


def test_dying_after_the_entry_the_next_run_tells_of_it() -> None:
    school = Ending()
    for when in (
        {"after": {"forfeit": dies}},
        {"before": {"balance": dies}},
    ):
        with pytest.raises(Died):
            replace(school.use_case, ledger=interrupted(school.ledger, **when)).run()
    assert school.balance() == 0
    assert school.run() == [LOST]
    assert school.run() == []
    assert len(school.forfeited()) == 1


@pytest.mark.parametrize("method", ["notice_due", "forfeiture_notice_queued"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_dying_around_the_notice_it_is_mailed_once(method: str, when: str) -> None:
    school = Ending()
    dying = {
        "notices": interrupted(school.queues, **{when: {method: dies}}),
        "ends": interrupted(school.use_case.ends, **{when: {method: dies}}),
    }
    with pytest.raises(Died):
        replace(school.use_case, **dying).run()
    assert school.run() == [LOST]
    assert school.schools.known[UAI].pending_forfeiture_notice == ""


def test_dying_while_it_is_warned_it_is_mailed_once() -> None:
    school = Ending(at=LAST_SECOND - timedelta(days=7))
    with pytest.raises(Died):
        replace(school.use_case, ends=interrupted(school.use_case.ends, before={"warned": dies})).run()
    assert school.run() == [ENDING]
    assert school.run() == []


def test_of_two_runs_at_once_one_forfeits() -> None:
    school = Ending()
    ledger_ = interrupted(school.ledger, before={"forfeit": school.use_case.run})
    replace(school.use_case, ledger=ledger_).run()
    assert school.mails() == [LOST]
    assert len(school.forfeited()) == 1


def test_a_forfeiture_waits_until_the_notice_of_the_one_before_is_queued() -> None:
    school = Ending()
    with pytest.raises(Died):
        replace(school.use_case, ledger=interrupted(school.ledger, after={"forfeit": dies})).run()
    school.ledger.post(UAI, ledger.credit("LATE", 5, ENDED))
    assert school.ledger.forfeit(school.schools.known[UAI], ENDED) is None
    assert school.run() == [LOST, LOST]
    assert [amount for _, amount in school.forfeited()] == [-200, -5]


def test_a_school_that_cannot_be_looked_at_holds_up_no_other_and_raises_an_alarm() -> None:
    school = Ending(SCHOOL, replace(SCHOOL, uai=OTHER_UAI))

    def fails() -> None:
        raise TransientError("the table does not answer")

    with pytest.raises(TransientError, match="1 schools"):
        replace(school.use_case, ledger=interrupted(school.ledger, before={"balance": fails})).run()
    assert sorted((school.balance(UAI), school.balance(OTHER_UAI))) == [0, 200]
    school.run()
    assert (school.balance(UAI), school.balance(OTHER_UAI)) == (0, 0)


def test_every_school_is_looked_at_however_many_there_are() -> None:
    many = [replace(SCHOOL, uai=f"07506{number:02d}X") for number in range(10)]
    school = Ending(*many)
    school.run()
    assert {school.balance(each.uai) for each in many} == {0}


def test_a_notice_about_an_entry_that_cannot_be_seen_yet_comes_again() -> None:
    school = Ending()
    with pytest.raises(TransientError):
        school.notifying.notify("balance_forfeited", {"school": UAI, "entry": "forfeiture:X:2027-08-31:9"})
