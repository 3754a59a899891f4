"""An authentic answer is held, and its id queued, before the provider has its own answer (R24, R33, R48)."""

from datetime import timedelta

import pytest

from schoolsms.adapters.providers.aws_replies import parse_reply as parse_aws_reply
from schoolsms.adapters.providers.registry import REPLY_PARSERS
from schoolsms.application.consents.accept_replies import AcceptReplies
from schoolsms.application.ports.provider_calls import ReceiptCall
from schoolsms.domain.consents.replies import HeldReply, Reply
from schoolsms.domain.errors import NotFoundError, TransientError
from tests.fakes.consents.replies import FakeIncomingReplies
from tests.fakes.core import FakeQueues, ManualClock
from tests.support.builders import NOW
from tests.support.faults.fault_injection import Died, dies, interrupted

PHONE = "+33612345650"


class Door:
    def __init__(self) -> None:
        self.incoming, self.queues, self.clock = FakeIncomingReplies(), FakeQueues(), ManualClock(NOW)
        self.use = AcceptReplies(
            REPLY_PARSERS, lambda provider, _: f"{provider}-secret", self.incoming, self.queues, self.clock
        )

    def call(self, provider: str = "ovh", **fields: str) -> str:
        return self.use.call(provider, "ovh-secret", ReceiptCall(fields))


@pytest.fixture
def door() -> Door:
    return Door()


def test_an_answer_is_held_and_its_id_alone_is_queued(door: Door) -> None:
    assert door.call(sender=PHONE, message="Merci, à demain", id="7") == "queued"
    assert door.queues.replies == ["ovh-7"]
    assert door.incoming.held("ovh-7") == HeldReply("ovh-7", "ovh", PHONE, "Merci, à demain", NOW)


@pytest.mark.parametrize("sender", ["0033612345650", "33612345650", " 33612345650", "0612345650"])
def test_the_number_is_read_as_providers_write_it(door: Door, sender: str) -> None:
    assert door.call("simulated", sender=sender, message="ARRÊT", id="7") == "queued"
    held = door.incoming.held("simulated-7")
    assert held is not None
    assert held.phone == PHONE


@pytest.mark.parametrize(
    "body",
    [
        b'{"sender": "+33612345650", "message": "merci", "id": 7}',
        b'{"sender": "+33612345650", "message": "merci", "id": "7"}',
        b"sender=%2B33612345650&message=merci&id=7",
    ],
)
def test_an_answer_may_come_in_the_body(door: Door, body: bytes) -> None:
    assert door.use.call("ovh", "ovh-secret", ReceiptCall({}, body)) == "queued"
    assert door.queues.replies == ["ovh-7"]


@pytest.mark.parametrize("fields", [{}, {"sender": PHONE}, {"message": "STOP"}, {"sender": "36111", "message": "STOP"}])
def test_a_call_that_cannot_be_read_is_not_held(door: Door, fields: dict[str, str]) -> None:
    assert door.call(**fields) == "malformed"
    assert (door.incoming.known, door.queues.replies) == ({}, [])


@pytest.mark.parametrize(
    ("provider", "secret"), [("ovh", "guess"), ("ovh", ""), ("aws", "aws-secret"), ("x", "x-secret")]
)
def test_a_forged_call_is_not_held(door: Door, provider: str, secret: str) -> None:
    with pytest.raises(NotFoundError):
        door.use.call(provider, secret, ReceiptCall({"sender": PHONE, "message": "STOP"}))
    assert (door.incoming.known, door.queues.replies) == ({}, [])


def test_an_answer_that_could_not_be_queued_is_queued_when_it_is_brought_again(door: Door) -> None:
    """R48: the provider had no answer, so it calls again."""
    reply = Reply("ovh", PHONE, "Merci", "7")
    failing = interrupted(door.queues, before={"reply_due": fails})
    use = AcceptReplies({}, lambda *_: "", door.incoming, failing, door.clock)
    with pytest.raises(TransientError):
        use.take(reply)

    door.clock.advance(timedelta(minutes=5))
    assert door.use.take(reply) == "queued"
    held = door.incoming.held("ovh-7")
    assert held is not None
    assert held.received_at == NOW


@pytest.mark.parametrize("step", ["hold", "reply_due"])
@pytest.mark.parametrize("moment", ["before", "after"])
def test_after_a_death_the_provider_calls_again(door: Door, step: str, moment: str) -> None:
    reply = Reply("ovh", PHONE, "Merci", "7")
    store = interrupted(door.incoming, **{moment: {step: dies}}) if step == "hold" else door.incoming
    queue = interrupted(door.queues, **{moment: {step: dies}}) if step == "reply_due" else door.queues
    with pytest.raises(Died):
        AcceptReplies({}, lambda *_: "", store, queue, door.clock).take(reply)

    assert door.use.take(reply) == "queued"
    assert set(door.queues.replies) == {"ovh-7"}


@pytest.mark.parametrize("text", ["", "[]", "[" * 10_000, '{"originationNumber": "+33612345650"}', "nothing"])
def test_what_aws_brings_otherwise_is_no_answer(text: str) -> None:
    assert parse_aws_reply(text) is None


def fails() -> None:
    raise TransientError("SQS: send")
