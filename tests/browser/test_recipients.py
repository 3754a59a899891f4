"""Consents, their import, and what a person may ask about a number (R14, R44, R45)."""

from pathlib import Path

from playwright.sync_api import expect

from local.players.client import eventually
from local.players.school import SchoolPlayer
from tests.browser.conftest import SignedIn
from tests.support.browser.people import manager_of, teacher_of
from tests.support.browser.visitor import NARROW

HEADINGS = "Téléphone;Formulation;Version;Canal;Recueilli par;Recueilli le"
PROOF = "J'accepte les SMS de l'établissement.;1;formulaire papier;Secrétariat"
LIST = f"{HEADINGS}\r\n06 12 34 10 10;{PROOF};01/09/2026\r\n\r\n06 12 34 56 7;{PROOF};01/09/2026\r\n"


def test_a_list_is_imported_and_its_bad_row_mended_in_place(signed_in: SignedIn, school: SchoolPlayer) -> None:
    visitor = signed_in(manager_of(school))
    page = visitor.open("/destinataires")
    expect(page.get_by_text("Aucun consentement n’est enregistré.")).to_be_visible()
    assert visitor.axe() == []
    page.get_by_role("link", name="Importer une liste").click()
    choose = page.get_by_label("Fichier CSV des accords")
    choose.set_input_files({"name": "a.csv", "mimeType": "text/csv", "buffer": b"nom;age\r\nZoe;3\r\n"})
    expect(page.locator(".field.wrong")).to_contain_text("Il manque à la liste ces colonnes")
    assert visitor.axe() == []
    choose.set_input_files({"name": "a.csv", "mimeType": "text/csv", "buffer": LIST.encode("cp1252")})
    expect(page.locator(".notice")).to_contain_text("1 accord enregistré")
    expect(page.locator(".wrong-consents")).to_contain_text("Ligne 4")
    assert visitor.axe() == []
    with page.expect_download() as download:
        page.get_by_role("button", name="Télécharger ces lignes").click()
    assert "06 12 34 56 7;J'accepte" in Path(download.value.path()).read_text("utf-8-sig")
    page.get_by_label("Téléphone, ligne 4").fill("06 12 34 12 50")
    page.get_by_label("Téléphone, ligne 4").press("Enter")
    expect(page.locator(".wrong-consents")).to_contain_text("enregistrée")
    page.get_by_role("link", name="Voir les consentements").click()
    expect(page.get_by_role("row")).to_have_count(3)
    assert visitor.axe() == []


def test_a_number_is_consented_for_withdrawn_and_erased(signed_in: SignedIn, supplied_school: SchoolPlayer) -> None:
    visitor = signed_in(manager_of(supplied_school), viewport=NARROW, color_scheme="dark")
    page = visitor.open("/destinataires")
    page.get_by_label("Ouvrir la fiche d’un numéro").fill("06 12 34 10 10")
    page.get_by_role("button", name="Ouvrir la fiche").click()
    expect(page.get_by_text("Aucun accord n’est enregistré pour ce numéro")).to_be_visible()
    assert visitor.axe() == []
    assert visitor.sideways() == 0
    page.get_by_role("button", name="Enregistrer l’accord").click()
    expect(page.locator(".field.wrong")).to_have_count(1)
    page.get_by_label("Texte accepté").fill("J’accepte les SMS.")
    page.get_by_role("button", name="Enregistrer l’accord").click()
    expect(page.locator(".facts")).to_contain_text("Accord enregistré")
    answer = supplied_school.send("La cantine est fermée.", ["+33612341010"])
    assert answer.status == 202
    eventually(lambda: [each["status"] for each in supplied_school.history()] == ["delivered"])

    page.get_by_role("button", name="Corriger le numéro").click()
    expect(page.get_by_role("dialog")).to_contain_text("L’historique garde ce qui a été envoyé")
    page.get_by_label("Le bon numéro").fill("06 12 34 10 10")
    page.get_by_role("dialog").get_by_role("button", name="Corriger le numéro").click()
    expect(page.get_by_role("dialog")).to_contain_text("C’est le même numéro.")
    assert visitor.axe() == []
    page.get_by_role("button", name="Ne rien changer").click()

    page.get_by_role("button", name="Retirer le consentement").click()
    assert visitor.axe() == []
    page.get_by_role("dialog").get_by_role("button", name="Retirer le consentement").click()
    expect(page.locator(".facts")).to_contain_text("Retiré")
    expect(page.get_by_label("Texte accepté")).to_be_hidden()
    page.get_by_text("La famille a signé de nouveau").click()
    expect(page.get_by_label("Texte accepté")).to_be_visible()
    page.reload()
    visitor.settle()
    expect(page.get_by_role("row").filter(has_text="La cantine est fermée.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Télécharger tout ce qui est gardé").click()
    assert "La cantine est fermée." in Path(download.value.path()).read_text("utf-8-sig")

    page.get_by_role("button", name="Effacer ce numéro").click()
    page.get_by_role("button", name="Effacer définitivement").click()
    expect(page.get_by_text("Cochez la case pour confirmer.")).to_be_visible()
    assert visitor.axe() == []
    page.get_by_label("J’efface tout ce qui est gardé").check()
    page.get_by_role("button", name="Effacer définitivement").click()
    expect(page.get_by_text("Ce numéro a été effacé")).to_be_visible()
    expect(page.get_by_text("Aucun message ne lui a été envoyé")).to_be_visible()
    assert supplied_school.history()[0]["text"] is None
    assert visitor.axe() == []


def test_replies_are_shown_and_teachers_see_none_of_it(signed_in: SignedIn, school: SchoolPlayer) -> None:
    manager = signed_in(manager_of(school))
    page = manager.open("/destinataires/reponses")
    expect(page.get_by_text("Aucune réponse cette année scolaire.")).to_be_visible()
    assert manager.axe() == []
    reply = {"id": "1", "phone": "+33612341010", "text": "Merci " * 60, "received_at": "2026-11-30T08:00:00Z"}
    page.route("**/v1/replies", lambda route: route.fulfill(json={"items": [reply], "next_cursor": None}))
    manager.open("/destinataires/reponses")
    expect(page.get_by_role("row").nth(1)).to_contain_text("Merci Merci")
    assert manager.axe() == []
    visitor = signed_in(teacher_of(school))
    for address in ("/commander", "/historique", "/destinataires", "/destinataires/0612341010", "/stock/journal"):
        visitor.open(address)
        expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Cette page n’est pas pour vous")
    assert visitor.axe() == []
