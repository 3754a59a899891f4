"""Child processes that never outlive the launcher."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO


class Stopped(Exception):
    """The launcher is stopping: no further child is started."""


class Children:
    """Starts processes, each leading a group of its own, and ends whole groups."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[bytes]] = set()
        self._stopping = False

    def start(
        self,
        command: Sequence[str],
        env: Mapping[str, str],
        cwd: Path,
        output: int | IO[bytes],
        pass_fds: Sequence[int] = (),
    ) -> subprocess.Popen[bytes]:
        """Start a process in a new session, its errors joined to its output; raises `Stopped`."""
        with self._lock:
            if self._stopping:
                raise Stopped
            process = subprocess.Popen(
                command,
                env=env,
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=pass_fds,
            )
            self._running.add(process)
            return process

    def run(self, command: Sequence[str], env: Mapping[str, str], cwd: Path) -> tuple[int, str]:
        """Run a process to its end; its exit code and output. Raises `Stopped`."""
        process = self.start(command, env, cwd, subprocess.PIPE)
        output, _ = process.communicate()
        with self._lock:
            self._running.discard(process)
            if self._stopping:
                raise Stopped
        return process.returncode, output.decode(errors="replace")

    def stop(self, seconds: float) -> None:
        """Ask every group to end, wait that long at most for all of them, then kill what is left of each."""
        deadline = time.monotonic() + seconds
        with self._lock:
            self._stopping = True
            running = list(self._running)
        for process in running:
            if process.poll() is None:
                _signal(process, signal.SIGTERM)
        for process in running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, deadline - time.monotonic()))
            _signal_group(process, signal.SIGKILL)
            process.wait()


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(number)


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    # The session's id stays taken while any process of the group lives, so this hits no stranger.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)
