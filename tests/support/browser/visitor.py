"""Somebody in front of the console: signed in, with what the browser complained of, and axe at hand."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any, Literal

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, ViewportSize, expect

from tests.support.template import ROOT

AXE = ROOT / "console" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE: ViewportSize = {"width": 390, "height": 844}
NARROW: ViewportSize = {"width": 320, "height": 640}
DESKTOP: ViewportSize = {"width": 1280, "height": 900}

Person = Mapping[str, Any]
"""The body of `POST /local/session`: `{"sub", "email", "school", "roles", "name"?}`."""


@cache
def _axe() -> str:
    return f"{AXE.read_text('utf-8')}; 0"


class Visitor:
    """One person in a browser window of their own. `page` is Playwright's."""

    def __init__(self, browser: Browser, url: str, person: Person | None, **options: Any) -> None:
        """`options` are those of a browser context, such as `viewport` or `color_scheme`."""
        defaults: dict[str, Any] = {"viewport": DESKTOP, "locale": "fr-FR", "timezone_id": "Europe/Paris"}
        self.context: BrowserContext = browser.new_context(base_url=url, **defaults | options)
        self.context.set_default_timeout(60_000)
        self.complaints: list[str] = []
        if person is not None:
            self.be(person)
        self.page: Page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._hear)

    def be(self, person: Person) -> None:
        """Have the issuer know who is in front of the browser, as after its own page was answered."""
        answer = self.context.request.post("/local/session", data=json.dumps(dict(person)))
        assert answer.status == 204, answer.text()

    def open(self, address: str) -> Page:
        """Open an address and wait until it shows its title and no longer loads."""
        self.page.goto(address)
        self.settle()
        return self.page

    def settle(self) -> None:
        """Wait until a title is there, nothing is being read, and the API has said whose school it is."""
        self.page.wait_for_selector("h1")
        expect(self.page.locator(".state.loading:not([data-example] *)")).to_have_count(0, timeout=60_000)
        expect(self.page.locator(".school[data-reading]")).to_have_count(0, timeout=60_000)

    def look(self, viewport: ViewportSize, color_scheme: Literal["light", "dark"]) -> None:
        """Give the window another size and theme; the page that it shows stays."""
        self.page.set_viewport_size(viewport)
        self.page.emulate_media(color_scheme=color_scheme)

    def axe(self) -> list[str]:
        """Faults that axe finds on the page as it is: none, if all is well. Nothing moves from then on, because colours
        in the middle of a transition are nobody's to read."""
        self.page.emulate_media(reduced_motion="reduce")
        if not self.page.evaluate("'axe' in window"):
            self._bring_axe()
        run = "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})"
        found = self.page.evaluate(run, RULES)
        return [
            f"{each['id']}: {each['help']}: {node['target']} {node['html'][:200]}"
            for each in found["violations"]
            for node in each["nodes"]
        ]

    def _bring_axe(self) -> None:
        """Run axe's own script on the page. The browser gets it as it is, because Playwright would wrap its 650 kB
        into a call that Node and the page compile once more; a process that had it once keeps it compiled."""
        session = self.context.new_cdp_session(self.page)
        session.send("Runtime.evaluate", {"expression": _axe()})
        session.detach()

    def sideways(self) -> int:
        """Pixels by which the page is wider than its window: one would have to scroll sideways."""
        width: int = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        return width

    def _hear(self, message: ConsoleMessage) -> None:
        # What a refused request prints by itself is the page's to show, and no complaint.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.complaints.append(message.text)
