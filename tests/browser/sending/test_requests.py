"""Sent requests: their list, its progress, its cancellation; those who got nothing get it again (R29, R35, R36)."""

from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from local.players.school import SchoolPlayer
from tests.browser.conftest import SignedIn
from tests.support.browser.people import manager_of, teacher_of
from tests.support.browser.visitor import PHONE

REACHED, UNREACHABLE = "+33612341010", "+33612345601"


def test_a_scheduled_request_is_found_and_cancelled(signed_in: SignedIn, supplied_school: SchoolPlayer) -> None:
    supplied_school.consent(REACHED)
    later = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    sent = supplied_school.sender.post(
        "/v1/send-requests",
        {
            "text": "Photo de classe à 10 h.",
            "recipients": [{"phone": REACHED}, {"phone": UNREACHABLE}],  # the second one did not consent
            "send_at": later,
        },
        idempotency_key="photo",
    )
    assert sent.status == 202, sent.body
    visitor = signed_in(teacher_of(supplied_school), viewport=PHONE, color_scheme="dark")
    page = visitor.open("/envois")
    expect(page.get_by_role("heading", level=2)).to_have_text("Aujourd’hui")
    expect(page.get_by_role("row", name="Photo de classe")).to_contain_text("Programmé")
    assert visitor.axe() == []
    assert visitor.sideways() == 0
    page.get_by_role("link", name="Photo de classe").click()
    expect(page.locator(".bubble")).to_have_text("Photo de classe à 10 h.")
    expect(page.locator(".facts")).to_contain_text("1\u00a0ligne, rien n’est décompté")
    expect(page.get_by_role("heading", name="Destinataires")).to_have_count(0)
    page.get_by_role("button", name="Annuler cet envoi").click()
    assert visitor.axe() == []
    page.get_by_role("button", name="Annuler l’envoi").click()
    expect(page.locator(".notice.good")).to_be_focused()
    expect(page.locator(".notice.good")).to_contain_text("1 SMS est rendu au stock.")
    assert supplied_school.balance() == 500
    page.goto("/envois?etat=finished")
    expect(page.get_by_text("Aucun envoi dans cet état.")).to_be_visible()


def test_a_manager_writes_again_to_those_alone_who_got_nothing(
    signed_in: SignedIn, supplied_school: SchoolPlayer
) -> None:
    supplied_school.consent(REACHED, UNREACHABLE)
    answer = supplied_school.send("Le collège sera fermé vendredi.", [REACHED, UNREACHABLE])
    visitor = signed_in(manager_of(supplied_school))
    page = visitor.open(f"/envois/{answer.json['id']}")
    expect(page.locator(".status-list")).to_contain_text("Injoignable : décompté", timeout=60_000)
    page.get_by_label("Montrer").select_option("undeliverable")
    expect(page.locator("tbody tr")).to_have_count(1)
    assert visitor.axe() == []
    page.get_by_role("button", name="Réécrire à ceux qui n’ont rien reçu").click()
    expect(page.get_by_label("Votre message")).to_have_value("Le collège sera fermé vendredi.")
    page.get_by_role("button", name="Continuer vers les destinataires").click()
    expect(page.locator(".tally")).to_contain_text("1 destinataire")
