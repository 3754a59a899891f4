"""Progress messages while something takes long, and the end of a long output when it fails."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SECONDS_BETWEEN = 15.0


@contextmanager
def heartbeat(first: str, again: str, say: Callable[[str], None], seconds: float = SECONDS_BETWEEN) -> Iterator[None]:
    """Say `first`, then `again` every so many seconds until the block ends."""
    ended = threading.Event()

    def beat() -> None:
        while not ended.wait(seconds):
            say(again)

    say(first)
    beating = threading.Thread(target=beat, daemon=True)
    beating.start()
    try:
        yield
    finally:
        ended.set()
        beating.join()


def last_error(output: str) -> str:
    """The last line of `output` that names an error, or its last line."""
    lines = [" ".join(line.split()) for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if "error" in line.lower()]
    return (errors or lines or ["it said nothing"])[-1]
