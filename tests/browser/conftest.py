"""The console in a browser: one stack and one Chromium for all tests of this folder, a school of its own for each."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from local.players.client import Client
from local.players.school import SchoolPlayer
from local.stack.process import NOBODY_KILLS_IT, Stack
from tests.support.browser import chromium
from tests.support.browser.visitor import Person, Visitor
from tests.support.journeys.players import registered

SignedIn = Callable[..., Visitor]
OPERATOR: Person = {
    "sub": "operator-1",
    "email": "camille@kosmos.test",
    "school": "",
    "roles": ["operator"],
    "name": "Camille Roux",
}

_numbers = itertools.count(5000)
expect.set_options(timeout=60_000)  # what takes a moment on an idle machine must not fail on a busy one


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with Stack(tmp_path_factory.mktemp("stack"), save_pause_seconds=NOBODY_KILLS_IT) as running:
        yield running


@pytest.fixture(scope="session")
def client(stack: Stack) -> Client:
    return Client(stack.url, stack.smtp_port)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium.started() as running:
        yield running


@pytest.fixture
def new_school(client: Client) -> Callable[[], SchoolPlayer]:
    """Makes one more registered school."""

    return lambda: registered(client, next(_numbers))


@pytest.fixture
def school(new_school: Callable[[], SchoolPlayer]) -> SchoolPlayer:
    """A registered school without SMS."""
    return new_school()


@pytest.fixture
def supplied_school(school: SchoolPlayer) -> SchoolPlayer:
    """A registered school with 500 SMS, which no order brought."""
    school.supply(500)
    return school


@pytest.fixture
def ordered_school(school: SchoolPlayer) -> SchoolPlayer:
    """A registered school with 500 SMS that it ordered."""
    school.credit(P500=1)
    return school


@pytest.fixture
def signed_in(browser: Browser, stack: Stack) -> Iterator[SignedIn]:
    """Opens a window for a person; at the end no window may have complained.

    `signed_in(manager_of(school))`, `signed_in(OPERATOR, viewport=PHONE, color_scheme="dark")`.
    """
    visitors: list[Visitor] = []

    def sign_in(person: Person | None, **options: Any) -> Visitor:
        visitors.append(Visitor(browser, stack.url, person, **options))
        return visitors[-1]

    yield sign_in
    complaints = [each for visitor in visitors for each in visitor.complaints]
    for visitor in visitors:
        visitor.context.close()
    assert complaints == []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Keep a picture of each window of a test that failed, under .local/browser."""
    report = yield
    if report.when == "call" and report.failed and "signed_in" in getattr(item, "fixturenames", ()):
        folder = Path(".local/browser")
        folder.mkdir(parents=True, exist_ok=True)
        for number, context in enumerate(item.funcargs["browser"].contexts):  # type: ignore[attr-defined]
            for page in context.pages:
                page.screenshot(path=folder / f"{item.name[:80]}-{number}.png", full_page=True)
                report.sections.append(("browser", f"{page.url}: .local/browser/{item.name[:80]}-{number}.png"))
    return report
