"""The statuses of all messages of a request in one value (R33, R35)."""

from itertools import permutations

import pytest

from schoolsms.domain.sending.delivering.statuses import FINAL, STATUSES, Status
from schoolsms.domain.sending.tallies import Tally
from tests.support.builders import NOW

NONE = Tally(NOW)


def test_messages_that_nobody_noted_are_queued() -> None:
    assert NONE.totals(3) == {"queued": 3}
    assert NONE.noted({}).totals(0) == {}


def test_every_status_is_counted() -> None:
    tally = NONE.noted(dict(enumerate(STATUSES)))
    assert tally.totals(len(STATUSES)) == dict.fromkeys(STATUSES, 1)


def test_indexes_of_refused_recipients_count_for_nothing() -> None:
    assert NONE.noted({29_999: "delivered"}).totals(1) == {"delivered": 1}


@pytest.mark.parametrize("final", sorted(FINAL))
def test_whatever_is_noted_late_a_final_status_stays(final: Status) -> None:
    for late in STATUSES:
        assert NONE.noted({0: final}).noted({0: late}).totals(1) == {final: 1}


def test_the_order_in_which_a_message_that_was_sent_is_noted_does_not_matter() -> None:
    story: list[Status] = ["queued", "uncertain", "sent", "delivered"]
    for order in permutations(story):
        tally = NONE
        for status in order:
            tally = tally.noted({0: status})
        assert tally.totals(1) == {"delivered": 1}, order
    assert NONE.noted({0: "sent"}).noted({0: "uncertain"}).totals(1) == {"sent": 1}


def test_a_message_that_was_perhaps_handed_over_may_be_queued_again() -> None:
    assert NONE.noted({0: "uncertain"}).noted({0: "queued"}).totals(1) == {"queued": 1}
