"""Signing in by OpenID Connect, out again, and what stays when the session ends (R50)."""

import json
import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Request, Route, expect

from local.players.school import SchoolPlayer
from tests.browser.conftest import OPERATOR, SignedIn
from tests.support.browser.people import manager_of, teacher_of

FIRST_PAGE_BYTES = 150 * 1024
TOKEN = re.compile(r"eyJ[\w-]+\.[\w-]+")
"""Two parts of a JWT; the three letters alone may be drawn by lot for a code."""


def test_a_stranger_chooses_who_to_be_and_comes_back_to_the_page_they_asked_for(
    signed_in: SignedIn, school: SchoolPlayer
) -> None:
    visitor = signed_in(None)
    visitor.page.goto("/stock?de=ici")
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Qui êtes-vous ?")
    assert visitor.axe() == []
    visitor.be(manager_of(school))
    visitor.page.reload()
    visitor.settle()
    assert visitor.page.url.endswith("/stock?de=ici")
    expect(visitor.page.get_by_text("Zoé Lefèvre")).to_be_visible()


def test_a_persona_signs_in_with_one_click(signed_in: SignedIn) -> None:
    page = signed_in(None).page
    page.goto("/aide/rien")
    page.get_by_role("button", name="Se connecter comme Camille Roux").click()
    expect(page.get_by_text("Exploitation du service")).to_be_visible()


def test_a_token_is_neither_stored_nor_in_an_address(signed_in: SignedIn, school: SchoolPlayer) -> None:
    visitor = signed_in(manager_of(school))
    addresses: list[str] = []
    visitor.page.on("framenavigated", lambda frame: addresses.append(frame.url))
    page = visitor.open("/stock")
    kept = json.loads(page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])"))
    assert not TOKEN.search(json.dumps(kept))
    assert not [each for each in addresses if TOKEN.search(each)]
    assert addresses
    assert page.evaluate("history.length") == 2  # a blank page, and this one: nothing to go back to that signs in again


def test_after_a_reload_nobody_is_asked_again(signed_in: SignedIn, school: SchoolPlayer) -> None:
    visitor = signed_in(manager_of(school))
    page = visitor.open("/stock")
    page.reload()
    visitor.settle()
    expect(page.get_by_role("heading", level=1)).to_have_text("Stock de SMS")


def test_signing_out_ends_the_session_here_and_at_the_issuer(signed_in: SignedIn, school: SchoolPlayer) -> None:
    visitor = signed_in(manager_of(school))
    page = visitor.open("/stock")
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vous êtes déconnecté")
    assert visitor.axe() == []
    page.goto("/stock")
    expect(page.get_by_role("heading", level=1)).to_have_text("Qui êtes-vous ?")


def test_a_token_that_is_refused_is_renewed_silently(signed_in: SignedIn, school: SchoolPlayer) -> None:
    visitor = signed_in(manager_of(school))
    page = visitor.page
    refused: list[str] = []

    def refuse(route: Route) -> None:
        refused.append("401")
        route.fulfill(status=401, json={"message": "Unauthorized"})

    page.route("**/v1/balance", refuse, times=1)
    visitor.open("/stock")
    expect(page.locator(".big")).to_have_text("0\u00a0SMS")
    assert refused == ["401"]


def test_a_session_that_is_over_asks_to_sign_in_and_leads_back(signed_in: SignedIn, school: SchoolPlayer) -> None:
    visitor = signed_in(manager_of(school))
    page = visitor.open("/aide/rien")
    visitor.context.request.delete("/local/session")
    page.route("**/v1/balance", lambda route: route.fulfill(status=401, json={"message": "Unauthorized"}))
    page.get_by_role("link", name="Stock").click()
    dialog = page.get_by_role("dialog", name="Votre session est terminée")
    expect(dialog).to_be_visible()
    assert visitor.axe() == []
    page.unroute("**/v1/balance")
    visitor.be(manager_of(school))
    dialog.get_by_role("button", name="Se reconnecter").click()
    expect(page.locator(".big")).to_have_text("0\u00a0SMS")
    assert page.url.endswith("/stock")


@pytest.mark.parametrize("silent", [".well-known/openid-configuration", "token"])
def test_an_issuer_that_fails_is_said_once_and_asked_again_on_demand(
    signed_in: SignedIn, school: SchoolPlayer, silent: str
) -> None:
    visitor = signed_in(manager_of(school))
    page = visitor.page
    asked: list[str] = []

    def fail(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(status=503, json={"error": "temporarily_unavailable"})

    page.route(f"**/local/{silent}", fail)
    page.goto("/stock")
    expect(page.get_by_role("heading", level=1)).to_have_text("La connexion n’a pas abouti")
    assert visitor.axe() == []
    assert len(asked) == 1
    page.unroute(f"**/local/{silent}")
    page.get_by_role("button", name="Réessayer").click()
    expect(page.get_by_text("Zoé Lefèvre")).to_be_visible()


def test_a_page_that_the_browser_kept_begins_anew(signed_in: SignedIn, school: SchoolPlayer) -> None:
    """« Back » after somebody's way out would show what they saw, and its token would still serve."""
    page = signed_in(manager_of(school)).open("/stock")
    with page.expect_event("load"):
        page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")


@pytest.mark.parametrize("person", ["manager", "operator"])
def test_the_first_page_is_light(signed_in: SignedIn, school: SchoolPlayer, person: str) -> None:
    """All that comes over the wire until the page can be used, headers included."""
    visitor = signed_in(manager_of(school) if person == "manager" else OPERATOR)
    received: list[int] = []

    def count(request: Request) -> None:
        sizes = request.sizes()
        received.append(sizes["responseBodySize"] + sizes["responseHeadersSize"])

    visitor.page.on("requestfinished", count)
    visitor.open("/")
    visitor.page.wait_for_load_state("networkidle")
    assert 40 * 1024 < sum(received) <= FIRST_PAGE_BYTES


def test_a_message_can_be_written_before_the_api_has_answered(signed_in: SignedIn, school: SchoolPlayer) -> None:
    """On a cold stack one function starts before a page can be used, because no two requests are beside each other."""
    page = signed_in(teacher_of(school)).page
    asked: list[str] = []
    held: list[Route] = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    page.route("**/v1/me", lambda route: held.append(route))
    page.goto("/")
    page.get_by_label("Votre message").fill("Bonjour")
    expect(page.get_by_text("7 sur 160")).to_be_visible()
    expect(page.get_by_role("link", name="Mes envois")).to_be_visible()
    assert len({path for path in asked if path.startswith("/assets/")}) == 1
    assert [path for path in asked if path.startswith("/v1/")] == ["/v1/me"]
    held[0].continue_()
    expect(page.get_by_text(school.name)).to_be_visible()
    expect(page.get_by_label("Votre message")).to_have_value("Bonjour")


def test_whoever_the_api_does_not_know_reads_so_though_a_page_was_shown(
    signed_in: SignedIn, school: SchoolPlayer
) -> None:
    visitor = signed_in({**teacher_of(school), "school": "0999999Z"})
    page = visitor.page
    page.goto("/")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Votre message")).to_have_count(0)
    assert visitor.axe() == []
