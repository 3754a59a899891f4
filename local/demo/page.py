"""Output of the demo: numbered steps, what the school reads, and a ✓ for each thing that was checked."""

from __future__ import annotations

import sys
import textwrap
import time
from collections.abc import Callable
from typing import TypeVar

from local.players.client import InVain, eventually

T = TypeVar("T")
WIDTH = 100


class CheckFailed(Exception):
    """A check did not hold; the message names it and tells what was found."""


class Page:
    """Prints to standard output, in colours on a terminal."""

    def __init__(self) -> None:
        self.checks = 0
        self.steps = 0
        self._started = time.monotonic()
        self._colours = sys.stdout.isatty()

    @property
    def seconds(self) -> float:
        """Since the start."""
        return time.monotonic() - self._started

    def step(self, title: str) -> None:
        self.steps += 1
        self._print(f"\n{self._bold(f'{self.steps:2}  {title}')}{self._dim(f'  {self.seconds:.0f} s')}")

    def tell(self, text: str) -> None:
        """Plain English about what goes on."""
        for line in text.splitlines():
            self._print(f"    {line}")

    def show(self, text: str) -> None:
        """Show a text that a person reads, in French."""
        for line in text.strip().splitlines():
            for piece in textwrap.wrap(line, WIDTH) or [""]:
                self._print(f"    {self._dim('│')} {piece}".rstrip())

    def check(self, what: str, holds: object, found: object = "") -> None:
        """Raises `CheckFailed` unless `holds`."""
        if not holds:
            self._print(f"    {self._paint('✗', 31)} {what}")
            raise CheckFailed(f"{what}{f' (found: {found})' if found != '' else ''}")
        self.checks += 1
        self._print(f"    {self._paint('✓', 32)} {what}")

    def wait(self, what: str, probe: Callable[[], T], seconds: float = 30) -> T:
        """Check that `probe` becomes true, and hand on what it says then."""
        try:
            seen = eventually(probe, seconds)
        except InVain as in_vain:
            self.check(what, False, in_vain)
            raise
        self.check(what, True)
        return seen

    def summary(self, text: str, *, good: bool) -> None:
        self._print(f"\n{self._paint(text, 32 if good else 31)}")

    def _print(self, line: str) -> None:
        print(line, flush=True)

    def _paint(self, text: str, colour: int) -> str:
        return f"\033[{colour}m{text}\033[0m" if self._colours else text

    def _bold(self, text: str) -> str:
        return self._paint(text, 1)

    def _dim(self, text: str) -> str:
        return self._paint(text, 2)
