"""Another provider, but only for what the first certainly did not take; and what may be taken is asked (R32, R34)."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from schoolsms.application.sending.delivering.dispatch_messages import ASKED_ATTEMPTS
from schoolsms.domain.sending.delivering.handoffs import (
    LATEST_START,
    LEASE,
    Accepted,
    HandoffAnswer,
    Receipt,
    Refused,
    Unavailable,
    Uncertain,
)
from schoolsms.domain.sending.send_requests import Line, SendRequest
from tests.fakes.sending.providers import ScriptedProvider
from tests.support.faults.fault_injection import Died, dies, interrupted
from tests.support.sending import Sending, phones

DOWN = Unavailable("503")


class Two:
    """A school whose messages may go by `ovh`, else by `aws`."""

    def __init__(self, first: list[HandoffAnswer], second: list[HandoffAnswer] | None = None) -> None:
        self.sending = Sending(script=first)
        self.ovh = self.sending.provider
        self.aws = ScriptedProvider("aws", list(second or ()))
        self.sending.providers.others = [self.aws]
        self.request = self.sending.accepted()

    def offered(self) -> tuple[int, int]:
        return len(self.ovh.offered), len(self.aws.offered)

    def record(self) -> tuple[str, str | None]:
        """Status, and who has the message or may have it."""
        state = self.sending.requests.records[self.request.id, 0]
        return state.status, state.provider

    def dispatch(self, attempt: int = 0) -> Any:
        return self.sending.dispatch(self.request, attempt=attempt)

    def dispatch_dying(self, **where: Any) -> None:
        with pytest.raises(Died):
            self.sending.dispatch_with(messages=interrupted(self.sending.messages, **where)).dispatch(
                self.request.id, 0, 0
            )


def test_what_the_first_did_not_take_goes_to_the_second_at_once() -> None:
    two = Two([DOWN])
    assert two.dispatch() == {"sent": 1}
    assert two.offered() == (1, 1)
    assert two.record() == ("sent", "aws")
    assert two.sending.messages.by_provider_id("aws", f"aws-{two.request.id}-0") == f"{two.request.id}-0"
    assert two.sending.queues.again == []


@pytest.mark.parametrize("answer", [Uncertain("timeout"), Refused("invalid"), Accepted("1")])
def test_what_the_first_may_have_taken_or_refused_is_never_offered_to_another(answer: HandoffAnswer) -> None:
    """R34: and a number that is invalid is so everywhere."""
    two = Two([answer])
    for attempt in range(3):
        two.dispatch(attempt)
    assert two.offered() == (1, 0)


def test_what_the_second_may_have_taken_does_not_come_back_to_the_first() -> None:
    """R34."""
    two = Two([DOWN], [Uncertain("timeout")])
    assert two.dispatch() == {"uncertain": 1}
    assert two.record() == ("uncertain", "aws")
    for attempt in (1, 2):
        two.dispatch(attempt)
    assert two.offered() == (1, 1)


def test_while_all_are_down_the_message_waits() -> None:
    two = Two([DOWN] * 3, [DOWN] * 2)
    assert two.dispatch() == {"again": 1}
    assert two.dispatch(1) == {"again": 1}
    assert two.record()[0] == "queued"
    assert two.dispatch(2) == {"sent": 1}
    assert two.record() == ("sent", "aws")
    assert two.sending.released() == []


def test_a_refusal_of_the_second_releases_once() -> None:
    """R30."""
    two = Two([DOWN], [Refused("opted-out")])
    assert two.dispatch() == {"failed": 1}
    assert two.dispatch(1) == {"done": 1}
    assert two.sending.balance() == 100


def test_the_record_names_each_provider_before_it_is_called() -> None:
    """So that whoever finds the claim of a dead worker knows who may have the message."""
    two = Two([DOWN])
    seen = []
    for provider in (two.ovh, two.aws):
        offer = provider.hand_off

        def look(sms: Any, offer: Callable[..., HandoffAnswer] = offer) -> HandoffAnswer:
            seen.append(two.record())
            return offer(sms)

        provider.hand_off = look  # type: ignore[method-assign]
    two.dispatch()
    assert seen == [("claimed", "ovh"), ("claimed", "aws")]


def test_dying_between_two_providers_leaves_the_message_waiting() -> None:
    two = Two([DOWN])
    two.dispatch_dying(after={"unclaim": dies})
    assert two.record()[0] == "queued"
    assert two.dispatch(1) == {"sent": 1}
    assert two.offered() == (2, 0)


def test_dying_while_the_second_has_it_leaves_it_uncertain_and_with_the_second() -> None:
    """R34."""
    two = Two([DOWN])
    two.dispatch_dying(before={"sent": dies})
    two.sending.clock.advance(LEASE)
    assert two.dispatch(1) == {"uncertain": 1}
    assert two.record() == ("uncertain", "aws")
    assert two.offered() == (1, 1)


def test_another_worker_may_claim_between_two_providers_and_the_phone_gets_one_sms() -> None:
    """R32: our second claim finds theirs, and gives way."""
    two = Two([DOWN])
    rival = interrupted(two.sending.messages, after={"unclaim": lambda: two.dispatch()})
    assert two.sending.dispatch_with(messages=rival).dispatch(two.request.id, 0, 0) == {"again": 1}
    assert two.offered() == (2, 0)
    assert two.record() == ("sent", "ovh")


def test_an_unclaim_that_comes_late_undoes_no_later_claim() -> None:
    """R32: written, its answer lost, and written again after another worker had claimed."""
    two = Two([])
    [line] = two.sending.requests.all_lines(two.request)
    now = two.sending.clock.now()
    two.sending.messages.claim(two.request, line, "ovh", now + LEASE)
    two.sending.messages.unclaim(two.request, line, now + LEASE)
    two.sending.messages.claim(two.request, line, "aws", now + 2 * LEASE)
    two.sending.messages.unclaim(two.request, line, now + LEASE)
    assert two.record() == ("claimed", "aws")


def test_a_suspension_between_two_providers_stops_the_message() -> None:
    """R27."""
    two = Two([DOWN])

    def suspended() -> None:
        two.sending.suspend()
        two.sending.clock.advance(timedelta(seconds=1))

    slow = interrupted(two.sending.messages, after={"unclaim": suspended})
    assert two.sending.dispatch_with(messages=slow).dispatch(two.request.id, 0, 0) == {"cancelled": 1}
    assert two.offered() == (1, 0)


def test_no_second_provider_is_asked_once_the_window_has_ended() -> None:
    """R31."""
    two = Two([DOWN])

    def ended() -> None:
        two.sending.clock.time = two.request.expires_at

    slow = interrupted(two.sending.messages, after={"unclaim": ended})
    assert two.sending.dispatch_with(messages=slow).dispatch(two.request.id, 0, 0) == {"again": 1}
    assert two.offered() == (1, 0)


def test_a_page_that_takes_too_long_leaves_the_rest_for_its_next_turn() -> None:
    """A function stopped amid a handoff would leave a message uncertain."""
    sending = Sending()
    request = sending.accepted(*phones(50))

    def slowly(work: Any, lines: Sequence[Line]) -> list[Any]:
        done = [work(line) for line in lines]
        sending.clock.advance(timedelta(seconds=15))
        return done

    slow = replace(sending.dispatching, each=slowly)  # 30 s a group: its handoffs, and what is written of each
    assert slow.dispatch(request.id, 0, 0) == {"sent": 40, "again": 10}
    assert slow.dispatch(request.id, 0, 1) == {"sent": 10, "done": 40}
    assert len(sending.provider.offered) == 50


def test_a_message_that_is_not_offered_soon_after_its_claim_waits_and_is_not_uncertain() -> None:
    """Its claim might end before its provider answers."""
    sending = Sending()
    request = sending.accepted(*phones(3))
    offer = sending.provider.hand_off

    def slowly(sms: Any) -> HandoffAnswer:
        sending.clock.advance(LATEST_START)
        return offer(sms)

    sending.provider.hand_off = slowly  # type: ignore[method-assign]
    assert sending.dispatch(request) == {"sent": 1, "again": 2}
    assert sending.statuses(request) == {0: "sent", 1: "queued", 2: "queued"}
    assert sending.dispatch(request, attempt=1) == {"sent": 2, "done": 1}


# ------------------------------------------------------------------ asking what became of it (R34)


def uncertain() -> tuple[Sending, SendRequest]:
    """A message that may have been taken by a provider that can be asked."""
    sending = Sending(script=[Uncertain("timeout")])
    sending.provider.can_be_asked = True
    request = sending.accepted()
    assert sending.dispatch(request) == {"uncertain": 1}
    assert sending.queues.again == [(request.id, 0, 1, 1)]
    return sending, request


def known_receipts(request: SendRequest, status: Any) -> dict[str, Receipt]:
    return {"77": Receipt("ovh", "77", status, "1", f"{request.id}-0")}


@pytest.mark.parametrize(
    ("status", "shown"), [("delivered", "delivered"), ("undeliverable", "undeliverable"), (None, "sent")]
)
def test_a_provider_that_can_be_asked_settles_what_was_uncertain(status: Any, shown: str) -> None:
    sending, request = uncertain()
    sending.provider.receipts = known_receipts(request, status)
    assert sending.dispatch(request, attempt=1) == {"done": 1}
    assert sending.statuses(request) == {0: shown}
    assert len(sending.provider.offered) == 1
    assert sending.queues.again == [(request.id, 0, 1, 1)]


def test_what_the_provider_does_not_know_is_asked_for_again_and_never_offered_again() -> None:
    """No proof that it was not taken."""
    sending, request = uncertain()
    for attempt in range(1, ASKED_ATTEMPTS + 3):
        assert sending.dispatch(request, attempt=attempt) == {"uncertain": 1}
    assert len(sending.provider.offered) == 1
    assert [again[2] for again in sending.queues.again] == list(range(1, ASKED_ATTEMPTS + 1))


def test_a_provider_that_does_not_answer_a_question_holds_up_no_other_message() -> None:
    sending = Sending(script=[Uncertain("timeout"), DOWN])
    sending.provider.can_be_asked = True
    request = sending.accepted(*phones(2))
    sending.dispatch(request)
    sending.provider.down = True
    assert sending.dispatch(request, attempt=1) == {"uncertain": 1, "sent": 1}


def test_a_receipt_may_be_first_and_wins() -> None:
    """R33."""
    sending, request = uncertain()
    sending.provider.receipts = known_receipts(request, "undeliverable")

    def receipt() -> None:
        sending.provider.receipts = known_receipts(request, "delivered")
        assert sending.recording.record(Receipt("ovh", "77", "delivered", "1")) == "settled"

    racing = interrupted(sending.messages, before={"sent": receipt})
    sending.dispatch_with(messages=racing).dispatch(request.id, 0, 1)
    assert sending.statuses(request) == {0: "delivered"}


def test_a_provider_that_cannot_be_asked_is_looked_at_no_more() -> None:
    sending = Sending(script=[Uncertain("timeout")])
    request = sending.accepted()
    sending.dispatch(request)
    assert sending.dispatch(request, attempt=1) == {"done": 1}
    assert sending.statuses(request) == {0: "uncertain"}
    assert len(sending.queues.again) == 1
