from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any, Literal

import pytest

from schoolsms.application.sending.delivering.expire_messages import ExpireMessages
from schoolsms.domain.errors import TransientError
from schoolsms.domain.sending.delivering.handoffs import (
    LEASE,
    Accepted,
    HandoffAnswer,
    Receipt,
    Refused,
    Unavailable,
    Uncertain,
)
from schoolsms.domain.sending.send_requests import SendRequest
from tests.support.faults.fault_injection import Died, dies, interrupted
from tests.support.sending import WINDOW, Sending, phone, phones

SECOND = timedelta(seconds=1)


def at_the_end(sending: Sending, request: SendRequest) -> dict[str, int]:
    """Expire the request at 72:00:00 and count the outcomes."""
    sending.clock.time = request.expires_at
    return dict(sending.expiring.expire(request.id))


def claimed_before(step: str, sending: Sending, request: SendRequest, index: int = 0) -> ExpireMessages:
    """The use case at 72:00:00, with a message being claimed by somebody else just before `step`."""
    line = sending.requests.all_lines(request)[index]
    sending.clock.time = request.expires_at
    claim = partial(sending.messages.claim, request, line, "ovh", request.expires_at + LEASE)
    return replace(sending.expiring, messages=interrupted(sending.messages, before={step: claim}))


def test_at_71_59_59_it_is_not_and_at_72_00_00_it_is() -> None:
    """R31."""
    sending = Sending()
    request = sending.accepted()
    sending.dispatch(request)
    sending.clock.advance(WINDOW - SECOND)
    with pytest.raises(TransientError):
        sending.expiring.expire(request.id)
    assert sending.statuses(request) == {0: "sent"}
    sending.clock.advance(SECOND)
    assert sending.expiring.expire(request.id) == {"expired": 1}
    state = sending.requests.records[request.id, 0]
    assert (state.status, state.final_at) == ("expired", request.expires_at)


def test_what_was_handed_over_or_maybe_is_consumed() -> None:
    """R30, R31, R34."""
    sending = Sending(script=[Uncertain("timeout")])
    request = sending.accepted(*phones(2))
    sending.dispatch(request)
    assert at_the_end(sending, request) == {"expired": 2}
    assert sending.balance() == 98


def test_what_was_never_handed_over_failed_and_is_released() -> None:
    """R30, R31: neither what was never tried nor what no provider took."""
    sending = Sending(stock=102, script=[Unavailable("503")])
    request = sending.accepted(*phones(51), text="a" * 161)
    assert sending.balance() == 0
    sending.dispatch(request, page=1)
    assert at_the_end(sending, request) == {"failed": 51}
    assert sending.balance() == 102
    assert set(sending.statuses(request).values()) == {"failed"}


def test_test_numbers_fail_without_release() -> None:
    sending = Sending(stock=0)
    request = sending.accepted("0639980001")
    assert at_the_end(sending, request) == {"failed": 1}
    assert sending.ledger.of == {}


def test_what_is_final_stays_as_it_is() -> None:
    """R33."""
    sending = Sending(script=[Refused("no")])
    request = sending.accepted(*phones(3))
    sending.dispatch(request)
    sending.recording.record(sending.receipt(request, 1))
    before = dict(sending.requests.records)
    assert at_the_end(sending, request) == {"final": 2, "expired": 1}
    assert sending.statuses(request) == {0: "failed", 1: "delivered", 2: "expired"}
    assert sending.requests.records[request.id, 0] == before[request.id, 0]
    assert sending.balance() == 98


def test_closed_twice_is_closed_once() -> None:
    sending = Sending()
    request = sending.accepted(*phones(2))
    assert at_the_end(sending, request) == {"failed": 2}
    sending.clock.advance(timedelta(hours=1))
    assert sending.expiring.expire(request.id) == {"final": 2}
    assert sending.released() == [(f"release:{request.id}-0..1", 2)]
    assert sending.requests.records[request.id, 0].final_at == request.expires_at


@pytest.mark.parametrize("moment", ["before", "after"])
def test_stopped_halfway_it_goes_on(moment: str) -> None:
    """R48."""
    sending = Sending()
    request = sending.accepted(*phones(60))
    sending.dispatch(request, page=1)
    sending.clock.time = request.expires_at
    dying = (
        interrupted(sending.messages, before={"expired": dies})
        if moment == "before"
        else interrupted(sending.messages, after={"expired": dies})
    )
    with pytest.raises(Died):
        replace(sending.expiring, messages=dying).expire(request.id)
    sending.expiring.expire(request.id)
    statuses = list(sending.statuses(request).values())
    assert (statuses.count("failed"), statuses.count("expired")) == (50, 10)
    assert sending.balance() == 90


def test_of_a_page_what_nobody_took_goes_back_in_one_entry() -> None:
    """R30: 10,000 entries of one SMS each would crowd the ledger, and outlast the function."""
    sending = Sending(stock=200, script=[Accepted("ovh-1")])
    request = sending.accepted(*phones(120))
    sending.provider.script += [Unavailable("503")] * 49
    sending.dispatch(request, page=0)
    assert at_the_end(sending, request) == {"expired": 1, "failed": 119}
    assert [amount for _, amount in sending.released()] == [49, 50, 20]
    assert sending.balance() == 199


@pytest.mark.parametrize("moment", ["before", "after"])
def test_stopped_at_the_entry_of_a_page_it_goes_on(moment: Literal["before", "after"]) -> None:
    """R30, R48."""
    sending = Sending()
    request = sending.accepted(*phones(60))
    sending.clock.time = request.expires_at
    dying: Any = interrupted(sending.messages, **{moment: {"none_handed_over": dies}})
    with pytest.raises(Died):
        replace(sending.expiring, messages=dying).expire(request.id)
    sending.expiring.expire(request.id)
    assert set(sending.statuses(request).values()) == {"failed"}
    assert [amount for _, amount in sending.released()] == [50, 10]
    assert sending.balance() == 100


def test_a_message_claimed_as_its_page_is_closed_keeps_the_others_from_nothing() -> None:
    """R30: the entry of the page is refused, so each goes back on its own."""
    sending = Sending()
    request = sending.accepted(*phones(3))
    with pytest.raises(TransientError):
        claimed_before("none_handed_over", sending, request, 1).expire(request.id)
    assert sending.statuses(request) == {0: "failed", 1: "claimed", 2: "failed"}
    sending.clock.advance(LEASE)
    assert sending.expiring.expire(request.id) == {"final": 2, "expired": 1}
    assert sending.balance() == 99


def test_a_claim_that_nobody_came_back_to_is_consumed() -> None:
    """R30, R34: it may have been taken."""
    sending = Sending()
    request = sending.accepted()
    with pytest.raises(Died):
        sending.dispatch_with(messages=interrupted(sending.messages, after={"claim_together": dies})).dispatch(
            request.id, 0, 0
        )
    assert at_the_end(sending, request) == {"expired": 1}
    assert sending.balance() == 99


def test_a_message_handed_over_at_the_very_end_is_not_released() -> None:
    """R30: it is claimed between our look at it and our release, so what its provider says decides."""
    sending = Sending()
    request = sending.accepted()
    with pytest.raises(TransientError):
        claimed_before("never_handed_over", sending, request).expire(request.id)
    sending.clock.advance(LEASE)
    assert sending.expiring.expire(request.id) == {"expired": 1}
    assert sending.released() == []
    assert sending.balance() == 99


def test_a_page_in_flight_at_the_end_hands_over_nothing_that_was_released() -> None:
    """R30, R31: dispatching looked before the end, and claims after it."""
    sending = Sending()
    request = sending.accepted(*phones(2))
    sending.clock.time = request.expires_at - SECOND
    slow = interrupted(sending.messages, before={"claim_together": lambda: at_the_end(sending, request)})
    assert sending.dispatch_with(messages=slow).dispatch(request.id, 0, 0) == {"again": 2}
    assert sending.provider.offered == []
    assert sending.balance() == 100
    assert sending.dispatch(request, attempt=1) == {}


def test_a_claim_put_back_at_the_very_end_leaves_nothing_queued_for_ever() -> None:
    """R30, R31: claimed when we would release it, put back by its owner afterwards."""
    sending = Sending()
    request = sending.accepted()
    with pytest.raises(TransientError):
        claimed_before("never_handed_over", sending, request).expire(request.id)
    [line] = sending.requests.all_lines(request)
    sending.messages.unclaim(request, line, request.expires_at + LEASE)
    assert sending.expiring.expire(request.id) == {"failed": 1}
    assert sending.balance() == 100


def test_a_receipt_at_the_very_end_is_not_overwritten() -> None:
    """R33."""
    sending = Sending()
    request = sending.accepted()
    sending.dispatch(request)
    sending.clock.time = request.expires_at
    racing = interrupted(
        sending.messages, before={"expired": lambda: sending.recording.record(sending.receipt(request))}
    )
    assert replace(sending.expiring, messages=racing).expire(request.id) == {"final": 1}
    assert sending.statuses(request) == {0: "delivered"}


def test_a_cancelled_request_has_nothing_to_close() -> None:
    """R29: its debit was released when it was cancelled."""
    sending = Sending()
    request = sending.accepted(phone(0))
    sending.requests.known[request.id] = replace(request, cancelled=True)
    assert at_the_end(sending, request) == {}
    assert sending.released() == []


def test_a_request_that_was_purged_has_nothing_left_to_close() -> None:
    assert Sending().expiring.expire("NONE") == {}


# ------------------------------------------------------------------ the provider's last word


def handed_over_unheard(script: Sequence[HandoffAnswer] = ()) -> tuple[Sending, SendRequest]:
    """Three messages of a provider that can be asked; no receipt of it was heard."""
    sending = Sending(script=script)
    sending.provider.can_be_asked = True
    request = sending.accepted(*phones(3))
    sending.dispatch(request)
    return sending, request


def knows(sending: Sending, request: SendRequest, index: int, status: Any) -> None:
    sending.provider.receipts[str(index)] = Receipt("ovh", str(index), status, "1", f"{request.id}-{index}")


def test_a_provider_that_can_be_asked_has_the_last_word() -> None:
    """R34, R48: its receipt was lost, or came to a secret address that was changed meanwhile."""
    sending, request = handed_over_unheard([Uncertain("timeout")])
    knows(sending, request, 0, "delivered")
    knows(sending, request, 1, "undeliverable")
    knows(sending, request, 2, None)
    assert at_the_end(sending, request) == {"settled": 2, "expired": 1}
    assert sending.statuses(request) == {0: "delivered", 1: "undeliverable", 2: "expired"}
    assert sending.balance() == 97


def test_one_that_does_not_answer_holds_up_no_end() -> None:
    sending, request = handed_over_unheard()
    knows(sending, request, 1, "delivered")
    sending.provider.down = True
    assert at_the_end(sending, request) == {"expired": 3}
    assert sending.provider.asked == 1, "it is asked no more"


def test_one_that_answers_slowly_holds_up_the_end_for_five_minutes_at_most() -> None:
    sending, request = handed_over_unheard()
    for index in range(3):
        knows(sending, request, index, "delivered")
    sending.provider.takes = lambda: sending.clock.advance(timedelta(minutes=3))
    assert at_the_end(sending, request) == {"settled": 2, "expired": 1}


def test_what_is_final_or_was_never_taken_is_not_asked_about() -> None:
    sending, request = handed_over_unheard([Refused("no"), Unavailable("503")])
    sending.messages.settle(f"{request.id}-2", "ovh", "delivered", sending.clock.now())
    assert at_the_end(sending, request) == {"final": 2, "failed": 1}
    assert sending.provider.asked == 0


def test_a_receipt_while_the_provider_is_asked_comes_first() -> None:
    """R33."""
    sending, request = handed_over_unheard()
    for index in range(3):
        knows(sending, request, index, "delivered")
    sending.provider.takes = lambda: sending.messages.settle(
        f"{request.id}-0", "ovh", "undeliverable", sending.clock.now()
    )
    assert at_the_end(sending, request) == {"settled": 2, "final": 1}
    assert sending.statuses(request) == {0: "undeliverable", 1: "delivered", 2: "delivered"}
