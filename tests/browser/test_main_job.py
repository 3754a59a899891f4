"""The whole job in the pages alone, but for the pen and the mail: from the order form to the exported history."""

from pathlib import Path

from playwright.sync_api import Page, expect

from local.players import paper
from local.players.client import eventually
from local.players.school import SchoolPlayer
from tests.browser.conftest import SignedIn
from tests.support.browser.people import manager_of
from tests.support.browser.visitor import Visitor

HEADINGS = "Téléphone;Formulation;Version;Canal;Recueilli par;Recueilli le"
PROOF = "J'accepte les SMS de l'établissement.;1;formulaire papier;Secrétariat;01/09/2026"
FAMILIES = ("06 12 34 10 10", "06 12 34 11 20", "06 12 34 12 50", "06 12 34 13 01")
LIST = "portable;prenom\n06 12 34 10 10;Zoé\n06 12 34 11 2;Maximilienne\n0612341250;\n0612341301;\n"


def test_a_school_orders_writes_and_keeps_its_history(signed_in: SignedIn, school: SchoolPlayer) -> None:
    visitor = signed_in(manager_of(school))
    order(visitor, school)
    import_consents(visitor)
    write_to_a_list_with_three_bad_rows(visitor)
    expect(visitor.page.locator(".status-list")).to_contain_text("Injoignable")
    export_the_history(visitor)


def order(visitor: Visitor, school: SchoolPlayer) -> None:
    """Download a form, sign it, mail it, and see the credit come."""
    page = visitor.open("/commander")
    page.get_by_label("Pack de 1 000 SMS").fill("1")
    with page.expect_download() as download:
        page.get_by_role("button", name="Télécharger le bon de commande").click()
    form = Path(download.value.path()).read_bytes()
    school.mail(paper.ink(school.complete(form)))
    wait_for(visitor, "/commander", "Créditée")
    assert visitor.axe() == []
    visitor.open("/stock")
    expect(page.locator("main")).to_contain_text("1 000 SMS")
    assert visitor.axe() == []


def import_consents(visitor: Visitor) -> None:
    page = visitor.open("/destinataires")
    page.get_by_role("link", name="Importer une liste").click()
    rows = "\r\n".join([HEADINGS, *(f"{phone};{PROOF}" for phone in FAMILIES)])
    chosen = {"name": "accords.csv", "mimeType": "text/csv", "buffer": rows.encode("cp1252")}
    page.get_by_label("Fichier CSV des accords").set_input_files(chosen)  # type: ignore[arg-type]
    expect(page.locator(".notice")).to_contain_text("4 accords enregistrés")


def write_to_a_list_with_three_bad_rows(visitor: Visitor) -> None:
    page = visitor.open("/ecrire")
    page.get_by_label("Votre message").fill("Bonjour ((prenom)), la sortie de mardi est reportée.")
    page.get_by_role("button", name="Continuer vers les destinataires").click()
    page.get_by_role("button", name="Fichier CSV").click()
    chosen = {"name": "liste.csv", "mimeType": "text/csv", "buffer": LIST.encode("cp1252")}
    page.get_by_label("Choisir un fichier CSV").set_input_files(chosen)  # type: ignore[arg-type]
    expect(page.locator(".tally")).to_contain_text("1 recevra · 3 à corriger")
    mend(page, "Numéro, Ligne 3", "06 12 34 11 20")
    mend(page, "prenom, Ligne 4", "Ana")
    mend(page, "prenom, Ligne 5", "Léo")
    expect(page.locator(".tally")).to_contain_text("4 recevront · 0 à corriger")
    assert visitor.axe() == []
    page.get_by_role("button", name="Continuer vers la vérification").click()
    expect(page.locator(".facts")).to_contain_text("996 SMS")
    page.get_by_role("button", name="Envoyer 4 SMS").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Message envoyé")
    expect(page.locator(".status-list")).to_contain_text("Reçu")


def mend(page: Page, label: str, value: str) -> None:
    page.get_by_label(label).fill(value)
    page.get_by_label(label).press("Enter")


def export_the_history(visitor: Visitor) -> None:
    page = visitor.open("/historique")
    expect(page.get_by_role("row")).to_have_count(1 + len(FAMILIES))
    expect(page.get_by_role("row").filter(has_text="Injoignable")).to_have_count(1)
    with page.expect_download() as download:
        page.get_by_role("button", name="Exporter ces messages en CSV").click()
    exported = Path(download.value.path()).read_text("utf-8-sig")
    assert "Bonjour Maximilienne, la sortie de mardi est reportée." in exported
    assert len(exported.strip().splitlines()) == 1 + len(FAMILIES)
    assert visitor.axe() == []


def wait_for(visitor: Visitor, address: str, words: str) -> None:
    """Look at a page again, as a person does, until it says `words`."""
    eventually(lambda: visitor.open(address).locator("main").get_by_text(words).count() > 0)
