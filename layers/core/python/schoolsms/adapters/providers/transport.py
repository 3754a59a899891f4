"""HTTP to providers: one request, one attempt, and on failure whether the provider may have read it (R34)."""

import http.client
import io
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, cast

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util.ssl_ import create_urllib3_context

_IDLE_SECONDS = 5.0


class NoAnswerError(Exception):
    """No usable HTTP answer. `written`: whether any of the request's body may have reached the provider."""

    def __init__(self, code: str, *, written: bool) -> None:
        super().__init__(code)
        self.code = code
        self.written = written


class _Body(io.BytesIO):
    """A request body that knows whether its sending began. Until then every failure (name, connection, TLS, proxy) is
    harmless, because headers alone make nobody send an SMS; from then on none is (R34)."""

    begun = False

    def __init__(self, body: bytes, ends_at: float) -> None:
        super().__init__(body)
        self._ends_at = ends_at

    def read(self, size: int | None = -1, /) -> bytes:
        if not self.begun and time.monotonic() >= self._ends_at:
            raise TimeoutError("no time is left to hear an answer")
        self.begun = True
        return super().read(size)


class _InTime(io.RawIOBase):
    """Enforces one deadline for the whole response. A plain socket time-out restarts with every byte, so that a slow
    answer could outlast the function, which would be stopped amid other handoffs."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._bytes = connection.makefile("rb", buffering=0)
        self._ends_at = time.monotonic() + (connection.gettimeout() or 0.0)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int | None:
        left = self._ends_at - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer is not whole in time")
        self._connection.settimeout(left)
        return self._bytes.readinto(buffer)

    def close(self) -> None:
        self._bytes.close()
        super().close()


class _Answer(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *arguments: Any, **named: Any) -> None:
        super().__init__(cast(socket.socket, _InTime(sock)), *arguments, **named)


class _Connection(HTTPConnection):
    response_class = _Answer


class _TlsConnection(HTTPSConnection):
    response_class = _Answer


class _Connections(urllib3.HTTPConnectionPool):
    ConnectionCls = _Connection


@cache
def _trust() -> ssl.SSLContext:
    """The TLS settings of all connections, shared because reading the roots for each takes 200 million instructions."""
    context = create_urllib3_context()
    context.load_default_certs()
    return context


class _TlsConnections(urllib3.HTTPSConnectionPool):
    ConnectionCls = _TlsConnection

    def __init__(self, *address: Any, **options: Any) -> None:
        options.setdefault("ssl_context", _trust())
        super().__init__(*address, **options)


def _connections() -> urllib3.PoolManager:
    pool = urllib3.PoolManager(maxsize=16)
    pool.pool_classes_by_scheme = {"http": _Connections, "https": _TlsConnections}
    return pool


class Transport:
    """Sends requests as they are, neither retried nor redirected. Safe to share between threads."""

    def __init__(self, pool: urllib3.PoolManager | None = None, clock: Callable[[], float] = time.time) -> None:
        self._pool = pool or _connections()
        self._clock = clock
        self._last_used = clock()

    def send(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes, timeout_seconds: float
    ) -> urllib3.BaseHTTPResponse:
        """The whole answer, whatever its status, within `timeout_seconds`. Raises NoAnswerError."""
        content = _Body(body, time.monotonic() + timeout_seconds)
        self._drop_stale_connections()
        try:
            return self._pool.request(
                method,
                url,
                body=content if body else None,
                headers=headers,
                timeout=urllib3.Timeout(total=timeout_seconds),
                retries=False,
                redirect=False,
            )
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            # ValueError: http.client refuses a header, quoting it; a key must not travel in a traceback.
            raise NoAnswerError(type(error).__name__, written=content.begun) from None

    def _drop_stale_connections(self) -> None:
        """Drop idle connections, because a Lambda that was frozen has some that the peer closed: writing into one looks
        like a message that may have been taken (R34)."""
        now = self._clock()
        if now - self._last_used > _IDLE_SECONDS:
            self._pool.clear()
        self._last_used = now
