"""Pauses between tries of the same write, on a clock that stands still but for them."""

import random
import time

import pytest

from schoolsms.adapters.dynamodb.client.retries import LONGEST_PAUSE_SECONDS, tries_within

WITHIN = 20.0
TRY_SECONDS = 0.01


class StandingClock:
    """Moves by what is slept and by each try."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> StandingClock:
    made = StandingClock()
    monkeypatch.setattr(time, "monotonic", lambda: made.now)
    monkeypatch.setattr(time, "sleep", made.sleep)
    monkeypatch.setattr(random, "uniform", lambda _, longest: longest)
    return made


def tried(clock: StandingClock, within: float) -> list[float]:
    """The seconds after which each try began."""
    began, start = [], clock.now
    for _ in tries_within(within):
        began.append(clock.now - start)
        clock.now += TRY_SECONDS
    return began


def test_pauses_double_up_to_two_seconds_so_that_rivals_get_out_of_each_others_way(clock: StandingClock) -> None:
    tried(clock, WITHIN)
    assert clock.slept[:4] == [0.005, 0.01, 0.02, 0.04]
    assert max(clock.slept) == LONGEST_PAUSE_SECONDS == 2.0


def test_the_last_try_is_when_the_time_is_up_and_not_a_pause_later(clock: StandingClock) -> None:
    """Else a function that answers a person in 29 s would be stopped before it said that others were faster."""
    assert tried(clock, WITHIN)[-1] == pytest.approx(WITHIN)


def test_a_write_is_tried_once_even_without_any_time(clock: StandingClock) -> None:
    assert tried(clock, 0) == [0]
