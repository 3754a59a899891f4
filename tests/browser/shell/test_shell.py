"""The frame of every page: navigation, keyboard, and the notice in place of a page that cannot be shown (R50)."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from local.players.client import Client
from local.players.school import SchoolPlayer
from tests.browser.conftest import OPERATOR, SignedIn
from tests.support.browser.people import manager_of, teacher_of
from tests.support.browser.visitor import PHONE

NARROW = {"width": 320, "height": 256}
"""A window of 1280 × 1024 at 400 %."""
OUTLINE = """() => {
  const stop = document.activeElement, look = getComputedStyle(stop);
  return [stop.outerHTML.slice(0, 80), look.outlineStyle, look.outlineWidth];
}"""


def test_after_a_click_the_keyboard_is_at_the_title_of_the_new_page(signed_in: SignedIn, school: SchoolPlayer) -> None:
    page = signed_in(manager_of(school)).open("/stock")
    page.get_by_role("link", name="Aide", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Aide")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    assert page.title() == "Aide – SMS Skolengo"
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Stock de SMS")
    expect(page.get_by_role("heading", level=1)).to_be_focused()


def test_the_first_tab_skips_to_the_content(signed_in: SignedIn, school: SchoolPlayer) -> None:
    page = signed_in(manager_of(school)).open("/aide")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_every_stop_of_the_keyboard_is_seen(signed_in: SignedIn, school: SchoolPlayer) -> None:
    page = signed_in(manager_of(school)).open("/composants")
    unseen = []
    for _ in range(40):
        page.keyboard.press("Tab")
        html, style, width = page.evaluate(OUTLINE)
        if html.startswith("<body"):
            break
        if style == "none" or float(width.removesuffix("px")) < 2:
            unseen.append(html)
    assert unseen == []


def test_a_dialog_keeps_the_keyboard_and_gives_it_back(signed_in: SignedIn, school: SchoolPlayer) -> None:
    visitor = signed_in(manager_of(school))
    page = visitor.open("/composants")
    opener = page.get_by_role("button", name="Résilier le service…")
    opener.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Ne rien changer")).to_be_focused()
    assert visitor.axe() == []
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(opener).to_be_focused()


def test_a_button_at_work_cannot_be_pressed_again(signed_in: SignedIn, school: SchoolPlayer) -> None:
    page = signed_in(manager_of(school)).open("/composants")
    button = page.get_by_role("button", name="Envoyer 216 SMS")
    button.dblclick()
    expect(page.get_by_role("button", name="Envoi…")).to_have_attribute("aria-disabled", "true")
    expect(page.get_by_role("button", name="Envoi…")).to_be_focused()
    expect(button).to_be_visible()


def test_nothing_moves_for_whoever_asked_for_less_motion(signed_in: SignedIn, school: SchoolPlayer) -> None:
    page = signed_in(manager_of(school), reduced_motion="reduce").open("/composants")
    moving = (
        "[...document.querySelectorAll('*')].filter(e => { const s = getComputedStyle(e);"
        " return s.animationName !== 'none' || s.transitionDuration.split(', ').some(d => parseFloat(d) > 0) })"
        ".map(e => e.outerHTML.slice(0, 80))"
    )
    assert page.evaluate(moving) == []


@pytest.mark.parametrize("address", ["/stock", "/aide", "/composants"])
def test_a_page_fits_a_window_at_400_percent(signed_in: SignedIn, school: SchoolPlayer, address: str) -> None:
    visitor = signed_in(manager_of(school), viewport=NARROW)
    visitor.open(address)
    assert visitor.sideways() == 0


def test_an_address_that_leads_nowhere_says_so(signed_in: SignedIn, school: SchoolPlayer) -> None:
    visitor = signed_in(teacher_of(school))
    page = visitor.open("/envois/rien/du/tout")
    expect(page.get_by_role("heading", level=1)).to_have_text("Cette page n’existe pas")
    assert page.title() == "Page introuvable – SMS Skolengo"
    assert visitor.axe() == []


# ------------------------------------------------------------------ trouble


def test_a_failure_says_what_to_do_and_can_be_tried_again(signed_in: SignedIn, school: SchoolPlayer) -> None:
    visitor = signed_in(manager_of(school))
    page = visitor.page
    body = {
        "code": "unavailable",
        "title": "Service momentanément indisponible",
        "detail": "Réessayez dans un instant.",
    }
    page.route("**/v1/balance", lambda route: route.fulfill(status=503, json=body), times=1)
    visitor.open("/stock")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Service momentanément indisponible")
    assert visitor.axe() == []
    alert.get_by_role("button", name="Réessayer").click()
    expect(page.locator(".big")).to_have_text("0\u00a0SMS")
    expect(alert).to_have_count(0)


def test_what_the_gateway_refuses_in_english_is_said_in_french(signed_in: SignedIn, school: SchoolPlayer) -> None:
    visitor = signed_in(manager_of(school))
    visitor.page.route("**/v1/balance", lambda route: route.fulfill(status=429, json={"message": "Too Many Requests"}))
    page = visitor.open("/stock")
    expect(page.get_by_role("alert")).to_contain_text("Trop de demandes à la fois")
    expect(page.get_by_role("alert")).not_to_contain_text("Too Many")


def test_without_a_network_the_page_says_so_and_recovers(signed_in: SignedIn, school: SchoolPlayer) -> None:
    visitor = signed_in(manager_of(school))
    page = visitor.open("/aide")
    visitor.open("/stock")
    visitor.context.set_offline(True)
    expect(page.get_by_role("status").filter(has_text="Hors connexion")).to_be_visible()
    assert visitor.axe() == []
    visitor.context.set_offline(False)
    expect(page.get_by_text("Hors connexion")).to_have_count(0)


def test_a_call_that_does_not_get_through_is_no_error_of_the_person(signed_in: SignedIn, school: SchoolPlayer) -> None:
    def cut(route: Route) -> None:
        route.abort("connectionfailed")

    visitor = signed_in(manager_of(school))
    visitor.page.route("**/v1/balance", cut, times=1)
    page = visitor.open("/stock")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Ce que vous avez écrit est gardé ici.")
    alert.get_by_role("button", name="Réessayer").click()
    expect(page.locator(".big")).to_be_visible()


Change = Callable[[Client, SchoolPlayer], int]


def _suspend(client: Client, school: SchoolPlayer) -> int:
    return client.operator().post(f"/v1/schools/{school.uai}/suspension", {"reason": "Factures impayées"}).status


def _terminate(client: Client, school: SchoolPlayer) -> int:
    return client.operator().post(f"/v1/schools/{school.uai}/termination", {"reason": "À sa demande"}).status


def _end(client: Client, school: SchoolPlayer) -> int:
    return school.register(subscription_end="2026-08-31", confirm_past_end=True).status


@pytest.mark.parametrize(
    ("change", "title"),
    [
        (_suspend, "Les envois de votre établissement sont suspendus"),
        (_terminate, "Le service de SMS de votre établissement est résilié"),
        (_end, "L’abonnement de votre établissement est terminé"),
    ],
)
def test_a_school_that_may_not_send_reads_why_on_every_page(
    signed_in: SignedIn, client: Client, school: SchoolPlayer, change: Change, title: str
) -> None:
    assert change(client, school) in (200, 204)
    visitor = signed_in(manager_of(school), viewport=PHONE)
    page = visitor.open("/stock")
    notice = page.get_by_role("status").filter(has_text=title)
    expect(notice).to_be_visible()
    expect(notice.get_by_role("link")).to_have_attribute("href", "mailto:aide-sms@kosmos.test")
    assert visitor.axe() == []


def test_somebody_without_a_role_learns_whom_to_ask(signed_in: SignedIn, school: SchoolPlayer) -> None:
    visitor = signed_in({**manager_of(school), "roles": []})
    page = visitor.open("/stock")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_role("button", name="Se déconnecter")).to_be_visible()
    assert visitor.axe() == []


def test_the_operator_has_pages_of_their_own_only(signed_in: SignedIn) -> None:
    visitor = signed_in(OPERATOR)
    page = visitor.open("/stock")
    expect(page.get_by_role("heading", level=1)).to_have_text("Cette page n’est pas pour vous")
    assert visitor.axe() == []


# ------------------------------------------------------------------ drafts


def test_a_draft_survives_a_reload_and_the_end_of_the_session(signed_in: SignedIn, school: SchoolPlayer) -> None:
    visitor = signed_in(manager_of(school))
    page = visitor.open("/composants")
    page.get_by_label("Votre message").fill("Bonjour")
    visitor.context.request.delete("/local/session")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Qui êtes-vous ?")
    visitor.be(manager_of(school))
    visitor.open("/composants")
    expect(page.get_by_label("Votre message")).to_have_value("Bonjour")


def test_a_draft_is_its_authors_alone(signed_in: SignedIn, school: SchoolPlayer) -> None:
    visitor = signed_in(manager_of(school))
    visitor.open("/composants").get_by_label("Votre message").fill("Bonjour")
    visitor.be(teacher_of(school))
    page = visitor.open("/composants")
    expect(page.get_by_label("Votre message")).to_have_value("")


def test_signing_out_removes_a_draft_once_that_is_confirmed(signed_in: SignedIn, school: SchoolPlayer) -> None:
    visitor = signed_in(manager_of(school))
    page = visitor.open("/composants")
    page.get_by_label("Votre message").fill("Bonjour")
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_role("dialog", name="Vous avez un brouillon")).to_be_visible()
    assert visitor.axe() == []
    page.get_by_role("button", name="Rester connecté").click()
    expect(page.get_by_label("Votre message")).to_have_value("Bonjour")
    page.get_by_role("button", name="Se déconnecter").click()
    page.get_by_role("button", name="Effacer et se déconnecter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vous êtes déconnecté")
    assert page.evaluate("localStorage.length") == 0


def test_a_draft_is_its_authors_alone_and_ends_with_the_next_day(
    signed_in: SignedIn, supplied_school: SchoolPlayer
) -> None:
    """Schools share computers, and nobody there signs out."""
    manager, teacher = manager_of(supplied_school), teacher_of(supplied_school)
    visitor = signed_in(manager)
    page = visitor.open("/ecrire")
    page.get_by_label("Votre message").fill("La réunion des parents de Zoé est reportée.")
    drafts = "Object.keys(localStorage).filter((key) => key.startsWith('brouillon.')).length"
    assert page.evaluate(drafts) == 1

    visitor.be(teacher)
    page = visitor.open("/ecrire")
    expect(page.get_by_label("Votre message")).to_have_value("")
    assert page.evaluate(drafts) == 0

    page.get_by_label("Votre message").fill("Le cours de sport est annulé.")
    visitor.open("/envois")
    two_days_ago = """() => { for (const key of Object.keys(localStorage)) { const kept = JSON.parse(localStorage[key]);
        localStorage[key] = JSON.stringify({ ...kept, at: kept.at - 2 * 86400000 }); } }"""
    page.evaluate(two_days_ago)
    visitor.open("/ecrire")
    expect(page.get_by_label("Votre message")).to_have_value("")
    assert page.evaluate(drafts) == 0


def _says(status: str) -> Callable[[Route], None]:
    return lambda route: route.fulfill(json={"status": status})


def test_maintenance_is_announced_while_a_page_is_open_and_withdrawn_after_it(
    signed_in: SignedIn, school: SchoolPlayer
) -> None:
    visitor = signed_in(manager_of(school))
    page = visitor.open("/stock")
    notice = page.get_by_role("status").filter(has_text="Le service est en maintenance")
    expect(notice).to_have_count(0)
    page.route("**/healthz", _says("maintenance"))
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # as when one comes back to the page
    expect(notice).to_be_visible()
    assert visitor.axe() == []
    page.unroute("**/healthz")
    page.route("**/healthz", _says("ok"))
    with page.expect_request("**/v1/me"):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(notice).to_have_count(0)


def test_maintenance_is_looked_for_each_minute(signed_in: SignedIn, school: SchoolPlayer) -> None:
    visitor = signed_in(teacher_of(school))
    page = visitor.page
    page.clock.install()
    visitor.open("/envois")
    page.route("**/healthz", _says("maintenance"))
    page.clock.fast_forward("01:01")
    expect(page.get_by_text("Le service est en maintenance")).to_be_visible()


def test_the_operator_reads_of_maintenance_as_a_page_opens(signed_in: SignedIn) -> None:
    visitor = signed_in(OPERATOR, viewport=PHONE, color_scheme="dark")
    visitor.page.route("**/healthz", _says("maintenance"))
    page = visitor.open("/operateur/reglages")
    expect(page.get_by_role("status").filter(has_text="Le service est en maintenance")).to_be_visible()
    assert visitor.axe() == []


def test_seven_entries_are_a_managers_and_what_is_settled_seldom_is_beside_the_help(
    signed_in: SignedIn, school: SchoolPlayer
) -> None:
    page = signed_in(manager_of(school)).open("/reglages/pays")
    expect(page.get_by_role("navigation", name="Pages").get_by_role("link")).to_have_text(
        ["Écrire", "Envois", "Stock", "Commander", "Historique", "Destinataires", "Modèles"]
    )
    expect(page.get_by_role("banner").get_by_role("link", name="Réglages")).to_have_attribute("aria-current", "true")
