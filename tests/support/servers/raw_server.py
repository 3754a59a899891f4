"""A server on 127.0.0.1 that answers with raw bytes, half of them, or not at all."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

Reply = Callable[[socket.socket], None]


class RawServer:
    """Answers the provider's time, and gives the connection of anything else to `reply` once it was read."""

    def __init__(self, reply: Reply) -> None:
        self._reply = reply
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.connections = 0
        self.requests: list[bytes] = []
        self._threads = [threading.Thread(target=self._accept)]
        self._open: list[socket.socket] = []

    def __enter__(self) -> RawServer:
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._threads[0].join(10)
        for connection in self._open:
            with connection:
                shut(connection)
        for thread in self._threads[1:]:
            thread.join(10)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(connection)
            self._threads.append(threading.Thread(target=self._serve, args=(connection,)))
            self._threads[-1].start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            while request := read_request(connection):
                if b"/auth/time" in request:
                    connection.sendall(answer(200, b"1700000000"))
                else:
                    self.requests.append(request)
                    self._reply(connection)
        except OSError:
            return


def read_request(connection: socket.socket) -> bytes:
    """One whole request; empty when the peer left before its end."""
    request = b""
    while b"\r\n\r\n" not in request:
        if not (read := connection.recv(65536)):
            return b""
        request += read
    head, _, body = request.partition(b"\r\n\r\n")
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    missing = (int(lengths[0].split(b":")[1]) if lengths else 0) - len(body)
    while missing > 0:
        if not (read := connection.recv(missing)):
            return b""
        request, missing = request + read, missing - len(read)
    return request


def answer(status: int, body: bytes, length: int | None = None) -> bytes:
    length = len(body) if length is None else length
    return f"HTTP/1.1 {status} -\r\nContent-Length: {length}\r\n\r\n".encode() + body


def shut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # the other side was first


def send(data: bytes, then_close: bool = False) -> Reply:
    def reply(connection: socket.socket) -> None:
        connection.sendall(data)
        if then_close:
            shut(connection)

    return reply


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
    connection.close()


def stay_silent(_: socket.socket) -> None:
    return


def dribble(data: bytes, at_once: int = 0) -> Reply:
    """The first bytes at once, the others one by one: none is late, all of them together are."""

    def reply(connection: socket.socket) -> None:
        connection.sendall(data[:at_once])
        for byte in data[at_once:]:
            time.sleep(0.1)
            connection.sendall(bytes((byte,)))

    return reply


def silences(body: bytes) -> dict[str, Reply]:
    """Every way not to answer a request that was read, `body` being what a whole answer holds."""
    half, whole = body[: len(body) // 2], len(body)
    return {
        "closed after the request": shut,
        "reset after the request": reset,
        "no answer in time": stay_silent,
        "half an answer": send(answer(200, half, whole), then_close=True),
        "half an answer, then silence": send(answer(200, half, whole)),
        "half, no length": send(b"HTTP/1.1 200 -\r\n\r\n" + half, then_close=True),
        "half a header": send(b"HTTP/1.1 200 -\r\nContent-", then_close=True),
        "not HTTP": send(b"\x00\x01\x02\r\n\r\n", then_close=True),
        "half a chunk": send(b"HTTP/1.1 200 -\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n{", then_close=True),
        "a whole answer, byte by byte": dribble(answer(200, body)),
        "a whole body, byte by byte": dribble(answer(200, body), at_once=len(answer(200, body)) - whole),
    }


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def speaking_no_tls() -> Iterator[int]:
    """The port of a listener that answers the first bytes on a connection with something else than TLS."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:

        def answer_hello() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(b"HTTP/1.1 400 this is not TLS")

        served = threading.Thread(target=answer_hello)
        served.start()
        yield listener.getsockname()[1]
        served.join(10)


@contextmanager
def saying_nothing() -> Iterator[int]:
    """The port of a listener that takes connections and never says anything."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        yield listener.getsockname()[1]
