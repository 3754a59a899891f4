"""Handoffs that go wrong on the way: could the provider have taken the message? (R32, R34)"""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from typing import Any

import pytest
import urllib3

from local.players.client import eventually
from schoolsms.adapters.providers.ovh import OvhCredentials, OvhProvider
from schoolsms.domain.errors import TransientError
from schoolsms.domain.sending.delivering.handoffs import (
    Accepted,
    HandoffAnswer,
    OutgoingSms,
    Refused,
    Unavailable,
    Uncertain,
)
from tests.support.servers.raw_server import (
    RawServer,
    Reply,
    answer,
    free_port,
    read_request,
    saying_nothing,
    send,
    shut,
    silences,
    speaking_no_tls,
)

SMS = OutgoingSms("M-1", "+33639980010", "Réunion à 18 h", "gsm", "COLLEGE", 3600)
REPORT = {"totalCreditsRemoved": 1, "invalidReceivers": [], "ids": [26929925], "validReceivers": [SMS.phone]}


@contextmanager
def provider_before(reply: Reply, timeout_seconds: float = 10.0) -> Iterator[tuple[OvhProvider, RawServer]]:
    with RawServer(reply) as server:
        yield provider_at(server.port, timeout_seconds=timeout_seconds), server


def provider_at(
    port: int,
    scheme: str = "http",
    clock: Callable[[], float] = lambda: 1.7e9,
    pool: urllib3.PoolManager | None = None,
    timeout_seconds: float = 10.0,
) -> OvhProvider:
    keys = OvhCredentials("app-key", "app-secret", "consumer")
    endpoint = f"{scheme}://127.0.0.1:{port}/1.0"
    return OvhProvider(lambda: keys, endpoint, "sms-1", pool=pool, clock=clock, timeout_seconds=timeout_seconds)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (301, Unavailable("http-301")),
        (400, Unavailable("http-400")),
        (401, Unavailable("http-401")),
        (402, Unavailable("http-402")),
        (403, Unavailable("http-403")),
        (404, Unavailable("http-404")),
        (408, Unavailable("http-408")),
        (409, Unavailable("http-409")),
        (413, Refused("http-413")),
        (422, Unavailable("http-422")),
        (429, Unavailable("http-429")),
        (460, Unavailable("http-460")),
        (500, Uncertain("http-500")),
        (502, Uncertain("http-502")),
        (503, Unavailable("http-503")),
        (504, Uncertain("http-504")),
        (520, Uncertain("http-520")),
        (599, Uncertain("http-599")),
    ],
)
def test_each_http_status_says_whether_the_message_may_be_taken(status: int, expected: HandoffAnswer) -> None:
    with provider_before(send(answer(status, b"<html>not JSON</html>"))) as (provider, _):
        assert provider.hand_off(SMS) == expected


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"errorCode": "Client::BadRequest", "message": "+33639980010"}, "Client::BadRequest"),
        ({"errorCode": "+33639980010"}, "http-400"),
        ({"errorCode": "n33639980010"}, "http-400"),
        ({"errorCode": "Réunion à 18 h"}, "http-400"),
        ({"errorCode": 5}, "http-400"),
        ({"message": "Réunion à 18 h"}, "http-400"),
        ([], "http-400"),
    ],
)
def test_a_code_never_tells_a_number_or_a_text(body: object, code: str) -> None:
    with provider_before(send(answer(400, json.dumps(body).encode()))) as (provider, _):
        assert provider.hand_off(SMS) == Unavailable(code)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"OK",
        b"\xff\xfe",
        b"[" * 100_000,
        b"null",
        b"[]",
        b'{"ids": [], "invalidReceivers": []}',
        b'{"ids": ["x"]}',
        b'{"invalidReceivers": ["+33639980010"]}',
    ],
)
def test_a_success_that_says_nothing_is_uncertain(body: bytes) -> None:
    with provider_before(send(answer(200, body))) as (provider, _):
        assert provider.hand_off(SMS) == Uncertain("unreadable-report")


SILENCES = silences(json.dumps(REPORT).encode())


@pytest.mark.parametrize("silence", SILENCES)
def test_once_the_request_is_written_silence_is_uncertain(silence: str) -> None:
    with provider_before(SILENCES[silence], timeout_seconds=2.0) as (provider, server):
        assert isinstance(provider.hand_off(SMS), Uncertain)
        eventually(lambda: server.requests)  # a busy machine may read what was written after we gave up
        assert len(server.requests) == 1, "an uncertain message must not be sent again"


def test_a_whole_answer_on_the_same_server_is_accepted() -> None:
    with provider_before(send(answer(200, json.dumps(REPORT).encode()))) as (provider, server):
        assert provider.hand_off(SMS) == Accepted("26929925")
        assert server.connections == 1


def test_a_refused_connection_is_unavailable() -> None:
    assert provider_at(free_port()).hand_off(SMS) == Unavailable("NewConnectionError")


def test_a_connection_refused_after_the_time_was_read_is_unavailable() -> None:
    now = 1.7e9
    with RawServer(send(answer(200, json.dumps(REPORT).encode()))) as server:
        provider = provider_at(server.port, clock=lambda: now)
        assert provider.hand_off(SMS) == Accepted("26929925")
    now += 6

    assert provider.hand_off(SMS) == Unavailable("NewConnectionError")


class TimeKnowingPool(urllib3.PoolManager):
    """Knows the provider's time, so that the message is the first thing that meets the network."""

    def request(self, method: str, url: str, **sent: Any) -> urllib3.BaseHTTPResponse:  # type: ignore[override]
        if url.endswith("/auth/time"):
            return urllib3.HTTPResponse(b"1700000000", status=200)
        return super().request(method, url, **sent)


def test_a_failed_tls_handshake_is_unavailable() -> None:
    with speaking_no_tls() as port:
        provider = provider_at(port, "https", pool=TimeKnowingPool())
        assert provider.hand_off(SMS) == Unavailable("SSLError")


def test_a_tls_handshake_that_never_ends_is_unavailable() -> None:
    with saying_nothing() as port:
        provider = provider_at(port, "https", pool=TimeKnowingPool(), timeout_seconds=0.2)
        assert provider.hand_off(SMS) == Unavailable("ReadTimeoutError")


def test_a_provider_time_that_is_no_number_is_unavailable() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        served = threading.Thread(target=lambda: answer_once(listener, answer(200, b'"noon"')))
        served.start()
        assert provider_at(listener.getsockname()[1]).hand_off(SMS) == Unavailable("no-provider-time")
        served.join(10)


class CountingLock:
    """Knows how many have wanted it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.wanted = 0

    def __enter__(self) -> None:
        self.wanted += 1
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()


def test_those_who_waited_for_keys_in_vain_do_not_look_for_them_one_after_the_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """R32: each holds the claim of a message meanwhile, and is to offer it to another provider."""
    lock, looked = CountingLock(), 0

    def credentials() -> OvhCredentials:
        nonlocal looked
        looked += 1
        eventually(lambda: lock.wanted >= 10)
        raise TransientError("Secrets Manager is slow to say no")

    provider = OvhProvider(credentials, "http://127.0.0.1:9/1.0", "sms-1")
    monkeypatch.setattr(provider, "_lock", lock)
    with ThreadPoolExecutor(10) as threads:
        answers = list(threads.map(lambda _: provider.hand_off(SMS), range(10)))

    assert set(answers) == {Unavailable("no-credentials")}
    assert looked == 1
    assert provider.hand_off(SMS) == Unavailable("no-credentials")
    assert looked == 2, "who comes later looks anew"


def answer_once(listener: socket.socket, data: bytes) -> None:
    connection, _ = listener.accept()
    with connection:
        read_request(connection)
        connection.sendall(data)


def test_a_connection_idle_for_long_is_not_written_into() -> None:
    now = 1.7e9
    with RawServer(send(answer(200, json.dumps(REPORT).encode()))) as server:
        provider = provider_at(server.port, clock=lambda: now)
        for wait in (0, 1, 6, 1):
            now += wait
            assert provider.hand_off(SMS) == Accepted("26929925")

        assert server.connections == 2


@pytest.mark.parametrize("status", [400, 403, 429, 500, 503])
def test_asking_for_a_message_raises_what_may_be_tried_again(status: int) -> None:
    with provider_before(send(answer(status, b'{"message": "+33639980010"}'))) as (provider, _):
        with pytest.raises(TransientError) as find:
            provider.find("5")
        with pytest.raises(TransientError):
            provider.find_by_message_id("M-1")
    assert "33639980010" not in str(find.value)


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"deliveryReceipt": "1", "ptt": 4}', b"5"])
def test_a_description_that_cannot_be_read_raises(body: bytes) -> None:
    with provider_before(send(answer(200, body))) as (provider, _), pytest.raises(TransientError):
        provider.find("5")


@pytest.mark.parametrize("body", [b"", b"{}", b'"5"', b"null"])
def test_a_list_that_cannot_be_read_raises(body: bytes) -> None:
    with provider_before(send(answer(200, body))) as (provider, _), pytest.raises(TransientError):
        provider.find_by_message_id("M-1")


def test_no_answer_to_a_question_raises() -> None:
    with provider_before(shut) as (provider, _), pytest.raises(TransientError, match="did not answer"):
        provider.find("5")
