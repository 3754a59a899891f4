"""axe over every page, on a stack with schools to look at: in both themes, on a desk and on a narrow phone.

Each persona has one window, whose cache has the scripts after the first page. A page is loaded once, on the phone; the
desk and its theme come to the page that is there, as when somebody turns a tablet.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from local.demo.prepared import prepare
from local.players.client import Client
from local.stack.pages.personas import Persona
from tests.support.browser.pages import PAGES, Shown
from tests.support.browser.visitor import DESKTOP, NARROW, Visitor

LOOKS: dict[str, dict[str, Any]] = {
    "320 pixels, dark": {"viewport": NARROW, "color_scheme": "dark"},
    "desktop, light": {"viewport": DESKTOP, "color_scheme": "light"},
}
"""The narrow one first, because a page that grows is never wider than its window while it does."""


@pytest.fixture(scope="module")
def prepared(client: Client) -> Client:
    """The stack, with what `make run DEMO=1` prepares."""
    prepare(client, lambda _: None)
    return client


@pytest.fixture(scope="module")
def window_of(browser: Browser, prepared: Client) -> Iterator[Callable[[Persona], Visitor]]:
    """The window of a persona, the same each time."""
    opened: dict[Persona, Visitor] = {}

    def window(persona: Persona) -> Visitor:
        if persona not in opened:
            opened[persona] = Visitor(browser, prepared.url, persona.claims | {"name": persona.name})
        return opened[persona]

    yield window
    for visitor in opened.values():
        visitor.context.close()


@pytest.mark.parametrize("shown", PAGES, ids=lambda shown: shown.name)
def test_axe_finds_nothing_and_nothing_is_cut_off(
    window_of: Callable[[Persona], Visitor], prepared: Client, shown: Shown
) -> None:
    visitor = window_of(shown.persona)
    visitor.complaints.clear()
    found = {}
    visitor.look(**LOOKS["320 pixels, dark"])
    shown.show(visitor, prepared)
    for name, look in LOOKS.items():
        visitor.look(**look)
        found[name] = visitor.axe(), visitor.sideways()
    assert found == dict.fromkeys(LOOKS, ([], 0))
    assert visitor.complaints == []
