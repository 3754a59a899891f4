"""Lists of consents: good rows are recorded, bad ones named (R44)."""

import pytest

from schoolsms.application.consents.import_consents import ImportConsents
from schoolsms.application.consents.keep_consents import KeepConsents
from schoolsms.domain.errors import RefusedError, TransientError
from schoolsms.domain.schools.access import Forbidden
from tests.fakes.consents.consents import FakeConsentRecords
from tests.fakes.core import FakeSchools, ManualClock
from tests.support.builders import A_MANAGER, A_SENDER, NOW, SCHOOL, UAI
from tests.unit.application.consents.test_keep_consents import Contended

PHONES = ("+33612345650", "+33612345651")


def content(*rows: str) -> bytes:
    return "\r\n".join(("Mobile;Formulation;Version;Canal;Recueilli par;Recueilli le", *rows)).encode("cp1252")


def row(phone: str, day: str = "20/11/2026", version: str = "1") -> str:
    return f"{phone};J'accepte les SMS.;{version};papier;Secrétariat;{day}"


@pytest.fixture
def store() -> FakeConsentRecords:
    return FakeConsentRecords()


def importing(store: FakeConsentRecords) -> ImportConsents:
    return ImportConsents(FakeSchools(SCHOOL), store, ManualClock(NOW))


def test_good_rows_are_recorded_and_bad_ones_named(store: FakeConsentRecords) -> None:
    done = importing(store).run(
        A_MANAGER, content(row(PHONES[0]), row("01 23 45 67 89"), row("0612345651"), row("0612345652", "24/12/2026"))
    )

    assert (done.recorded, done.unchanged) == (2, 0)
    assert [(each.row, each.code) for each in done.errors] == [(3, "not-a-mobile"), (5, "collected-in-future")]
    assert store.granted(UAI, PHONES) == set(PHONES)


def test_the_first_and_the_last_day_there_are_keep_no_other_row_from_being_recorded(store: FakeConsentRecords) -> None:
    days = [row(PHONES[0], day) for day in ("01/01/0001", "9999-12-31T23:59:59-14:00")]
    done = importing(store).run(A_MANAGER, content(*days, row(PHONES[1])))

    assert [(each.row, each.code) for each in done.errors] == [(3, "collected-in-future")]
    assert store.granted(UAI, PHONES) == set(PHONES)


def test_the_same_list_again_changes_nothing(store: FakeConsentRecords) -> None:
    importing(store).run(A_MANAGER, content(*map(row, PHONES)))
    before = dict(store.known)

    done = importing(store).run(A_MANAGER, content(*map(row, PHONES)))

    assert (done.recorded, done.unchanged, done.errors) == (0, 2, [])
    assert store.known == before


def test_a_list_does_not_undo_a_withdrawal(store: FakeConsentRecords) -> None:
    importing(store).run(A_MANAGER, content(*map(row, PHONES)))
    KeepConsents(FakeSchools(SCHOOL), store, ManualClock(NOW)).withdraw(A_MANAGER, PHONES[0])

    done = importing(store).run(A_MANAGER, content(*map(row, PHONES)))

    assert [(each.row, each.code) for each in done.errors] == [(2, "consent-withdrawn")]
    assert store.granted(UAI, PHONES) == {PHONES[1]}


def test_a_number_that_stands_twice_has_both_proofs(store: FakeConsentRecords) -> None:
    rows = (row(PHONES[0]), row("06 12 34 56 50", version="2"), row("0612345650", version="2"))
    done = importing(store).run(A_MANAGER, content(*rows))

    assert (done.recorded, done.unchanged) == (2, 1)
    assert len(store.get(UAI, PHONES[0]).events) == 2


def test_rows_that_another_overtook_are_done_anew() -> None:
    store = Contended(2)

    done = importing(store).run(A_MANAGER, content(*map(row, PHONES)))

    assert (done.recorded, done.errors) == (2, [])
    assert store.granted(UAI, PHONES) == set(PHONES)


def test_one_that_is_always_overtaken_is_tried_later() -> None:
    with pytest.raises(TransientError):
        importing(Contended(99)).run(A_MANAGER, content(row(PHONES[0])))


def test_only_managers_import(store: FakeConsentRecords) -> None:
    with pytest.raises(Forbidden):
        importing(store).run(A_SENDER, content(row(PHONES[0])))


def test_what_is_no_list_records_nothing(store: FakeConsentRecords) -> None:
    with pytest.raises(RefusedError):
        importing(store).run(A_MANAGER, b"%PDF")
    assert store.known == {}
