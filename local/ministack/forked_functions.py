"""Functions are forked from a server that has their layers imported, in place of an interpreter of their own.

There is a server for each set of layers, from the second function of it on. If none can be had, or it fails,
functions start as MiniStack starts them.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import IO, Any

from local.ministack.fork_server import MOST_BYTES, TASK

SERVER = Path(__file__).with_name("fork_server.py")
STARTED_BY = "STARTED_BY"
"""The variable by which a `bootstrap` runs the server in place of the runtime client."""

ANSWER_SECONDS = 20.0
"""For a server that is importing, on a busy machine."""

SOMEHOW = 255
"""Exit code of a function: it ended, and only the server, its parent, might know how."""

Process = Any
"""A `subprocess.Popen`, or what MiniStack calls of one."""


class RequestTooLong(Exception):
    """The environment of a function is longer than its server reads."""


class Forked:
    """A function's process, which is the child of its server; none other is ever taken for it."""

    def __init__(self, handle: int, stdout: IO[bytes]) -> None:
        """`handle` is a pidfd."""
        self.stdout = stdout
        self.returncode: int | None = None
        self._handle = handle
        self._ended = select.poll()
        self._ended.register(handle, select.POLLIN)

    def __del__(self) -> None:
        os.close(self._handle)

    def poll(self) -> int | None:
        """Its exit code, None while it runs."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it has ended; raises `subprocess.TimeoutExpired`."""
        if not self._ended.poll(None if timeout is None else timeout * 1000):
            raise subprocess.TimeoutExpired("bootstrap", timeout or 0)
        self.returncode = SOMEHOW
        return SOMEHOW

    def terminate(self) -> None:
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        self._send(signal.SIGKILL)

    def _send(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._handle, number)


class Server:
    """The fork server of all functions with the same `bootstrap`."""

    def __init__(self, bootstrap: str) -> None:
        self._requests, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._requests.settimeout(ANSWER_SECONDS)
        environ = os.environ | {STARTED_BY: str(SERVER), "LAMBDA_TASK_ROOT": TASK, "_HANDLER": ""}
        with theirs:
            self._process = subprocess.Popen([bootstrap], env=environ, stdin=theirs.fileno())

    def start(self, folder: str, environ: Mapping[str, str]) -> Forked:
        """Start the function of `folder`. Raises `RequestTooLong`, and OSError if the server cannot."""
        request = json.dumps({"folder": folder, "environ": dict(environ)}).encode()
        if len(request) > MOST_BYTES:
            raise RequestTooLong
        reading, writing = os.pipe()
        stdout = os.fdopen(reading, "rb")
        try:
            socket.send_fds(self._requests, [request], [writing])
            _, handles, _, _ = socket.recv_fds(self._requests, 16, 1)
            if not handles:
                raise BrokenPipeError("the fork server ended")
        except OSError:
            stdout.close()
            raise
        finally:
            os.close(writing)
        return Forked(handles[0], stdout)

    def end(self) -> None:
        """End the server; the functions it started go on."""
        self._requests.close()
        self._process.kill()
        self._process.wait()


class Starter:
    """Starts processes, functions by their servers."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._servers: dict[bytes, Server | None] = {}
        self._seen: set[bytes] = set()

    def start(self, command: Sequence[str], **options: Any) -> Process:
        """In place of `subprocess.Popen`, as MiniStack calls it for a function."""
        layers = _layers(command[0])
        with self._lock:
            server = self._server(layers, command[0]) if layers else None
            if server:
                try:
                    return server.start(options["cwd"], options["env"])
                except RequestTooLong:
                    pass
                except OSError:
                    self._servers[layers] = None
                    server.end()
        return subprocess.Popen(command, **options)

    def end(self) -> None:
        """End all servers. Functions start without them from then on."""
        with self._lock:
            for layers, server in self._servers.items():
                if server:
                    server.end()
                self._servers[layers] = None

    def _server(self, layers: bytes, bootstrap: str) -> Server | None:
        """None for the first function, because there may be no other."""
        if layers in self._seen and layers not in self._servers:
            self._servers[layers] = Server(bootstrap)
        self._seen.add(layers)
        return self._servers.get(layers)


def _layers(command: str) -> bytes:
    """Return what is the same for functions of the same layers, their `bootstrap`; empty if it knows of no server."""
    if os.path.basename(command) != "bootstrap":
        return b""
    text = Path(command).read_bytes()
    return text if STARTED_BY.encode() in text else b""


def patch() -> None:
    """Have MiniStack start functions by fork, where the kernel names processes by handles."""
    from ministack.core import lambda_runtime  # type: ignore[import-not-found]

    if sys.platform == "linux" and hasattr(os, "pidfd_open"):
        lambda_runtime.subprocess = SimpleNamespace(**vars(subprocess) | {"Popen": Starter().start})
