"""Functions that wait for an event cost nothing: MiniStack looks after each one twenty times a second.

With a few dozen functions waiting that is a fiftieth of a processor for every stack, all the time.
"""

from __future__ import annotations

import contextlib
import queue
import socket
import socketserver
from types import SimpleNamespace
from typing import Any

EVENT_SECONDS = 5.0
"""Between two looks of a waiting function at whether it is still wanted; an event reaches it at once all the same."""

SERVER_SECONDS = 30.0
"""Between two looks of a function's server at whether it is to end; whoever ends it wakes it up."""


class EventQueue(queue.Queue[Any]):
    """A queue, patient if it is the one with the next event of a function: that one holds a single event."""

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        return super().get(block, EVENT_SECONDS if timeout and self.maxsize == 1 else timeout)


def serve_patiently(server: socketserver.BaseServer, poll_interval: float = 0.5) -> None:
    """Serve as `serve_forever` does, whatever interval is asked for."""
    _serve_forever(server, max(poll_interval, SERVER_SECONDS))


def shut_down_at_once(server: Any) -> None:
    """End a server that serves patiently."""
    server._BaseServer__shutdown_request = True
    with contextlib.suppress(OSError):
        socket.create_connection(server.server_address, timeout=1).close()
    server._BaseServer__is_shut_down.wait()


_serve_forever = socketserver.BaseServer.serve_forever


def patch() -> None:
    """Let functions and their servers wait without being looked at."""
    from ministack.core import lambda_runtime  # type: ignore[import-not-found]

    lambda_runtime.queue = SimpleNamespace(**vars(queue) | {"Queue": EventQueue})
    socketserver.BaseServer.serve_forever = serve_patiently  # type: ignore[method-assign, assignment]
    socketserver.BaseServer.shutdown = shut_down_at_once  # type: ignore[method-assign, assignment]
