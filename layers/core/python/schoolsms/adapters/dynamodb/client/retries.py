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


def tries_within(seconds: float) -> Iterator[None]:
    """Yield once, and again until `seconds` have passed, with pauses in between."""
    give_up_at = time.monotonic() + seconds
    pause = 0.005
    while True:
        yield
        if time.monotonic() > give_up_at:
            return
        time.sleep(random.uniform(0, pause))  # noqa: S311 - spreads rivals, guards nothing
        pause = min(2 * pause, 0.2)
