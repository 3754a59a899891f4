"""Ordering as a manager does it: quantities, the form, what became of it, the invoice (R6, R7, R8, R41)."""

from pathlib import Path

from playwright.sync_api import expect

from local.players.client import eventually
from local.players.school import SchoolPlayer
from tests.browser.conftest import SignedIn
from tests.support.browser.people import manager_of
from tests.support.browser.visitor import NARROW


def test_a_manager_downloads_a_form_and_follows_the_order(signed_in: SignedIn, ordered_school: SchoolPlayer) -> None:
    ordered_school.mail(ordered_school.complete(ordered_school.order_form(P1000=1)))  # nobody signed it
    eventually(lambda: any(order["state"] == "incomplete" for order in ordered_school.orders()))
    eventually(lambda: any(invoice["state"] == "due" for invoice in ordered_school.manager.all("/v1/invoices")))
    visitor = signed_in(manager_of(ordered_school))
    page = visitor.open("/commander")
    expect(page.get_by_text("Rien n’a été envoyé ces dernières semaines")).to_be_visible()
    page.get_by_label("Pack de 1 000 SMS").fill("deux")
    expect(page.get_by_text("Un nombre entier, 999 au plus.")).to_be_visible()
    assert visitor.axe() == []
    page.get_by_label("Pack de 1 000 SMS").fill("2")
    expect(page.get_by_role("status").filter(has_text="hors taxes")).to_contain_text("2 000 SMS pour")
    with page.expect_download() as download:
        page.get_by_role("button", name="Télécharger le bon de commande").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")
    with page.expect_download() as download:
        page.get_by_role("button", name="PDF de la facture").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")

    page.get_by_role("table", name="Factures").get_by_role("link").click()
    expect(page.locator(".facts")).to_contain_text("Prix HT")
    expect(page.locator(".facts")).to_contain_text("TVA")
    expect(page.locator(".facts")).to_contain_text("À régler")
    page.go_back()
    row = page.get_by_role("row").filter(has_text="Incomplète")
    expect(row).to_contain_text("voir ce qui manque")
    row.get_by_role("link").click()
    expect(page.get_by_role("heading", name="Ce qu’il faut corriger")).to_be_visible()
    expect(page.locator(".reasons")).to_contain_text("Signature absente. Signez dans le cadre prévu")
    assert visitor.axe() == []


def test_a_school_without_orders_is_told_where_they_will_be(signed_in: SignedIn, school: SchoolPlayer) -> None:
    visitor = signed_in(manager_of(school), viewport=NARROW, color_scheme="dark")
    page = visitor.open("/commander")
    expect(page.get_by_text("Aucune commande pour le moment")).to_be_visible()
    assert visitor.axe() == []
    assert visitor.sideways() == 0
    page.route("**/v1/order-form*", lambda route: route.abort())
    page.get_by_role("button", name="Télécharger le bon").click()
    expect(page.get_by_role("alert")).to_contain_text("La connexion au service est coupée")
    page.route("**/v1/price-list", lambda route: route.fulfill(status=503, json={"message": "no"}))
    visitor.open("/commander")
    expect(page.get_by_text("Service momentanément indisponible")).to_be_visible()
    assert visitor.axe() == []
    visitor.open("/commander/BC26-RIEN")
    expect(page.get_by_role("alert")).to_be_visible()
    assert visitor.axe() == []
