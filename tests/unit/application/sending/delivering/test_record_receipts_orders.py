"""The receipts of one message in every order, before and after its handoff was written (R18, R33, R34, R48)."""

from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from schoolsms.domain.errors import TransientError
from schoolsms.domain.sending.delivering.handoffs import Receipt, Uncertain
from schoolsms.domain.sending.send_requests import SendRequest
from tests.support.builders import NOW, UAI
from tests.support.faults.fault_injection import interrupted
from tests.support.sending import Sending

STATUSES: dict[str, Any] = {
    "pending": None,
    "delivered": "delivered",
    "failed": "undeliverable",
    "delivered again": "delivered",
    "unknown code": None,
}
ORDERS = list(permutations(STATUSES))
SECOND = timedelta(seconds=1)

Arrivals = Sequence[str]


@pytest.fixture(params=ORDERS, ids=", ".join)
def order(request: pytest.FixtureRequest) -> Arrivals:
    arrivals: Arrivals = request.param
    return arrivals


class Receiving:
    """A message under way, and its receipts: each a second after the one before, some before its handoff is written."""

    def __init__(self, says: Any = None, *, asked: bool = False, named: bool = False, answer: Any = None) -> None:
        self.sending = Sending(script=[answer] if answer else ())
        self.request: SendRequest = self.sending.accepted()
        self.message_id = f"{self.request.id}-0" if named else None
        self.sending.provider.can_be_asked = asked
        self.given_again: deque[Receipt] = deque()
        if asked:
            self.says(says)

    def says(self, status: Any) -> None:
        """Set the provider's answer when it is asked about the message."""
        known = replace(self.sending.receipt(self.request, status=status), message_id=f"{self.request.id}-0")
        self.sending.provider.receipts[known.provider_message_id] = known

    def take(self, order: Arrivals, early: int) -> None:
        """`early` of them come before the handoff is written."""
        write = "sent_together" if self.sending.provider.can_be_asked else "sent"
        handed_over = interrupted(self.sending.messages, before={write: lambda: self._tell(order[:early])})
        self.sending.dispatch_with(messages=handed_over).dispatch(self.request.id, 0, 0)
        self._tell(order[early:])

    def give_again(self) -> None:
        """As the queue does."""
        again, self.given_again = self.given_again, deque()
        for receipt in again:
            self._record(receipt)

    def _tell(self, names: Arrivals) -> None:
        for name in names:
            self.sending.clock.advance(SECOND)
            receipt = self.sending.receipt(self.request, status=STATUSES[name])
            self._record(replace(receipt, message_id=self.message_id))

    def _record(self, receipt: Receipt) -> None:
        try:
            self.sending.recording.record(receipt)
        except TransientError:
            self.given_again.append(receipt)

    def ended(self) -> tuple[str, Any]:
        """The status and its time, after checking that one SMS was sent, one debited and none given back."""
        assert len(self.sending.provider.offered) == 1
        assert not self.sending.simulated.offered
        assert not self.given_again
        entries = self.sending.ledger.of[UAI]
        assert [entry.amount for entry in entries] == [100, -1]
        assert self.sending.balance() == 99
        assert self.sending.statuses(self.request).keys() == {0}
        state = self.sending.requests.records[self.request.id, 0]
        return state.status, state.final_at


def first_final(order: Arrivals) -> tuple[str, Any]:
    """The status it tells, and when it comes."""
    number, name = next((number, name) for number, name in enumerate(order, 1) if STATUSES[name])
    return STATUSES[name], NOW + number * SECOND


@pytest.mark.parametrize("named", [True, False], ids=["named by our id", "by the provider's id"])
def test_of_a_provider_that_cannot_be_asked_the_first_final_receipt_wins(order: Arrivals, *, named: bool) -> None:
    for early in range(len(order) + 1):
        receiving = Receiving(named=named)
        receiving.take(order, early)
        assert receiving.ended() == first_final(order), early


@pytest.mark.parametrize("says", ["delivered", "undeliverable", "expired"])
def test_of_a_provider_that_can_be_asked_its_word_counts(order: Arrivals, says: Any) -> None:
    for early in range(len(order) + 1):
        receiving = Receiving(says, asked=True)
        receiving.take(order, early)
        assert receiving.ended()[0] == says, early


@pytest.mark.parametrize("says", ["delivered", "undeliverable"])
def test_while_its_books_are_behind_its_receipts_they_are_given_again(order: Arrivals, says: Any) -> None:
    for early in range(len(order) + 1):
        receiving = Receiving(None, asked=True)
        receiving.take(order, early)
        receiving.give_again()
        assert receiving.sending.statuses(receiving.request) == {0: "sent"}, early
        assert [each.status for each in receiving.given_again] == [STATUSES[name] for name in order if STATUSES[name]]

        receiving.says(says)
        settled_at = receiving.sending.clock.time
        receiving.give_again()
        assert receiving.ended() == (says, settled_at), early


def test_a_message_that_may_have_been_taken_is_settled_by_the_same_rules(order: Arrivals) -> None:
    """R34: no answer came to its handoff."""
    receiving = Receiving(named=True, answer=Uncertain("timeout"))
    receiving.take(order, 0)
    assert receiving.ended() == first_final(order)

    receiving = Receiving("delivered", asked=True, answer=Uncertain("timeout"))
    receiving.take(order, 0)
    assert receiving.ended()[0] == "delivered"


def test_a_message_whose_provider_never_settles_ends_with_its_window(order: Arrivals) -> None:
    """R31: forged receipts, or books that stay behind, give nothing back and make nothing final."""
    receiving = Receiving(None, asked=True)
    receiving.take(order, 0)
    sending = receiving.sending
    sending.clock.time = receiving.request.expires_at
    sending.expiring.expire(receiving.request.id)
    receiving.says("delivered")
    receiving.give_again()
    assert receiving.ended() == ("expired", receiving.request.expires_at)
