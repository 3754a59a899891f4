"""A local stack of one's own, for tests and the demo: a process on free ports with a state folder of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from local.machine.settings import DELIVERY_WINDOW_SECONDS, HOST, ROOT
from local.machine.tcp_ports import free_ports, is_free
from local.stack.saving.cloud_state import running_cloud

NOBODY_KILLS_IT = "60"
"""`save_pause_seconds` of a stack that nobody kills, because each save copies all that it holds."""

START_SECONDS = 240
STOP_SECONDS = 10


class StackFailed(Exception):
    """The stack did not become ready or did not stop; the message holds the end of its output."""


class Stack:
    """`python -m local.stack` in a process of its own.

    Use it as a context manager, or call `start` and `stop`. The ports stay the same over restarts, and so does
    what is in `state_dir`.
    """

    def __init__(
        self,
        state_dir: Path,
        *,
        delivery_window_seconds: int = DELIVERY_WINDOW_SECONDS,
        ports: tuple[int, int, int] | None = None,
        provider_weights: str = "",
        functions_via: str = "",
        save_pause_seconds: str = "",
    ) -> None:
        """`ports` are those of the front, of SMTP and of the cloud; free ones unless given.

        `provider_weights` is the template's parameter, its default if empty. `functions_via` is what functions call
        instead of the cloud and the phone network, `save_pause_seconds` how rarely the cloud saves (see `Settings`).
        """
        port, smtp_port, aws_port = ports or free_ports(3)
        self.state_dir = state_dir
        self.url = f"http://{HOST}:{port}"
        self.smtp_port = smtp_port
        self.aws_endpoint = f"http://{HOST}:{aws_port}"
        self.log = state_dir / "launcher.log"
        self._ports = (port, smtp_port, aws_port)
        self._environ = {
            **{"PORT": str(port), "SMTP_PORT": str(smtp_port), "AWS_PORT": str(aws_port)},
            "STATE_DIR": str(state_dir),
            "DELIVERY_WINDOW_SECONDS": str(delivery_window_seconds),
            "PROVIDER_WEIGHTS": provider_weights,
            "FUNCTIONS_VIA": functions_via,
            "SAVE_PAUSE_SECONDS": save_pause_seconds,
        }
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start and wait until it is ready; raises `StackFailed`."""
        self.state_dir.mkdir(parents=True, exist_ok=True)
        with self.log.open("wb") as log:
            process = self._process = subprocess.Popen(
                [sys.executable, "-m", "local.stack"],
                cwd=ROOT,
                env=os.environ | self._environ,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            _await(lambda: b"\nready: " in self.log.read_bytes() or process.poll() is not None, START_SECONDS)
        except BaseException:
            self.stop()
            raise
        if process.poll() is not None:
            self._process = None
            raise StackFailed(f"the stack ended while starting:\n{self._tail()}")

    def stop(self) -> None:
        """SIGTERM and wait; raises `StackFailed` when that takes over 10 s."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise StackFailed(f"the stack did not stop within {STOP_SECONDS} s:\n{self._tail()}") from None

    def kill(self) -> None:
        """SIGKILL the launcher, as a crash would; the cloud notices, saves and ends by itself."""
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(signal.SIGKILL)
        process.wait()
        _await(lambda: all(is_free(port) for port in self._ports), STOP_SECONDS)

    @property
    def process_id(self) -> int:
        """That of the launcher, which all others descend from. Raises `StackFailed` if it does not run."""
        if self._process is None:
            raise StackFailed("the stack does not run")
        return self._process.pid

    def interrupt(self) -> None:
        """SIGINT, and do not wait: what a person presses again."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)

    def kill_cloud(self) -> None:
        """SIGKILL the embedded cloud, which saves nothing then; the launcher notices and ends."""
        process, self._process = self._process, None
        if process is None:
            return
        os.kill(running_cloud(self.state_dir / "cloud"), signal.SIGKILL)
        process.wait(STOP_SECONDS)

    def restart(self) -> None:
        """Stop and start on the same ports and state."""
        self.stop()
        self.start()

    def _tail(self) -> str:
        return self.log.read_text(errors="replace")[-2000:]


def _await(condition: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise StackFailed(f"waited {seconds} s in vain")
        time.sleep(0.05)
