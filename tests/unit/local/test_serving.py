"""The servers that tests start leave nothing behind that a later test would be blamed for."""

import gc
import socket
import warnings
from urllib.parse import urlsplit

import pytest
from aiohttp import web

from tests.support.servers.phone_network_server import serving

MORE_THAN_SOCKETS_BUFFER = 64 * 1024 * 1024


async def much(_: web.Request) -> web.Response:
    return web.Response(body=bytes(MORE_THAN_SOCKETS_BUFFER))


@pytest.mark.slow
def test_a_connection_whose_answer_nobody_reads_is_closed_with_its_server() -> None:
    application = web.Application()
    application.router.add_get("/", much)
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        with socket.socket() as client:
            with serving(application) as url:
                client.connect(("127.0.0.1", urlsplit(url).port or 0))
                client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                assert client.recv(15) == b"HTTP/1.1 200 OK"
            gc.collect()
    assert [str(each.message) for each in warned] == []


@pytest.mark.slow
def test_connections_that_are_being_accepted_are_closed_with_their_server() -> None:
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        for _ in range(50):
            clients = [socket.socket() for _ in range(20)]
            with serving(web.Application()) as url:
                for client in clients:
                    client.connect(("127.0.0.1", urlsplit(url).port or 0))
            for client in clients:
                client.close()
        gc.collect()
    assert [str(each.message) for each in warned] == []
