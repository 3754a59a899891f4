import asyncio
import json
from collections.abc import Awaitable, Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import aiohttp
import jwt
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from yarl import URL

from local.phone_network.network import PhoneNetwork
from local.stack.gateway import MAX_BYTES, Front
from local.stack.tokens import ClaimNames, TokenIssuer

PDF = b"%PDF-1.7\n\xff\x00"


async def echo(request: web.Request) -> web.Response:
    """Echo each request, as the API behind the front."""
    body = await request.read()
    if request.path.endswith("/pdf"):
        return web.Response(status=201, body=PDF, headers={"Content-Type": "application/pdf", "X-Own": "1"})
    if request.path.endswith("/problem"):
        return web.json_response({"code": "x"}, status=402, content_type="application/problem+json")
    if request.path.endswith("/elsewhere"):
        return web.Response(status=303, headers={"Location": "/v1/x"})
    received = {
        "method": request.method,
        "raw_path": request.raw_path,
        "headers": dict(request.headers),
        "length": len(body),
    }
    return web.json_response(received)


def ask(tmp_path: Path, question: Callable[[aiohttp.ClientSession], Awaitable[Any]], deployed: bool = True) -> Any:
    """Send a request to a front whose API is `echo`."""

    async def converse() -> Any:
        api = web.Application(client_max_size=2 * MAX_BYTES)
        api.router.add_route("*", r"/{rest:[\s\S]*}", echo)
        claims = ClaimNames("school", "roles", "client_id")
        front = Front(
            TokenIssuer("http://127.0.0.1/local", "skolengo-sms", claims, tmp_path / "key.pem"),
            outbox=tmp_path / "outbox",
            phone_network=PhoneNetwork(tmp_path, "http://127.0.0.1", lambda: "s", lambda: {}),
        )
        async with TestServer(api) as upstream, TestServer(front.application()) as server:
            if deployed:
                front.api_url = str(upstream.make_url("/_aws/execute-api/api1/$default"))
            async with aiohttp.ClientSession(base_url=server.make_url("/")) as session:
                return await question(session)

    return asyncio.run(converse())


def test_a_request_reaches_the_api_unchanged(tmp_path: Path) -> None:
    async def question(session: aiohttp.ClientSession) -> Any:
        headers = {"Authorization": "Bearer t", "Idempotency-Key": "k", "Content-Type": "application/json"}
        async with session.put("v1/schools/0750655E?b=2&a=1&a=%20x", data=b"{}", headers=headers) as answer:
            return await answer.json()

    received = ask(tmp_path, question)
    assert received["method"] == "PUT"
    assert received["raw_path"] == "/_aws/execute-api/api1/$default/v1/schools/0750655E?b=2&a=1&a=%20x"
    assert received["headers"]["Authorization"] == "Bearer t"
    assert received["headers"]["Idempotency-Key"] == "k"
    assert received["headers"]["Content-Type"] == "application/json"
    assert received["length"] == 2


def test_a_path_with_a_line_break_reaches_the_api_as_any_other(tmp_path: Path) -> None:
    async def question(session: aiohttp.ClientSession) -> Any:
        async with session.get(URL("v1/templates/a%0Ab", encoded=True)) as answer:
            return (await answer.json())["raw_path"]

    assert ask(tmp_path, question).endswith("/v1/templates/a%0Ab")


@pytest.mark.parametrize(
    ("path", "status", "content_type"),
    [("v1/pdf", 201, "application/pdf"), ("v1/problem", 402, "application/problem+json")],
)
def test_an_answer_comes_back_unchanged(tmp_path: Path, path: str, status: int, content_type: str) -> None:
    async def question(session: aiohttp.ClientSession) -> Any:
        async with session.get(path) as answer:
            return answer.status, answer.headers["Content-Type"], await answer.read()

    found_status, found_type, body = ask(tmp_path, question)
    assert found_status == status
    assert found_type.partition(";")[0] == content_type
    assert body == (PDF if path == "v1/pdf" else b'{"code": "x"}')


def test_a_redirection_is_left_to_the_caller(tmp_path: Path) -> None:
    async def question(session: aiohttp.ClientSession) -> Any:
        async with session.get("v1/elsewhere", allow_redirects=False) as answer:
            return answer.status, answer.headers["Location"]

    assert ask(tmp_path, question) == (303, "/v1/x")


@pytest.mark.parametrize(("size", "status"), [(MAX_BYTES - 1, 200), (MAX_BYTES + 1, 413)])
def test_a_body_is_as_large_as_an_http_api_takes(tmp_path: Path, size: int, status: int) -> None:
    async def question(session: aiohttp.ClientSession) -> Any:
        async with session.post("v1/x", data=BytesIO(b"x" * size)) as answer:
            return answer.status

    assert ask(tmp_path, question) == status


def test_the_front_says_so_while_nothing_is_deployed(tmp_path: Path) -> None:
    async def question(session: aiohttp.ClientSession) -> Any:
        async with session.get("healthz") as answer:
            return answer.status

    assert ask(tmp_path, question, deployed=False) == 503


def test_anyone_here_gets_a_token(tmp_path: Path) -> None:
    async def question(session: aiohttp.ClientSession) -> Any:
        person = {"sub": "u", "email": "a@b.fr", "school": "0750655E", "roles": ["sms_sender"]}
        async with session.post("local/tokens", data=json.dumps(person)) as answer:
            return answer.status, await answer.json()

    status, answer = ask(tmp_path, question)
    assert status == 200
    assert answer["token"].count(".") == 2


@pytest.mark.parametrize("roles", [[], ["manager"], ["non operator"], ["x,operator"], ["operator "]])
def test_a_token_has_the_roles_that_were_asked_for_existing_or_not(tmp_path: Path, roles: list[str]) -> None:
    """As a school's own issuer may write them: that the service refuses them can be tried from outside."""

    async def question(session: aiohttp.ClientSession) -> Any:
        person = {"sub": "u", "email": "a@b.fr", "school": "0750655E", "roles": roles}
        async with session.post("local/tokens", json=person) as answer:
            return answer.status, await answer.json()

    status, answer = ask(tmp_path, question)
    assert status == 200
    assert roles in jwt.decode(answer["token"], options={"verify_signature": False}).values()


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"sub": 1}'])
def test_an_unusable_token_request_is_a_400(tmp_path: Path, body: bytes) -> None:
    async def question(session: aiohttp.ClientSession) -> Any:
        async with session.post("local/tokens", data=body) as answer:
            return answer.status

    assert ask(tmp_path, question) == 400


def test_local_help_is_never_looked_for_in_the_api(tmp_path: Path) -> None:
    async def question(session: aiohttp.ClientSession) -> Any:
        found = {}
        for path in ("local/outbox", "local/phones/+33639980000", "local/nothing"):
            async with session.get(path) as answer:
                found[path] = (answer.status, await answer.json())
        return found

    found = ask(tmp_path, question)
    assert found["local/outbox"] == (200, [])
    assert found["local/phones/+33639980000"] == (200, [])
    assert found["local/nothing"][0] == 404
