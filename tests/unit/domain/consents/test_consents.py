"""Consents and withdrawals of one number (R24, R44, R45)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from schoolsms.domain.consents.consents import (
    MOST_EVENTS,
    Collected,
    ConsentRecord,
    Proof,
    corrected,
    is_corrected_to,
    number,
    rectified,
    with_consent_of,
    without_consent,
)
from schoolsms.domain.errors import RefusedError
from tests.support.builders import MANAGER, NOW, SCHOOL

PHONE = "+33612345650"
PROOF = Proof("J'accepte les SMS.", "1", "papier", "Secrétariat", NOW - timedelta(days=3))
DAY = timedelta(days=1)


def granted() -> ConsentRecord:
    return with_consent_of(ConsentRecord(PHONE), PROOF, NOW, MANAGER)


def refusal(record: ConsentRecord, proof: Proof, at: datetime = NOW) -> str:
    with pytest.raises(RefusedError) as refused:
        with_consent_of(record, proof, at, MANAGER)
    return refused.value.code


def test_nobody_has_consented_before_it_is_recorded() -> None:
    assert not ConsentRecord(PHONE).granted
    assert granted().granted
    assert granted().proof == PROOF


def test_the_same_proof_twice_is_one_consent() -> None:
    record = granted()

    assert with_consent_of(record, PROOF, NOW + DAY, "another") is record


def test_a_newer_proof_is_added_to_the_older_one() -> None:
    newer = replace(PROOF, version="2", collected_at=NOW)

    assert [each.proof for each in with_consent_of(granted(), newer, NOW, MANAGER).events] == [PROOF, newer]


def test_a_withdrawal_ends_it_and_keeps_the_proof() -> None:
    record = without_consent(granted(), NOW + DAY, MANAGER)

    assert (record.granted, record.withdrawn_at, record.proof) == (False, NOW + DAY, PROOF)
    assert without_consent(record, NOW + 2 * DAY, MANAGER) is record
    assert without_consent(ConsentRecord(PHONE), NOW, MANAGER).events == ()


def test_importing_the_same_list_again_does_not_undo_a_withdrawal() -> None:
    record = without_consent(granted(), NOW, MANAGER)

    assert refusal(record, PROOF) == "consent-withdrawn"
    assert refusal(record, replace(PROOF, version="2", collected_at=NOW)) == "consent-withdrawn"


def test_the_same_proof_does_not_undo_a_withdrawal_though_a_clock_was_ahead() -> None:
    ahead = replace(PROOF, collected_at=NOW + timedelta(minutes=9))
    record = with_consent_of(ConsentRecord(PHONE), ahead, NOW, MANAGER)
    record = without_consent(record, NOW + timedelta(minutes=1), MANAGER)

    assert refusal(record, ahead) == "consent-withdrawn"


def test_a_consent_collected_after_the_withdrawal_is_a_new_one() -> None:
    record = without_consent(granted(), NOW, MANAGER)
    again = replace(PROOF, collected_at=NOW + timedelta(seconds=1))
    record = with_consent_of(record, again, NOW + DAY, MANAGER)

    assert record.granted
    assert record.withdrawn_at is None
    assert [each.kind for each in record.events] == ["granted", "withdrawn", "granted"]


def test_a_consent_is_not_collected_in_the_future() -> None:
    assert refusal(ConsentRecord(PHONE), replace(PROOF, collected_at=NOW + DAY)) == "collected-in-future"
    with_consent_of(ConsentRecord(PHONE), replace(PROOF, collected_at=NOW + timedelta(minutes=9)), NOW, MANAGER)


def test_an_erased_number_cannot_consent_again_by_mistake() -> None:
    assert refusal(ConsentRecord(PHONE, suppressed_at=NOW), PROOF) == "number-erased"
    assert not replace(granted(), suppressed_at=NOW).granted


def test_an_erased_number_consents_again_once_it_has_a_new_holder() -> None:
    """R45."""
    erased = ConsentRecord(PHONE, suppressed_at=NOW, changes=3)
    after = replace(PROOF, collected_at=NOW + timedelta(seconds=1))
    assert refusal(erased, after) == "number-erased"
    with pytest.raises(RefusedError, match="effacé"):
        with_consent_of(erased, replace(PROOF, collected_at=NOW), NOW + DAY, MANAGER, new_holder=True)

    record = with_consent_of(erased, after, NOW + DAY, MANAGER, new_holder=True)
    assert (record.granted, record.suppressed_at, record.forgotten, record.changes) == (True, None, False, 3)
    assert [(each.kind, each.at, each.by) for each in record.events] == [
        ("reassigned", NOW, MANAGER),
        ("granted", NOW + DAY, MANAGER),
    ]
    assert with_consent_of(record, after, NOW + DAY, MANAGER, new_holder=True) is record
    assert refusal(record, PROOF) == "number-erased"  # an old list of the family that had the number before
    assert not without_consent(record, NOW + 2 * DAY, MANAGER).granted


def test_a_withdrawal_is_taken_however_many_events_there_are() -> None:
    record = replace(granted(), events=tuple(granted().events) * MOST_EVENTS)

    assert refusal(record, replace(PROOF, version="2")) == "too-many-consents"
    assert not without_consent(record, NOW, MANAGER).granted


def test_a_correction_carries_the_proofs_over() -> None:
    right = rectified(granted(), ConsentRecord("+33612345651"), NOW + DAY, MANAGER)

    assert right.phone == "+33612345651"
    assert right.granted
    assert [each.kind for each in right.events] == ["granted", "rectified"]


def test_a_correction_does_not_move_a_withdrawal_away() -> None:
    withdrawn = without_consent(granted(), NOW, MANAGER)

    with pytest.raises(RefusedError) as moved:
        rectified(withdrawn, ConsentRecord("+33612345651"), NOW + DAY, MANAGER)
    assert moved.value.code == "number-withdrawn"


def test_a_correction_makes_no_consent_of_a_withdrawal() -> None:
    withdrawn = without_consent(granted(), NOW, MANAGER)

    for new in (replace(withdrawn, phone="+33612345651"), ConsentRecord("+33612345651", suppressed_at=NOW)):
        with pytest.raises(RefusedError) as refused:
            rectified(granted(), new, NOW + DAY, MANAGER)
        assert refused.value.code == "number-withdrawn"


def test_a_list_collected_before_the_correction_does_not_bring_the_wrong_number_back() -> None:
    left = corrected(granted(), NOW, MANAGER)

    assert (left.granted, [each.kind for each in left.events], left.proof) == (False, ["corrected"], None)
    assert refusal(left, PROOF) == "number-corrected"
    assert refusal(left, replace(PROOF, version="2", collected_at=NOW)) == "number-corrected"
    assert with_consent_of(left, replace(PROOF, collected_at=NOW + timedelta(seconds=1)), NOW + DAY, MANAGER).granted


def test_a_clock_that_was_ahead_does_not_bring_the_wrong_number_back() -> None:
    ahead = replace(PROOF, collected_at=NOW + timedelta(minutes=9))
    left = corrected(with_consent_of(ConsentRecord(PHONE), ahead, NOW, MANAGER), NOW, MANAGER)

    assert refusal(left, ahead, NOW + DAY) == "number-corrected"


def test_stop_from_a_number_that_was_corrected_is_remembered_once() -> None:
    left = without_consent(corrected(granted(), NOW, MANAGER), NOW + DAY, "SMS")

    assert (left.granted, left.withdrawn_at) == (False, NOW + DAY)
    assert without_consent(left, NOW + 2 * DAY, "SMS") is left
    assert refusal(left, replace(PROOF, collected_at=NOW + timedelta(hours=1)), NOW + 2 * DAY) == "consent-withdrawn"
    with pytest.raises(RefusedError):
        rectified(granted(), left, NOW + 2 * DAY, MANAGER)


def test_a_correction_can_be_taken_back() -> None:
    other = ConsentRecord("+33612345651")
    left, right = corrected(granted(), NOW, MANAGER), rectified(granted(), other, NOW, MANAGER)
    back = rectified(right, left, NOW + DAY, MANAGER)

    assert (back.phone, back.granted, back.proof) == (PHONE, True, PROOF)
    assert [each.kind for each in back.events] == ["granted", "rectified", "rectified"]
    assert is_corrected_to(corrected(right, NOW + DAY, MANAGER), back)


def test_whether_it_was_corrected_to_that_number_is_known() -> None:
    other, at = ConsentRecord("+33612345651"), NOW + timedelta(microseconds=1234)
    left, right = corrected(granted(), at, MANAGER), rectified(granted(), other, at, MANAGER)

    assert is_corrected_to(left, right)
    assert not is_corrected_to(granted(), right)
    assert not is_corrected_to(left, granted())
    assert not is_corrected_to(left, rectified(granted(), other, NOW + DAY, MANAGER))
    again = with_consent_of(left, replace(PROOF, collected_at=NOW + DAY), NOW + DAY, MANAGER)
    assert not is_corrected_to(again, right)


def test_a_day_begins_where_the_school_is() -> None:
    collected = Collected("w", "1", "papier", "moi", date(2026, 11, 20))

    assert collected.proof(SCHOOL).collected_at == datetime(2026, 11, 19, 23, tzinfo=UTC)
    assert collected.proof(replace(SCHOOL, calendar="nouvelle-caledonie")).collected_at == datetime(
        2026, 11, 19, 13, tzinfo=UTC
    )


def test_an_hour_without_a_zone_is_the_school_s() -> None:
    collected = Collected("w", "1", "papier", "moi", datetime(2026, 7, 1, 10, 30))  # noqa: DTZ001

    assert collected.proof(SCHOOL).collected_at == datetime(2026, 7, 1, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize("written", ["06 12 34 56 50", "+33612345650", "0033 6 12 34 56 50", "06.12.34.56.50"])
def test_a_number_is_read_in_any_spelling(written: str) -> None:
    assert number(written) == PHONE


def test_a_number_of_any_country_may_consent() -> None:
    assert number("+32 470 12 34 56") == "+32470123456"
    assert number("06 39 98 12 34") == "+33639981234"


@pytest.mark.parametrize(("written", "code"), [("0123456789", "not-a-mobile"), ("06 12", "invalid-number")])
def test_what_is_no_mobile_cannot_consent(written: str, code: str) -> None:
    with pytest.raises(RefusedError) as refused:
        number(written)
    assert refused.value.code == code
