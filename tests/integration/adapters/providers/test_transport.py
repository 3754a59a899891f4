"""Requests reach only the provider itself: TLS with a certificate that an authority vouches for (R32, R47)."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from schoolsms.adapters.providers import transport
from schoolsms.adapters.providers.transport import NoAnswerError, Transport
from tests.support.servers.raw_server import RawServer, Reply, answer, dribble, read_request, send, shut
from tests.support.servers.tls_server import certificate_for, serving_tls

BODY = b"Bonjour"
HEADERS = {"Content-Length": str(len(BODY))}


@pytest.fixture(autouse=True)
def fresh_trust() -> Iterator[None]:
    """The roots are read anew for each test, which names its own."""
    transport._trust.cache_clear()
    yield
    transport._trust.cache_clear()


@contextmanager
def tls_server(certificate: Path, reply: Reply) -> Iterator[tuple[str, list[bytes]]]:
    """Serves one connection; its address, and the requests it read."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    requests: list[bytes] = []

    def serve(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        try:
            with context.wrap_socket(connection, server_side=True) as tls:
                requests.append(read_request(tls))
                reply(tls)
                shut(tls)
        except OSError:
            return  # the client did not believe us, or has left

    with socket.create_server(("127.0.0.1", 0)) as listener:
        served = threading.Thread(target=serve, args=(listener,))
        served.start()
        yield f"https://127.0.0.1:{listener.getsockname()[1]}/", requests
        served.join(10)


def refusal(url: str, timeout_seconds: float = 10.0) -> tuple[str, bool]:
    """Why there is no answer, and whether the request was written."""
    with pytest.raises(NoAnswerError) as refused:
        Transport().send("POST", url, HEADERS, BODY, timeout_seconds)
    return refused.value.code, refused.value.written


def test_a_provider_with_a_valid_certificate_receives_the_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = certificate_for("127.0.0.1", tmp_path / "provider.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    with tls_server(certificate, send(answer(200, b"taken"))) as (url, requests):
        response = Transport().send("POST", url, HEADERS, BODY, 10.0)

    assert (response.status, response.data) == (200, b"taken")
    assert requests[0].endswith(BODY)


def unknown(path: Path, _: pytest.MonkeyPatch) -> Path:
    return certificate_for("127.0.0.1", path)


def of_somebody_else(path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    certificate = certificate_for("127.0.0.2", path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    return certificate


@pytest.mark.parametrize("certificate", [unknown, of_somebody_else])
def test_a_provider_without_a_valid_certificate_receives_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, certificate: Callable[[Path, pytest.MonkeyPatch], Path]
) -> None:
    shown = certificate(tmp_path / "provider.pem", monkeypatch)

    with tls_server(shown, send(answer(200, b"taken"))) as (url, requests):
        assert refusal(url) == ("SSLError", False)

    assert requests == []


def test_an_answer_over_tls_that_dribbles_in_is_waited_for_no_longer_than_any_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R34: each byte in time, all of them much too late."""
    certificate = certificate_for("127.0.0.1", tmp_path / "provider.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    with tls_server(certificate, dribble(answer(200, b"taken"))) as (url, _):
        assert refusal(url, timeout_seconds=2.0) == ("ReadTimeoutError", True)


def test_a_message_is_not_written_once_the_time_for_its_answer_is_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """R34: a name, a connection and TLS may take a time-out each; what was written then was uncertain for nothing."""
    look_up = socket.getaddrinfo

    def slowly(*asked: Any, **more: Any) -> Any:
        time.sleep(0.3)
        return look_up(*asked, **more)

    monkeypatch.setattr(socket, "getaddrinfo", slowly)
    with RawServer(send(answer(200, b"taken"))) as server:
        assert refusal(f"http://127.0.0.1:{server.port}/", timeout_seconds=0.2) == ("ProtocolError", False)

    assert server.requests == []


def test_connections_share_the_roots_they_trust(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading them takes longer than all the rest of a connection."""
    read = []
    load = ssl.SSLContext.load_default_certs

    def counted(context: ssl.SSLContext) -> None:
        read.append(context)
        load(context)

    monkeypatch.setattr(ssl.SSLContext, "load_default_certs", counted)
    with serving_tls(tmp_path) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(server.authority))
        for _ in range(3):
            assert Transport().send("GET", server.url, {}, b"", 5).status == 200
        assert server.requests == 3
    assert len(read) == 1
