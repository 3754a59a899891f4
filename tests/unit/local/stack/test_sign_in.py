"""The local issuer as a browser meets it: authorization code with PKCE, one session, one use of each code."""

import asyncio
import base64
import hashlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import jwt
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port

from local.stack.sign_in import SignIn
from local.stack.tokens import ClaimNames, TokenIssuer

VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
PERSON = {"sub": "u1", "email": "z@e.test", "school": "0750655E", "roles": ["sms_manager"], "name": "Zoé"}


class Browser:
    """Somebody's browser, and the console in it."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self.session, self.url = session, url

    async def authorize(self, **changes: str) -> tuple[int, dict[str, str], str]:
        """The status, what was sent back to the console, and the page."""
        query = {
            "client_id": "console",
            "redirect_uri": f"{self.url}/session/retour",
            "response_type": "code",
            "scope": "openid",
            "state": "s1",
            "nonce": "n1",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        } | changes
        async with self.session.get(f"{self.url}/local/authorize", params=query, allow_redirects=False) as answer:
            sent_back = parse_qs(urlsplit(answer.headers.get("Location", "")).query)
            return answer.status, {name: values[0] for name, values in sent_back.items()}, await answer.text()

    async def exchange(self, code: str, **changes: str) -> tuple[int, dict[str, Any]]:
        form = {
            "grant_type": "authorization_code",
            "client_id": "console",
            "redirect_uri": f"{self.url}/session/retour",
            "code": code,
            "code_verifier": VERIFIER,
        } | changes
        async with self.session.post(f"{self.url}/local/token", data=form) as answer:
            return answer.status, await answer.json()

    async def be(self, person: dict[str, Any]) -> int:
        async with self.session.post(f"{self.url}/local/session", json=person) as answer:
            return answer.status


def browse(tmp_path: Path, visit: Callable[[Browser], Awaitable[Any]]) -> Any:
    async def converse() -> Any:
        port = unused_port()
        url = f"http://127.0.0.1:{port}"
        issuer = TokenIssuer(
            f"{url}/local", "skolengo-sms", ClaimNames("school", "roles", "client_id"), tmp_path / "k.pem"
        )
        app = web.Application()
        SignIn(issuer, url).add_routes(app.router)
        jar = aiohttp.CookieJar(unsafe=True)  # of an address, as 127.0.0.1 is one
        async with TestServer(app, port=port), aiohttp.ClientSession(cookie_jar=jar) as session:
            return await visit(Browser(session, url))

    return asyncio.run(converse())


def test_a_stranger_sees_the_personas(tmp_path: Path) -> None:
    status, sent_back, text = browse(tmp_path, lambda browser: browser.authorize())
    assert (status, sent_back) == (200, {})
    assert "Marie Martin" in text


def test_a_stranger_who_is_to_be_asked_nothing_is_sent_back(tmp_path: Path) -> None:
    status, sent_back, _ = browse(tmp_path, lambda browser: browser.authorize(prompt="none"))
    assert (status, sent_back) == (303, {"error": "login_required", "state": "s1"})


def test_whoever_is_signed_in_gets_tokens_without_a_question(tmp_path: Path) -> None:
    async def visit(browser: Browser) -> Any:
        assert await browser.be(PERSON) == 204
        _, sent_back, _ = await browser.authorize(prompt="none")
        return sent_back["state"], await browser.exchange(sent_back["code"])

    state, (status, tokens) = browse(tmp_path, visit)
    assert (state, status) == ("s1", 200)
    access = jwt.decode(tokens["access_token"], options={"verify_signature": False})
    identity = jwt.decode(tokens["id_token"], options={"verify_signature": False})
    assert (access["aud"], access["school"], access["roles"]) == ("skolengo-sms", "0750655E", ["sms_manager"])
    assert (identity["aud"], identity["nonce"], identity["name"]) == ("console", "n1", "Zoé")
    assert access["client_id"] == "console"
    assert access["exp"] - access["iat"] == tokens["expires_in"]


@pytest.mark.parametrize(
    "changes",
    [{"code_verifier": "w" * 43}, {"client_id": "other"}, {"redirect_uri": "http://127.0.0.1/x"}, {"grant_type": "x"}],
)
def test_a_code_is_nothing_to_whoever_did_not_ask_for_it(tmp_path: Path, changes: dict[str, str]) -> None:
    async def visit(browser: Browser) -> Any:
        await browser.be(PERSON)
        _, sent_back, _ = await browser.authorize()
        return await browser.exchange(sent_back["code"], **changes)

    assert browse(tmp_path, visit) == (400, {"error": "invalid_grant"})


def test_a_code_is_exchanged_once(tmp_path: Path) -> None:
    async def visit(browser: Browser) -> Any:
        await browser.be(PERSON)
        _, sent_back, _ = await browser.authorize()
        return [(await browser.exchange(sent_back["code"]))[0] for _ in range(2)]

    assert browse(tmp_path, visit) == [200, 400]


@pytest.mark.parametrize(
    "changes",
    [
        {"redirect_uri": "https://elsewhere.test/session/retour"},
        {"redirect_uri": ""},
        {"client_id": ""},
        {"response_type": "token"},
        {"code_challenge_method": "plain"},
    ],
)
def test_nobody_is_sent_elsewhere_or_without_pkce(tmp_path: Path, changes: dict[str, str]) -> None:
    async def visit(browser: Browser) -> Any:
        await browser.be(PERSON)
        return await browser.authorize(**changes)

    assert browse(tmp_path, visit)[0] == 400


def test_the_end_of_the_session_leads_back_to_the_console_only(tmp_path: Path) -> None:
    async def visit(browser: Browser) -> Any:
        await browser.be(PERSON)
        places = []
        for back in ("https://elsewhere.test/", f"{browser.url}/session/fin"):
            query = {"post_logout_redirect_uri": back}
            async with browser.session.get(
                f"{browser.url}/local/logout", params=query, allow_redirects=False
            ) as answer:
                places.append((answer.status, answer.headers.get("Location", "").removeprefix(browser.url)))
        return places, (await browser.authorize(prompt="none"))[1]["error"]

    assert browse(tmp_path, visit) == ([(200, ""), (303, "/session/fin")], "login_required")


@pytest.mark.parametrize("person", [{}, {"sub": "u", "roles": ["headmaster"]}, []])
def test_nobody_signs_in_as_somebody_unusable(tmp_path: Path, person: Any) -> None:
    assert browse(tmp_path, lambda browser: browser.be(person)) == 400


def test_the_cookie_of_the_session_is_no_token_of_the_api(tmp_path: Path) -> None:
    claims = ClaimNames("school", "roles", "client_id")
    issuer = TokenIssuer("http://i.test", "skolengo-sms", claims, tmp_path / "k.pem")
    assert issuer.session_person(issuer.token(PERSON)) is None
    assert issuer.session_person("x") is None
    assert issuer.session_person(issuer.session(PERSON)) == PERSON
