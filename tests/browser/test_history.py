"""The history as its manager searches it, and the life of a message (R36, R37)."""

import json
from pathlib import Path

from playwright.sync_api import Route, expect

from local.players.client import eventually
from local.players.school import SchoolPlayer
from tests.browser.conftest import SignedIn
from tests.support.browser.people import manager_of
from tests.support.browser.visitor import NARROW

REACHED, UNREACHABLE = "+33612341010", "+33612345601"


def test_a_message_is_found_followed_and_exported(signed_in: SignedIn, supplied_school: SchoolPlayer) -> None:
    supplied_school.consent(REACHED, UNREACHABLE)
    supplied_school.send("La cantine est fermée demain.", [REACHED, UNREACHABLE])
    eventually(lambda: {each["status"] for each in supplied_school.history()} == {"delivered", "undeliverable"})
    visitor = signed_in(manager_of(supplied_school))
    page = visitor.open("/historique")
    expect(page.get_by_role("row")).to_have_count(3)
    expect(page.get_by_text("sera effacé le")).to_contain_text("dans")
    page.get_by_label("Numéro").fill("06 12 34 56 01")
    page.get_by_label("État").select_option(label="Injoignable : décompté")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Chercher").press("Enter")
    expect(page.get_by_role("row")).to_have_count(2)
    assert "status=undeliverable" in page.url
    assert visitor.axe() == []
    with page.expect_download() as download:
        page.get_by_role("button", name="Exporter ces messages en CSV").click()
    exported = Path(download.value.path()).read_text("utf-8-sig")
    assert UNREACHABLE in exported
    assert REACHED not in exported

    page.get_by_role("row").nth(1).get_by_role("link").click()
    expect(page.locator(".sent-text")).to_have_text("La cantine est fermée demain.")
    expect(page.locator(".life li").first).to_contain_text("Accepté par le service")
    expect(page.locator(".life li").last).to_contain_text("État définitif : injoignable")
    assert visitor.axe() == []
    page.go_back()
    expect(page.get_by_label("Numéro")).to_have_value("06 12 34 56 01")


def test_what_is_not_found_or_takes_long_says_so(signed_in: SignedIn, school: SchoolPlayer) -> None:
    visitor = signed_in(manager_of(school), viewport=NARROW, color_scheme="dark")
    page = visitor.open("/historique")
    expect(page.get_by_text("Aucun message cette année scolaire.")).to_be_visible()
    assert visitor.axe() == []
    assert visitor.sideways() == 0
    page.get_by_label("Numéro").fill("06 12")
    page.get_by_role("button", name="Chercher").click()
    expect(page.locator(".field.wrong")).to_contain_text("numéro")
    assert visitor.axe() == []
    visitor.open("/historique/ABCDEFGHJKLMN-0")
    expect(page.get_by_role("alert")).to_be_visible()
    assert visitor.axe() == []

    found = {
        "message_id": "A-0", "request_id": "A", "text": None, "phone": None, "sms_count": 1, "status": "delivered",
        "status_text": "", "reason": None, "author": "a" * 80, "author_id": "a", "client_id": None,
        "accepted_at": "2026-11-30T08:00:00Z", "send_at": None, "final_at": None,
    }  # fmt: skip
    states = iter(("running", "ready"))

    def export(route: Route) -> None:
        url = "https://example.test/x.csv"
        route.fulfill(json={"id": "E", "state": next(states), "rows": 60000, "url": url})

    page.route("**/v1/history?*", lambda route: route.fulfill(json={"items": [found], "next_cursor": None}))
    page.route("**/v1/history", lambda route: route.fulfill(json={"items": [found], "next_cursor": None}))
    begun = json.dumps({"id": "E", "state": "running", "rows": 0, "url": None})
    page.route(
        "**/v1/history.csv*", lambda route: route.fulfill(status=202, content_type="application/json", body=begun)
    )
    page.route("**/v1/exports/E", export)
    visitor.open("/historique")
    expect(page.get_by_role("row").nth(1)).to_contain_text("effacé")
    page.get_by_role("button", name="Exporter").click()
    expect(page.get_by_text("Le fichier se prépare")).to_be_visible()
    expect(page.get_by_role("link", name="Télécharger 60 000 lignes")).to_be_visible()
    assert visitor.axe() == []
    assert visitor.sideways() == 0

    counts = {"requests": 9, "recipients_refused": 1, "sms_debited": 4120, "messages": 4000, "messages_by_status": {}}
    certificate = {
        "school": school.uai, "school_year": "2025-26", "first_day": "2025-09-01", "last_day": "2026-08-31",
        "started_at": "2026-09-01T00:00:00Z", "certified_at": "2026-09-01T00:10:00Z", "before": counts,
        "after": counts | {"messages": 0}, "digest": "0" * 64,
    }  # fmt: skip
    answer = {"items": [certificate], "next_cursor": None, "running": None}
    page.route("**/v1/purges", lambda route: route.fulfill(json=answer))
    visitor.open("/historique")
    expect(page.get_by_text("n’est pas encore publié")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="2025-26")).to_contain_text("4 000")
    assert visitor.axe() == []
    assert visitor.sideways() == 0
    with page.expect_download() as download:
        page.get_by_role("button", name="le certificat de 2025-26").click()
    assert json.loads(Path(download.value.path()).read_text("utf-8")) == certificate
