"""Managers record consents with their proof, and withdrawals (R2, R24, R44)."""

from datetime import date, timedelta

import pytest

from schoolsms.application.consents.keep_consents import KeepConsents
from schoolsms.domain.consents.consents import Collected, ConsentRecord
from schoolsms.domain.errors import NotFoundError, RefusedError, TransientError
from schoolsms.domain.schools.access import Forbidden
from tests.fakes.consents.consents import FakeConsentRecords
from tests.fakes.core import FakeSchools, ManualClock
from tests.support.builders import A_MANAGER, A_SENDER, MANAGER, NOW, OPERATOR, OTHER_UAI, SCHOOL, STRANGER, UAI

PHONE = "+33612345650"
COLLECTED = Collected("J'accepte les SMS.", "1", "papier", "Secrétariat", date(2026, 11, 20))


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
def store() -> FakeConsentRecords:
    return FakeConsentRecords()


@pytest.fixture
def keep(store: FakeConsentRecords, clock: ManualClock) -> KeepConsents:
    return KeepConsents(FakeSchools(SCHOOL), store, clock)


def test_a_consent_is_recorded_by_who_says_so_and_grants(keep: KeepConsents, store: FakeConsentRecords) -> None:
    record, is_new = keep.put(A_MANAGER, "06 12 34 56 50", COLLECTED)

    assert is_new
    assert (record.phone, record.granted, record.events[0].by, record.events[0].at) == (PHONE, True, MANAGER, NOW)
    assert store.granted(UAI, [PHONE, "+33612345651"]) == {PHONE}
    assert store.granted(OTHER_UAI, [PHONE]) == frozenset()


def test_the_same_consent_again_changes_nothing(keep: KeepConsents, store: FakeConsentRecords) -> None:
    keep.put(A_MANAGER, PHONE, COLLECTED)
    before = dict(store.known)

    record, is_new = keep.put(A_MANAGER, PHONE, COLLECTED)

    assert not is_new
    assert len(record.events) == 1
    assert store.known == before


def test_a_withdrawal_stays_beside_its_consent_and_twice_is_once(
    keep: KeepConsents, store: FakeConsentRecords, clock: ManualClock
) -> None:
    keep.put(A_MANAGER, PHONE, COLLECTED)
    clock.advance(timedelta(hours=1))

    keep.withdraw(A_MANAGER, "0612345650")
    clock.advance(timedelta(hours=1))
    keep.withdraw(A_MANAGER, PHONE)

    (record,) = keep.list(A_MANAGER, None).items
    assert [(each.kind, each.at) for each in record.events] == [
        ("granted", NOW),
        ("withdrawn", NOW + timedelta(hours=1)),
    ]
    assert store.granted(UAI, [PHONE]) == frozenset()


def test_what_was_never_recorded_cannot_be_withdrawn(keep: KeepConsents, store: FakeConsentRecords) -> None:
    with pytest.raises(NotFoundError):
        keep.withdraw(A_MANAGER, PHONE)
    assert store.known == {}


def test_a_school_neither_sees_nor_changes_another_s(keep: KeepConsents, store: FakeConsentRecords) -> None:
    keep.put(A_MANAGER, PHONE, COLLECTED)
    stranger = KeepConsents(FakeSchools(SCHOOL), store, ManualClock(NOW))
    for act in (
        lambda: stranger.list(STRANGER, None),
        lambda: stranger.withdraw(STRANGER, PHONE),
        lambda: stranger.put(STRANGER, PHONE, COLLECTED),
    ):
        with pytest.raises(NotFoundError):
            act()
    assert store.granted(UAI, [PHONE]) == {PHONE}


@pytest.mark.parametrize("caller", [A_SENDER, OPERATOR])
def test_only_managers_keep_consents(keep: KeepConsents, caller: object) -> None:
    for act in (
        lambda: keep.list(caller, None),  # type: ignore[arg-type]
        lambda: keep.withdraw(caller, PHONE),  # type: ignore[arg-type]
        lambda: keep.put(caller, PHONE, COLLECTED),  # type: ignore[arg-type]
    ):
        with pytest.raises(Forbidden):
            act()


def test_what_is_no_mobile_is_refused(keep: KeepConsents) -> None:
    with pytest.raises(RefusedError):
        keep.put(A_MANAGER, "01 23 45 67 89", COLLECTED)


class Contended(FakeConsentRecords):
    """Let another manager change it before this write, `times` times."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.times = times

    def put(self, uai: str, record: ConsentRecord) -> bool:
        if self.times:
            self.times -= 1
            super().put(uai, self.get(uai, record.phone))
        return super().put(uai, record)


def test_a_change_that_another_overtook_is_made_anew(clock: ManualClock) -> None:
    store = Contended(3)

    record, _ = KeepConsents(FakeSchools(SCHOOL), store, clock).put(A_MANAGER, PHONE, COLLECTED)

    assert record.granted
    assert store.granted(UAI, [PHONE]) == {PHONE}


def test_one_that_is_always_overtaken_is_tried_later(clock: ManualClock) -> None:
    with pytest.raises(TransientError):
        KeepConsents(FakeSchools(SCHOOL), Contended(99), clock).put(A_MANAGER, PHONE, COLLECTED)
