"""An erasure of a number with a long history takes several calls (R45)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.fakes.consents.consents import FakePhoneOccurrences
from tests.support.builders import A_MANAGER
from tests.unit.application.consents.test_exercise_rights import COLLECTED, PERSON, Rights


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Rights:
    """A school whose every request takes a second to erase."""
    rights = Rights()
    clock, erase = rights.sending.clock, FakePhoneOccurrences.erase

    def slowly(self: FakePhoneOccurrences, *about: Any) -> int:
        clock.advance(timedelta(seconds=1))
        return erase(self, *about)

    monkeypatch.setattr(FakePhoneOccurrences, "erase", slowly)
    return rights


def test_a_long_history_is_gone_on_with_and_again_finds_nothing_left(slow: Rights) -> None:
    for _ in range(45):
        slow.sending.accepted(PERSON)
        slow.sending.clock.advance(timedelta(seconds=1))
    counts, cursor = [], None
    while True:
        done = slow.use.erase(A_MANAGER, PERSON, cursor)
        counts.append(done.messages)
        cursor = done.cursor
        if cursor is None:
            break

    assert counts == [18, 18, 9]
    assert slow.use.erase(A_MANAGER, PERSON, None).messages == 0


def test_an_erasure_that_is_gone_on_with_leaves_the_new_holder_alone(slow: Rights) -> None:
    """A person left the number; it took two calls to erase, and somebody else consented between them."""
    for _ in range(20):
        slow.sending.accepted(PERSON)
        slow.sending.clock.advance(timedelta(seconds=1))
    first = slow.use.erase(A_MANAGER, PERSON, None)
    theirs = replace(COLLECTED, collected_at=slow.sending.clock.now(), new_holder=True)
    assert slow.keep.put(A_MANAGER, PERSON, theirs)[0].granted
    slow.sending.accepted(PERSON)

    second = slow.use.erase(A_MANAGER, PERSON, first.cursor)

    assert (first.messages, second.messages, second.cursor) == (18, 2, None)
    assert second.record.granted
    assert [each.phone for each in slow.use.show(A_MANAGER, PERSON, None).messages] == [PERSON]
    slow.sending.clock.advance(timedelta(seconds=1))
    assert not slow.use.erase(A_MANAGER, PERSON, None).record.granted
