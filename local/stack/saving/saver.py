"""Saves the embedded cloud every few seconds while it works, and once more when it stops.

A save is made by a fork: the copy has everything as it was at one moment, between two calls, and writes it while the
cloud works on. Runs in MiniStack's environment, but knows nothing of MiniStack.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import signal
import time
import warnings
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NoReturn

from local.stack.saving import cloud_state

PAUSE_SECONDS = 1.5
SHORTEST_PAUSE_SECONDS = 0.1
"""From the end of a save to the next one; the shortest when saves are slow."""

MOST_UNSAVED_SECONDS = 4.5
"""A kill just before a save is complete loses its time, the pause before it, and the time of the one before that."""

BEAT_SECONDS = 0.5
WRITE_SECONDS = 60
"""After which a save that does not end is given up: the copy may wait for a lock that nobody holds any more."""

Services = Callable[[], Iterable[tuple[str, Any]]]


class NotSaved(Exception):
    """A save failed, and the generations before it are as they were; the message says why."""


class Saver:
    """Keeps `folder` current. All but `changed` is for the thread of the event loop."""

    def __init__(
        self,
        folder: Path,
        services: Services,
        dumps: Callable[[Any], bytes],
        say: Callable[[str], None],
        tidy: Callable[[], None] = lambda: None,
        lock: int | None = None,
        may_save: Callable[[], bool] = lambda: True,
        pause_seconds: float | None = None,
    ) -> None:
        """`services` lists what to save, in the copy; `say` brings a sentence to the operator; `tidy` runs before.

        While `may_save` says no, nothing is saved but by `finish`: the cloud is between two states that can go on.
        `pause_seconds` from a save to the next, where a kill may lose more than `MOST_UNSAVED_SECONDS`.
        `lock` is the descriptor of a lock on `folder`: a copy that outlives the cloud keeps it until it has written.
        """
        self._folder = folder
        self._services = services
        self._dumps = dumps
        self._say = say
        self._tidy = tidy
        self._may_save = may_save
        self._pause_seconds = pause_seconds
        self._kept = () if lock is None else (lock,)
        self._pulse = cloud_state.Pulse(folder)
        self._unsaved_since: float | None = None
        self._saving_since: float | None = None
        self._took = 0.0
        self._copy = 0
        self._outcome: asyncio.Future[str] | None = None
        self._failing = False

    def changed(self) -> None:
        """Something that is saved has changed. Cheap, from any thread."""
        if self._unsaved_since is None:
            self._unsaved_since = time.time()

    async def keep_saving(self) -> None:
        """Save whatever changed, again and again, until cancelled."""
        beating = asyncio.create_task(self._keep_beating())
        try:
            while True:
                await asyncio.sleep(self._pause())
                if self._unsaved_since is not None and self._may_save():
                    try:
                        await self.save()
                    except NotSaved as error:
                        self._say_failure(error)
        finally:
            beating.cancel()

    async def save(self) -> None:
        """Save what is there now; raises `NotSaved`."""
        self._tidy()
        began = time.time()
        self._saving_since, self._unsaved_since = self._since() or began, None
        try:
            reading, self._copy = self._fork(began)
            self._outcome = asyncio.ensure_future(asyncio.to_thread(_outcome, reading, self._copy))
            trouble = await asyncio.shield(self._outcome)
        except OSError as error:
            trouble = str(error)
        if trouble:
            self._unsaved_since = self._saving_since
        self._saving_since = None
        self._took = time.time() - began
        if trouble:
            raise NotSaved(trouble)
        self._failing = False

    async def finish(self) -> None:
        """Save a last time, and say that this run ended as it should; raises `NotSaved`."""
        if self._outcome is not None and not self._outcome.done():
            # A copy that still writes is of a moment that is past, and the disk should serve one save only.
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._copy, signal.SIGKILL)
            await asyncio.wait([self._outcome])
        await self.save()
        cloud_state.keep_newest_only(self._folder)
        self._pulse.stop()

    def _pause(self) -> float:
        if self._pause_seconds is not None:
            return self._pause_seconds
        return max(SHORTEST_PAUSE_SECONDS, min(PAUSE_SECONDS, MOST_UNSAVED_SECONDS - 2 * self._took))

    def _since(self) -> float | None:
        """The moment of the oldest change that no complete save has."""
        return min((each for each in (self._saving_since, self._unsaved_since) if each is not None), default=None)

    async def _keep_beating(self) -> None:
        while True:
            self._pulse.beat(time.time(), self._since())
            await asyncio.sleep(BEAT_SECONDS)

    def _say_failure(self, error: NotSaved) -> None:
        if not self._failing:
            self._say(f"the embedded cloud cannot save its state and tries again: {error}")
        self._failing = True

    def _fork(self, now: float) -> tuple[int, int]:
        """The copy's end of a pipe, which it fills with what went wrong, and its process id."""
        reading, writing = os.pipe()
        with warnings.catch_warnings():
            # Newer Pythons warn of threads. The copy waits for none; should it ever wait for a lock, an alarm ends it.
            warnings.simplefilter("ignore", DeprecationWarning)
            copy = os.fork()
        if copy == 0:
            self._write_and_exit(writing, now)
        os.close(writing)
        return reading, copy

    def _write_and_exit(self, writing: int, now: float) -> NoReturn:
        code = 1
        try:
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            signal.alarm(WRITE_SECONDS)
            gc.disable()
            _close_all_but(writing, *self._kept)
            cloud_state.write(self._folder, self._services(), self._dumps, now)
            code = 0
        except BaseException as error:  # noqa: BLE001 - nothing may leave this process but by the pipe
            reason = error.strerror if isinstance(error, OSError) and error.strerror else f"{error}"
            os.write(writing, f"{type(error).__name__}: {reason}".encode(errors="replace")[:1000])
        finally:
            os._exit(code)


def _close_all_but(*kept: int) -> None:
    """Close what belongs to the cloud, so that nobody waits for the copy to hang up or to free a port."""
    first = 3
    for descriptor in (*sorted(kept), os.sysconf("SC_OPEN_MAX")):
        os.closerange(first, descriptor)
        first = descriptor + 1


def _outcome(reading: int, copy: int) -> str:
    """Wait for a copy; what went wrong, "" if nothing."""
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read().decode(errors="replace")
    _, status = os.waitpid(copy, 0)
    return said or ("" if status == 0 else f"the copy that writes it ended with status {status}")
