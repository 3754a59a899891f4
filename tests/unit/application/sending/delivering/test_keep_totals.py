"""Totals of a request that cost the same for 10 and for 10,000 recipients, and are those a recount gives (R33, R35)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from schoolsms.application.sending.delivering import keep_totals
from schoolsms.application.sending.delivering.keep_totals import Changes
from schoolsms.domain.errors import TransientError
from schoolsms.domain.ids import message_id
from schoolsms.domain.sending.delivering.handoffs import LEASE
from schoolsms.domain.sending.delivering.statuses import Final
from schoolsms.domain.sending.send_requests import SendRequest, totals
from tests.support.builders import A_MANAGER, A_SENDER, NOW
from tests.support.faults.fault_injection import Died, dies, interrupted
from tests.support.sending import Sending, command, phones

MESSAGES = 4
INDEXES = st.integers(0, MESSAGES - 1)
FINALS = st.sampled_from(["delivered", "undeliverable", "expired"])


def recount(sending: Sending, request: SendRequest) -> Any:
    states = list(sending.requests.states(request.id).values())
    return totals(request.accepted, states, cancelled=sending.requests.known[request.id].cancelled)


class Histories(RuleBasedStateMachine):
    """Transitions of messages by processes that note them at once, later, twice, amid each other, or after a death."""

    def __init__(self) -> None:
        super().__init__()
        self.sending = Sending()
        self.request = self.sending.accepted(*phones(MESSAGES))
        self.lines = self.sending.requests.lines(self.request, 0)
        self.due: list[Changes] = []
        """Changes that processes did not note: slow ones, and dead ones that their queue runs again."""

    def _page(self) -> Changes:
        changes = Changes()
        changes.page_changed(self.request.id, 0, MESSAGES - 1)
        return changes

    def _dispatched(self, index: int, step: str) -> None:
        """A step of the process that hands a page over."""
        messages, request, line = self.sending.messages, self.request, self.lines[index]
        steps: dict[str, Callable[[], object]] = {
            "claim": lambda: messages.claim(request, line, "ovh", NOW + LEASE),
            "unclaim": lambda: messages.unclaim(request, line, NOW + LEASE),
            "sent": lambda: messages.sent(request, line, "ovh", f"ovh-{index}"),
            "uncertain": lambda: messages.uncertain(request, line),
            "failed": lambda: messages.never_handed_over(request, line, "failed", NOW, None),
            "cancelled": lambda: messages.never_handed_over(request, line, "cancelled", NOW, None),
            "expired": lambda: messages.expired(request, line, NOW),
        }
        steps[step]()
        self.due.append(self._page())

    def _receipted(self, index: int, status: Final | None) -> None:
        receipt = self.sending.receipt(self.request, index, status)
        self.sending.recording._apply(message_id(self.request.id, index), receipt)
        self.due.append(self.sending.recording.changes.taken())

    steps = st.sampled_from(["claim", "unclaim", "sent", "uncertain", "failed", "cancelled", "expired"])

    @rule(index=INDEXES, step=steps)
    def dispatched(self, index: int, step: str) -> None:
        self._dispatched(index, step)

    @rule(index=INDEXES, status=st.none() | FINALS)
    def receipted(self, index: int, status: Final | None) -> None:
        self._receipted(index, status)

    @rule(which=st.randoms(use_true_random=False), again=st.booleans())
    def noted(self, which: Any, again: bool) -> None:
        """In any order; `again`: the process died afterwards, and its queue runs it once more."""
        if self.due:
            changes = which.choice(self.due)
            self.sending.totals.follow(changes)
            if not again:
                self.due.remove(changes)

    @rule(index=INDEXES, step=steps, status=FINALS)
    def noted_while_another_process_changes_and_notes(self, index: int, step: str, status: Final) -> None:
        def other() -> None:
            self._dispatched(index, step)
            self._receipted(index, status)
            for changes in (self.due.pop(), self.due.pop()):
                self.sending.totals.follow(changes)

        self.sending.tallies.meanwhile.append(other)
        self.sending.totals.follow(self._page())

    @rule()
    def polled(self) -> None:
        """It shows every message once, whatever was noted of them."""
        _, counts = self.sending.reading.show(A_SENDER, self.request.id)
        assert sum(counts.values()) == MESSAGES

    @rule()
    def all_noted(self) -> None:
        while self.due:
            self.sending.totals.follow(self.due.pop())

    @invariant()
    def what_is_noted_is_what_a_recount_gives(self) -> None:
        if not self.due:
            assert self.sending.totals.of(self.request) == recount(self.sending, self.request)


Histories.TestCase.settings = settings(max_examples=150, stateful_step_count=25, deadline=None)
TestHistories = Histories.TestCase


def test_a_poll_reads_no_message() -> None:
    sending = Sending()
    request = sending.accepted(*phones(60))
    sending.queueing.queue_request(request.id)
    for page in (0, 1):
        sending.dispatch(request, page)
    sending.requests.records.clear()
    assert sending.reading.show(A_SENDER, request.id)[1] == {"sent": 60}


def test_a_request_sent_before_totals_were_kept_is_counted_once_when_it_is_read() -> None:
    sending = Sending()
    request = sending.accepted(*phones(3))
    sending.dispatch(request)
    sending.tallies.known.clear()
    assert sending.reading.show(A_SENDER, request.id)[1] == {"sent": 3}
    sending.requests.records.clear()
    assert sending.reading.show(A_SENDER, request.id)[1] == {"sent": 3}


def test_a_request_sent_before_totals_were_kept_is_counted_whole_when_one_message_changes() -> None:
    sending = Sending()
    request = sending.accepted(*phones(3))
    sending.dispatch(request)
    sending.tallies.known.clear()
    sending.recording.record(sending.receipt(request, 1))
    sending.recording.note()
    assert sending.tallies.known[request.id].totals(3) == {"sent": 2, "delivered": 1}


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_process_that_dies_at_its_note_is_run_again_and_notes_it_then(when: Any) -> None:
    sending = Sending()
    request = sending.accepted(*phones(2))
    sending.totals.of(request)
    dying = interrupted(sending.totals, **{when: {"follow": dies}})
    receipt = sending.receipt(request)
    for use in (sending.dispatching, sending.recording):
        object.__setattr__(use, "totals", dying if use is sending.dispatching else sending.totals)
    with pytest.raises(Died):
        sending.dispatch(request)
    sending.dispatch(request)
    assert sending.totals.of(request) == {"sent": 2}

    object.__setattr__(sending.recording, "totals", interrupted(sending.totals, **{when: {"follow": dies}}))
    assert sending.recording.record(receipt) == "settled"
    with pytest.raises(Died):
        sending.recording.note()
    assert sending.recording.record(receipt) == "unchanged"
    sending.recording.note()
    assert sending.totals.of(request) == {"sent": 1, "delivered": 1}


def test_a_page_that_could_not_be_noted_is_queued_again() -> None:
    def fail() -> None:
        raise TransientError("DynamoDB: ThrottlingException")

    sending = Sending()
    request = sending.accepted(*phones(2))
    failing = interrupted(sending.totals, before={"follow": fail})
    object.__setattr__(sending.dispatching, "totals", failing)
    assert sending.dispatch(request) == {"again": 1}
    assert sending.dispatch(request) == {"done": 2}
    assert sending.totals.of(request) == {"sent": 2}


def test_the_end_of_the_window_notes_what_was_lost() -> None:
    sending = Sending()
    request = sending.accepted(*phones(3))
    sending.queueing.queue_request(request.id)
    sending.dispatch(request)
    for index in (0, 1):
        sending.recording.record(sending.receipt(request, index))
    sending.recording.changes.taken()
    sending.clock.advance(timedelta(hours=72))
    sending.expiring.expire(request.id)
    assert sending.totals.of(request) == {"delivered": 2, "expired": 1}


def test_the_end_of_the_window_notes_what_another_process_ended_meanwhile() -> None:
    """That one dies before its note, and is not run again after the end."""
    sending = Sending()
    request = sending.accepted()
    sending.totals.of(request)
    sending.clock.time = request.expires_at
    [line] = sending.requests.all_lines(request)

    def cancelled() -> None:
        sending.messages.never_handed_over(request, line, "cancelled", request.expires_at, None)

    ended = interrupted(sending.messages, before={"never_handed_over": cancelled})
    assert replace(sending.expiring, messages=ended).expire(request.id) == {"final": 1}
    assert sending.totals.of(request) == {"cancelled": 1}


def test_a_list_counts_few_requests_that_were_never_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keep_totals, "MOST_COUNTED", 5)
    sending = Sending()
    first, second = (sending.accept(command(text, phones(3)), caller=A_MANAGER).request for text in ("Un", "Deux"))
    for request in (first, second):
        sending.dispatch(request)
    sending.tallies.known.clear()
    assert sending.totals.of_several([first, second]) == {first.id: {"sent": 3}}
    assert sending.totals.of_several([first, second]) == {request.id: {"sent": 3} for request in (first, second)}
