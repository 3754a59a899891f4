"""The console from its sources, for whoever works on it."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from local.machine.children import Children
from local.machine.settings import Settings
from local.stack.live_console import LiveConsole

NAMES = (
    "JWT_ISSUER",
    "CONSOLE_CLIENT_ID",
    "CONSOLE_SCOPES",
    "ORDER_INBOX",
    "SUPPORT_EMAIL",
    "SUPPORT_PHONE",
    "EMBEDDED",
)


@pytest.fixture
def live(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LiveConsole:
    for name in NAMES:
        monkeypatch.setenv(name, "")  # so that what it sets is gone after the test
    return LiveConsole(Settings(3000, 2525, 4566, tmp_path, 259200), Children())


def answered(live: LiveConsole, path: str) -> web.Response:
    async def ask() -> Any:
        return await live.answer(make_mocked_request("GET", path))

    found: web.Response = asyncio.run(ask())
    return found


def test_it_answers_the_consoles_addresses_and_no_other(live: LiveConsole) -> None:
    addresses = (
        "/",
        "/stock",
        "/envois/1",
        "/assets/x.js",
        "/v1/balance",
        "/healthz",
        "/local/",
        "/conditions/2026-09",
    )
    assert [each for each in addresses if live.is_for(make_mocked_request("GET", each))] == list(addresses[:4])
    assert not live.is_for(make_mocked_request("POST", "/stock"))


def test_it_answers_with_what_the_sources_are_now(live: LiveConsole) -> None:
    page = answered(live, "/stock")
    assert page.status == 200
    assert "127.0.0.1:3000" in (page.text or "")
    assert answered(live, "/assets/licences.txt").status == 200
    assert answered(live, "/assets/nothing.js").status == 404
