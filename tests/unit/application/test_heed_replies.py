"""A recipient's STOP withdraws the consent; other answers, and forged ones, change nothing (R24)."""

from datetime import timedelta

import pytest

from schoolsms.adapters.providers.aws_replies import parse_reply as parse_aws_reply
from schoolsms.adapters.providers.catalogue import REPLY_PARSERS
from schoolsms.application.accept_receipts import ReceiptCall
from schoolsms.application.heed_replies import HeedReplies, Reply
from schoolsms.domain.consents import ConsentRecord, Proof, with_consent_of
from schoolsms.domain.errors import NotFoundError
from tests.builders import MANAGER, NOW, OTHER_UAI, UAI
from tests.fakes import ManualClock
from tests.fakes_consents import FakeConsentRecords

PHONE = "+33612345650"
PROOF = Proof("J'accepte.", "1", "papier", "moi", NOW - timedelta(days=3))
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def store() -> FakeConsentRecords:
    made = FakeConsentRecords()
    for uai in (UAI, OTHER_UAI):
        made.put(uai, with_consent_of(ConsentRecord(PHONE), PROOF, NOW, MANAGER))
    return made


@pytest.fixture
def heed(store: FakeConsentRecords) -> HeedReplies:
    return HeedReplies(REPLY_PARSERS, lambda provider, _: f"{provider}-secret", store, ManualClock(LATER))


def call(**fields: str) -> ReceiptCall:
    return ReceiptCall(fields)


def test_a_stop_withdraws_the_consent_of_every_school(heed: HeedReplies, store: FakeConsentRecords) -> None:
    assert heed.call("ovh", "ovh-secret", call(sender=PHONE, message="Stop !")) == "withdrawn"

    for uai in (UAI, OTHER_UAI):
        record = store.get(uai, PHONE)
        assert (record.granted, record.withdrawn_at) == (False, LATER)
        assert record.events[-1].by == "le destinataire, par SMS (ovh)"


def test_a_stop_told_again_is_one_withdrawal(heed: HeedReplies, store: FakeConsentRecords) -> None:
    heed.heed(Reply("aws", PHONE, "STOP"))
    before = dict(store.known)

    assert heed.heed(Reply("aws", PHONE, "STOP")) == "withdrawn"
    assert store.known == before


@pytest.mark.parametrize("sender", ["0033612345650", "33612345650", " 33612345650", "0612345650"])
def test_the_number_is_read_as_providers_write_it(heed: HeedReplies, store: FakeConsentRecords, sender: str) -> None:
    assert heed.call("simulated", "ovh-secret", call(sender=sender, message="ARRÊT")) == "withdrawn"
    assert not store.get(UAI, PHONE).granted


@pytest.mark.parametrize(
    "body", [b'{"sender": "+33612345650", "message": "stop"}', b"sender=%2B33612345650&message=stop"]
)
def test_an_answer_may_come_in_the_body(heed: HeedReplies, store: FakeConsentRecords, body: bytes) -> None:
    assert heed.call("ovh", "ovh-secret", ReceiptCall({}, body)) == "withdrawn"
    assert not store.get(UAI, PHONE).granted


def test_another_answer_changes_nothing(heed: HeedReplies, store: FakeConsentRecords) -> None:
    assert heed.call("ovh", "ovh-secret", call(sender=PHONE, message="Merci")) == "not-a-stop"
    assert store.get(UAI, PHONE).granted


@pytest.mark.parametrize("fields", [{}, {"sender": PHONE}, {"message": "STOP"}, {"sender": "36111", "message": "STOP"}])
def test_a_call_that_cannot_be_read_changes_nothing(
    heed: HeedReplies, store: FakeConsentRecords, fields: dict[str, str]
) -> None:
    assert heed.call("ovh", "ovh-secret", call(**fields)) == "malformed"
    assert store.get(UAI, PHONE).granted


@pytest.mark.parametrize(
    ("provider", "secret"), [("ovh", "guess"), ("ovh", ""), ("aws", "aws-secret"), ("x", "x-secret")]
)
def test_a_forged_call_is_not_heeded(heed: HeedReplies, store: FakeConsentRecords, provider: str, secret: str) -> None:
    with pytest.raises(NotFoundError):
        heed.call(provider, secret, call(sender=PHONE, message="STOP"))
    assert store.get(UAI, PHONE).granted


@pytest.mark.parametrize("text", ["", "[]", "[" * 10_000, '{"originationNumber": "+33612345650"}', "nothing"])
def test_what_aws_brings_otherwise_is_no_answer(text: str) -> None:
    assert parse_aws_reply(text) is None


def test_a_number_nobody_knows_may_say_stop(heed: HeedReplies, store: FakeConsentRecords) -> None:
    before = dict(store.known)
    assert heed.heed(Reply("aws", "+33612345699", "STOP")) == "withdrawn"
    assert store.known == before
