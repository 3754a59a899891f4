"""A purge certificate states its facts, and its digest covers all of them (R38)."""

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from schoolsms.domain.history.purges import Certificate, Counts, PurgeableRequest
from schoolsms.domain.sending.send_requests import MessageState
from tests.support.builders import NOW, UAI

CERTIFICATE = Certificate(
    school=UAI,
    school_year="2026-27",
    first_day=date(2026, 9, 1),
    last_day=date(2027, 8, 31),
    started_at=datetime(2027, 8, 31, 23, 17, 2, 250_000, tzinfo=UTC),
    certified_at=datetime(2027, 8, 31, 23, 18, tzinfo=UTC),
    before=Counts(2, 1, 7, {"delivered": 4, "expired": 1, "failed": 0}),
)
CANONICAL = (
    '{"after":{"messages":0,"messages_by_status":{},"recipients_refused":0,"requests":0,"sms_debited":0},'
    '"before":{"messages":5,"messages_by_status":{"delivered":4,"expired":1},"recipients_refused":1,"requests":2,'
    '"sms_debited":7},"certified_at":"2027-08-31T23:18:00.000Z","first_day":"2026-09-01","last_day":"2027-08-31",'
    '"school":"0750655E","school_year":"2026-27","started_at":"2027-08-31T23:17:02.250Z"}'
)


def test_the_digest_is_of_the_canonical_json_of_all_the_rest() -> None:
    assert CERTIFICATE.digest == hashlib.sha256(CANONICAL.encode()).hexdigest()


@pytest.mark.parametrize(
    "change", [{"school_year": "2025-26"}, {"before": Counts(2, 1, 7, {"delivered": 5})}, {"certified_at": NOW}]
)
def test_any_change_gives_another_digest(change: dict[str, object]) -> None:
    assert replace(CERTIFICATE, **change).digest != CERTIFICATE.digest  # type: ignore[arg-type]


def test_answers_are_counted_where_there_were_any_and_older_digests_stay() -> None:
    content = replace(CERTIFICATE, before=Counts(2, 1, 7, replies=3)).content()
    assert content["before"] == {
        "requests": 2,
        "recipients_refused": 1,
        "sms_debited": 7,
        "messages": 0,
        "messages_by_status": {},
        "replies": 3,
    }
    after = content["after"]
    assert isinstance(after, dict)
    assert after["replies"] == 0


def request(*statuses: str, accepted: int = 2, cancelled: bool = False) -> PurgeableRequest:
    states = [MessageState(index, status) for index, status in enumerate(statuses)]  # type: ignore[arg-type]
    return PurgeableRequest(UAI, "2026-27", "ATTEMPT", accepted, 0, 2, NOW, cancelled, False, states)


@pytest.mark.parametrize("status", ["delivered", "undeliverable", "expired", "failed", "cancelled"])
def test_a_request_is_settled_once_every_message_is_final(status: str) -> None:
    assert request(status, "delivered").settled


@pytest.mark.parametrize("status", ["queued", "claimed", "sent", "uncertain"])
def test_a_message_that_may_still_change_keeps_its_request_open(status: str) -> None:
    assert not request("delivered", status).settled


def test_messages_without_a_record_are_queued_or_cancelled_with_their_request() -> None:
    assert not request("delivered").settled
    assert request(cancelled=True).settled
    assert request(cancelled=True).counts == Counts(1, 0, 2, {"cancelled": 2})
