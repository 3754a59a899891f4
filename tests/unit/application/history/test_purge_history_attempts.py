"""R38: leftovers of requests never accepted are purged, and nothing of a request repeated since."""

from datetime import timedelta

import pytest

from schoolsms.application.ports.core import Slice
from schoolsms.domain.history.purges import Counts
from tests.support.builders import NOW, UAI
from tests.support.faults.fault_injection import interrupted
from tests.support.sending import command, phone
from tests.support.worlds.school_year_world import PURGED_AT, YEAR, YEAR_END, Year

WINDOW = timedelta(hours=72)


def test_what_was_written_of_a_request_that_was_never_accepted_goes_too() -> None:
    year = Year()
    year.dies_accepting(command("Bonjour", [phone(0), "n'importe quoi"]))
    assert len(year.left()) > 1
    certificate = year.purge()
    assert year.left() == []
    assert certificate.before == Counts()


def test_the_index_of_numbers_goes_but_for_what_is_on_its_way() -> None:
    year = Year()
    year.clock.time = YEAR_END - timedelta(hours=1)
    waiting = year.accepted(phone(1))
    year.delivered(phone(2))
    year.clock.time = PURGED_AT
    progress = year.purging.step(UAI, YEAR)
    assert [each.request_id for each in year.requests.numbered[UAI, YEAR]] == [waiting.id]
    assert progress.waiting == 1


def test_a_request_that_the_list_does_not_show_is_purged_all_the_same() -> None:
    """The list is an index that may be behind; what the certificate proves is read where it is never."""
    year = Year()
    year.clock.time = YEAR_END - timedelta(hours=1)
    waiting = year.accepted(phone(1))
    year.delivered(phone(2))

    class Behind:
        def __getattr__(self, name: str) -> object:
            return getattr(year.history, name)

        def requests(self, *_: object) -> Slice[str]:
            return Slice([])

    year.clock.time = PURGED_AT
    purging = year.purging_with(history=Behind())
    assert purging.step(UAI, YEAR).waiting == 1
    year.clock.time = waiting.expires_at
    year.expiring.expire(waiting.id)
    year.steps(purging)
    assert year.left() == []
    assert year.purge().before == Counts(2, 0, 2, {"delivered": 1, "failed": 1})


def test_an_id_that_came_again_in_the_next_year_is_spared() -> None:
    """An attempt of the ended year died; asked for again with the same key, it was accepted in the new one."""
    year = Year()
    asked = command("Bonjour", [phone(1), "x"])
    year.dies_accepting(asked, key="key")
    year.clock.time = PURGED_AT
    again = year.accept(asked, key="key").request
    assert {key[0] for key in year.requests.pages} == {again.id}
    assert (len(year.requests.pages), again.school_year) == (2, "2027-28")

    year.purge()

    assert list(year.requests.known) == [again.id]
    assert [line.phone for line in year.requests.all_lines(again)] == [phone(1)]
    assert len(year.requests.refusals(again.id)) == 1
    assert {key[1] for key in [*year.requests.pages, *year.requests.refused]} == {again.attempt}
    assert year.requests.numbered[UAI, YEAR] == []


@pytest.mark.parametrize("method", ["requests", "numbered", "look", "remove_pages", "remove_number"])
def test_asked_for_again_while_the_purge_is_at_it_a_request_keeps_its_pages(method: str) -> None:
    """A request accepted after the purge's end, with pages written before, keeps all its pages."""
    asked = command("Bonjour", [phone(1), "x"])
    for side in ("before", "after"):
        year = Year()
        year.dies_accepting(asked, key="key")
        year.clock.time = PURGED_AT

        def meanwhile(year: Year = year) -> None:
            year.requests.ledger = interrupted(year.ledger, before={"post": year.steps})
            year.accept(asked, key="key")

        year.steps(year.purging_with(history=interrupted(year.history, **{side: {method: meanwhile}})))

        [again] = year.requests.known.values()
        assert [line.phone for line in year.requests.all_lines(again)] == [phone(1)]
        assert len(year.requests.refusals(again.id)) == 1
        assert year.requests.numbered[UAI, YEAR] == []


def test_a_slow_run_takes_nothing_of_a_request_that_stands_under_the_same_id_since() -> None:
    """One that cost nothing can be asked for again once it is purged; what cost something never can."""
    free = command("Bonjour", ["+33639980001"])
    for method in ("look", "count"):
        year = Year()
        old = year.accept(free, key="key").request
        year.clock.time = NOW + WINDOW
        year.expiring.expire(old.id)
        year.clock.time = PURGED_AT

        def meanwhile(year: Year = year) -> None:
            year.steps()
            year.accept(free, key="key")

        year.steps(year.purging_with(history=interrupted(year.history, after={method: meanwhile})))

        assert [(each.id, each.school_year) for each in year.requests.known.values()] == [(old.id, "2027-28")]
        certificate = year.purges.get(UAI, YEAR).certificate
        assert certificate
        assert certificate.before == Counts(1, 0, 0, {"failed": 1})
