"""Ten messages at a time: claimed by one write, handed over at once, recorded by another (R24, R27, R30-R34)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from schoolsms.application.sending.delivering.checks_before_handoff import FRESH
from schoolsms.domain.errors import TransientError
from schoolsms.domain.sending.delivering.handoffs import GROUP_SIZE, LEASE, Refused, Unavailable, Uncertain
from schoolsms.domain.sending.send_requests import Line, SendRequest
from tests.fakes.history.messages import FakeMessages
from tests.support.faults.fault_injection import Died, dies, interrupted
from tests.support.sending import Sending, phones


class Writes(FakeMessages):
    """Counts the writes of messages."""

    def __init__(self, sending: Sending) -> None:
        super().__init__(sending.requests)
        self.made: list[str] = []

    def __getattribute__(self, name: str) -> Any:
        found = super().__getattribute__(name)
        if name in ("claim_together", "sent_together", "claim", "sent", "unclaim", "uncertain"):
            self.made.append(name)
        return found


def asked(*script: Any, messages: int = GROUP_SIZE) -> tuple[Sending, SendRequest]:
    """Messages of a provider that can be asked."""
    sending = Sending(script=script)
    sending.provider.can_be_asked = True
    return sending, sending.accepted(*phones(messages))


def test_a_page_costs_two_writes_for_ten_messages() -> None:
    sending, request = asked(messages=50)
    writes = Writes(sending)
    assert sending.dispatch_with(messages=writes).dispatch(request.id, 0, 0) == {"sent": 50}
    assert writes.made == ["claim_together", "sent_together"] * 5
    assert writes.handoffs == {}


def test_only_of_a_provider_that_cannot_be_asked_its_ids_are_kept() -> None:
    sending = Sending()
    request = sending.accepted(*phones(2))
    sending.dispatch(request)
    assert sending.messages.handoffs == {("ovh", f"ovh-{request.id}-{n}"): f"{request.id}-{n}" for n in range(2)}


@pytest.mark.parametrize(("moment", "step"), [("after", "claim_together"), ("before", "sent_together")])
def test_a_process_that_dies_leaves_ten_messages_uncertain_at_most(moment: str, step: str) -> None:
    """R34: they are never offered again, and found where their provider has them."""
    sending, request = asked(messages=50)
    dying: Mapping[str, Any] = {moment: {step: dies}}
    with pytest.raises(Died):
        sending.dispatch_with(messages=interrupted(sending.messages, **dying)).dispatch(request.id, 0, 0)
    offered = len(sending.provider.offered)
    sending.clock.advance(LEASE)
    assert sending.dispatch(request) == {"uncertain": GROUP_SIZE, "sent": 40}
    assert len(sending.provider.offered) == offered + 40
    for sms in sending.provider.offered[:offered]:
        known = replace(sending.receipt(request), status=None, message_id=sms.message_id)
        sending.provider.receipts[sms.message_id] = known
    left = {"uncertain": GROUP_SIZE - offered} if offered < GROUP_SIZE else {}
    assert sending.dispatch(request, attempt=1) == {"done": 40 + offered, **left}
    assert len(sending.provider.offered) == offered + 40


def test_a_group_that_another_process_has_is_left_to_it() -> None:
    sending, request = asked()
    rival = interrupted(sending.messages, before={"claim_together": lambda: sending.dispatch(request)})
    assert sending.dispatch_with(messages=rival).dispatch(request.id, 0, 0) == {"again": GROUP_SIZE}
    assert len(sending.provider.offered) == GROUP_SIZE


def test_what_a_provider_refused_of_a_page_is_released_by_one_entry() -> None:
    """R30."""
    sending, request = asked(Refused("no"), Unavailable("503"), Refused("no"), Uncertain("timeout"), messages=12)
    assert sending.dispatch(request) == {"failed": 2, "again": 1, "uncertain": 1, "sent": 8}
    assert sending.released() == [(f"release:{request.id}-0..2", 2)]
    assert sending.statuses(request) == {
        **dict.fromkeys(range(12), "sent"),
        0: "failed",
        1: "queued",
        2: "failed",
        3: "uncertain",
    }


def test_dying_before_the_refused_ones_are_released_has_them_refused_again() -> None:
    """R30: nobody pays for them."""
    sending, request = asked(*[Refused("no")] * 4, messages=2)
    dying = interrupted(sending.messages, before={"none_handed_over": dies})
    with pytest.raises(Died):
        sending.dispatch_with(messages=dying).dispatch(request.id, 0, 0)
    assert sending.dispatch(request) == {"failed": 2}
    assert sending.released() == [(f"release:{request.id}-0..1", 2)]


def slow(sending: Sending, between: Any) -> Any:
    """The line, but a second goes by after the claim, and `between` happens."""

    def each(work: Any, lines: Sequence[Line]) -> list[Any]:
        if not sending.provider.offered:
            sending.clock.advance(FRESH)
            between()
        return [work(line) for line in lines]

    return replace(sending.dispatching, each=each)


def test_a_suspension_between_claim_and_handoff_stops_the_whole_group() -> None:
    """R27."""
    sending, request = asked()
    assert slow(sending, sending.suspend).dispatch(request.id, 0, 0) == {"cancelled": GROUP_SIZE}
    assert sending.provider.offered == []
    assert sending.balance() == 100


def test_a_withdrawal_between_claim_and_handoff_stops_that_message() -> None:
    """R24."""
    sending, request = asked()
    withdrawn = phones(GROUP_SIZE)[3]
    line = slow(sending, lambda: sending.consents.withdrawn.add(withdrawn))
    assert line.dispatch(request.id, 0, 0) == {"sent": GROUP_SIZE - 1, "cancelled": 1}
    assert withdrawn not in [sms.phone for sms in sending.provider.offered]
    assert sending.requests.records[request.id, 3].reason == "consent-withdrawn"


def test_consents_that_cannot_be_read_after_the_claim_leave_nothing_uncertain() -> None:
    sending, request = asked()
    faltering: list[datetime] = []

    def falter() -> None:
        faltering.append(sending.clock.now())

    class Consents:
        def granted(self, uai: str, wanted: Any) -> frozenset[str]:
            if len(faltering) == 1:
                falter()
                raise TransientError("throttled")
            return sending.consents.granted(uai, wanted)

    line = replace(slow(sending, falter), consents=Consents())
    assert line.dispatch(request.id, 0, 0) == {"again": 1, "sent": GROUP_SIZE - 1}
    assert sending.statuses(request)[0] == "queued"
    assert sending.dispatch(request, attempt=1) == {"sent": 1, "done": GROUP_SIZE - 1}


def test_answers_that_cannot_be_written_together_are_written_each_by_itself() -> None:
    sending, request = asked(Unavailable("503"), Refused("no"))

    def falter() -> None:
        raise TransientError("throttled")

    faltering = interrupted(sending.messages, before={"sent_together": falter})
    result = sending.dispatch_with(messages=faltering).dispatch(request.id, 0, 0)
    assert result == {"again": 1, "failed": 1, "sent": GROUP_SIZE - 2}
    assert sending.statuses(request) == {**dict.fromkeys(range(GROUP_SIZE), "sent"), 0: "queued", 1: "failed"}


def test_a_receipt_that_comes_before_the_answers_are_written_stands() -> None:
    """R33."""
    sending, request = asked()
    sending.clock.advance(timedelta(seconds=1))

    def receipt() -> None:
        assert sending.messages.settle(f"{request.id}-3", "ovh", "undeliverable", sending.clock.now())

    early = interrupted(sending.messages, before={"sent_together": receipt})
    assert sending.dispatch_with(messages=early).dispatch(request.id, 0, 0) == {"sent": GROUP_SIZE}
    assert sending.statuses(request) == {**dict.fromkeys(range(GROUP_SIZE), "sent"), 3: "undeliverable"}
    assert sending.totals.of(request) == {"sent": GROUP_SIZE - 1, "undeliverable": 1}


def test_answers_written_after_the_claims_ended_still_count() -> None:
    sending, request = asked()

    def late() -> None:
        sending.clock.advance(LEASE)
        assert sending.dispatch(request) == {"uncertain": GROUP_SIZE}

    slowly = interrupted(sending.messages, before={"sent_together": late})
    assert sending.dispatch_with(messages=slowly).dispatch(request.id, 0, 0) == {"sent": GROUP_SIZE}
    assert set(sending.statuses(request).values()) == {"sent"}
    assert sending.totals.of(request) == {"sent": GROUP_SIZE}


def test_the_end_of_the_window_claims_what_was_in_no_group_before_it_releases_it() -> None:
    """R30, R31: a process that read nothing before the end hands nothing over that was released."""
    sending, request = asked(messages=12)
    sending.clock.time = request.expires_at - timedelta(seconds=1)

    def at_the_end() -> None:
        sending.clock.time = request.expires_at
        assert sending.expiring.expire(request.id) == {"failed": 12}

    late = interrupted(sending.messages, before={"claim_together": at_the_end})
    assert sending.dispatch_with(messages=late).dispatch(request.id, 0, 0) == {"again": 12}
    assert sending.provider.offered == []
    assert sending.released() == [(f"release:{request.id}-0..11", 12)]
