"""Writing a message and sending it: the count, the list, the check, the progress (R19-R25, R29, R50)."""

import re

from playwright.sync_api import Locator, Page, Route, expect

from local.players.school import SchoolPlayer
from tests.browser.conftest import SignedIn
from tests.support.browser.people import manager_of, teacher_of
from tests.support.browser.visitor import PHONE

FAMILIES = ("+33612341010", "+33612341120", "+33612341250")
LIST = (
    "portable;prenom\n06 12 34 10 10;Zoé\n06 12 34 56 7;Léo\n0612341120;Maximilienne\n0698765432;Noé\n06 12 34 12 50;"
)


def test_a_list_with_bad_rows_is_mended_sent_and_followed(signed_in: SignedIn, supplied_school: SchoolPlayer) -> None:
    supplied_school.consent(*FAMILIES)
    visitor = signed_in(manager_of(supplied_school))
    page = visitor.open("/ecrire")
    write(page, "Bonjour ((prenom)), la sortie en forêt est reportée à mardi.")
    expect(page.locator(".counter-sms")).to_have_text("1 SMS environ")
    page.get_by_role("button", name="Remplacer « ê » par « e »").click()
    expect(text_field(page)).to_have_value("Bonjour ((prenom)), la sortie en foret est reportée à mardi.")
    page.get_by_role("button", name="Continuer vers les destinataires").click()

    paste(page, LIST)
    expect(page.locator(".tally")).to_contain_text("2 recevront · 3 à corriger")
    row = page.locator(".wrong-row", has_text="Ligne 3")
    expect(row).to_contain_text("Numéro incomplet : 9 chiffres sur 10.")
    expect(page.locator(".wrong-row", has_text="Ligne 5")).to_contain_text("Pas de consentement enregistré")
    assert visitor.axe() == []
    page.get_by_label("prenom, Ligne 6").fill("Ana")
    page.get_by_label("prenom, Ligne 6").press("Enter")
    expect(page.locator(".tally")).to_contain_text("3 recevront · 2 à corriger")
    page.get_by_role("button", name="Continuer vers la vérification").click()

    expect(page.locator(".facts")).to_contain_text("3 SMS")
    expect(page.locator(".facts")).to_contain_text("497 SMS")
    page.get_by_role("button", name="Le voir").click()
    expect(page.locator(".bubble")).to_contain_text("Bonjour Maximilienne")
    expect(page.locator(".left summary")).to_have_text("2 lignes écartées\u00a0: rien ne partira")
    page.locator(".left summary").click()
    expect(page.locator(".left")).to_contain_text("Numéro incorrect")
    assert visitor.axe() == []
    page.get_by_role("button", name="Envoyer 3 SMS").dblclick()

    expect(page.get_by_role("heading", level=1)).to_have_text("Message envoyé")
    expect(page.locator(".status-list")).to_contain_text("Reçu", timeout=60_000)
    assert visitor.axe() == []
    assert supplied_school.balance() == 497
    page.go_back()
    expect(page.get_by_text("Aucun message n’est commencé.")).to_be_visible()


def test_a_lost_answer_sends_once_and_a_draft_survives(signed_in: SignedIn, supplied_school: SchoolPlayer) -> None:
    supplied_school.consent(*FAMILIES)
    visitor = signed_in(teacher_of(supplied_school), viewport=PHONE, color_scheme="dark")
    page = visitor.open("/ecrire")
    write(page, "Le cours de sport de demain est annulé.")
    page.get_by_role("button", name="Continuer vers les destinataires").click()
    paste(page, "\n".join(FAMILIES))
    expect(page.locator(".tally")).to_contain_text("3 recevront")
    page.reload()
    visitor.settle()
    expect(page.locator(".tally")).to_contain_text("3 recevront")
    assert visitor.sideways() == 0
    page.get_by_role("button", name="Continuer vers la vérification").click()
    expect(page.get_by_role("button", name="Envoyer 3 SMS")).to_be_enabled()
    expect(page.locator(".facts")).not_to_contain_text("restera")
    assert visitor.axe() == []
    assert visitor.sideways() == 0

    keys: list[str] = []

    def lose(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route(re.compile("/v1/send-requests$"), lose)
    page.get_by_role("button", name="Envoyer 3 SMS").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Message envoyé")
    assert len(set(keys)) == 1
    assert len(keys) == 2
    assert supplied_school.balance() == 497
    assert visitor.axe() == []
    assert visitor.sideways() == 0


def test_why_nothing_can_be_sent_is_said_beside_the_button(signed_in: SignedIn, school: SchoolPlayer) -> None:
    visitor = signed_in(teacher_of(school))
    page = visitor.open("/ecrire")
    write(page, "Sortie en forêt.")
    expect(page.locator(".advice")).to_contain_text("70 caractères au lieu de 160")
    page.get_by_role("button", name="Continuer vers les destinataires").click()
    paste(page, FAMILIES[0])
    page.get_by_role("button", name="Continuer vers la vérification").click()
    expect(page.get_by_text("Personne ne recevrait ce message")).to_be_visible()
    expect(page.get_by_role("button", name="Envoyer 0 SMS")).to_be_disabled()
    assert visitor.axe() == []


def test_what_may_be_gone_can_be_asked_for_again_though_it_took_the_stock(
    signed_in: SignedIn, supplied_school: SchoolPlayer
) -> None:
    supplied_school.consent(*FAMILIES)
    visitor = signed_in(manager_of(supplied_school))
    page = visitor.open("/ecrire")
    write(page, "La cantine est fermée demain.")
    page.get_by_role("button", name="Continuer vers les destinataires").click()
    paste(page, "\n".join(FAMILIES))
    page.get_by_role("button", name="Continuer vers la vérification").click()
    answers: list[int] = []
    page.route(re.compile("/v1/send-requests$"), lambda route: answers.append(route.fetch().status))  # lost on the way
    page.get_by_role("button", name="Envoyer 3 SMS").click()
    while not answers:
        page.wait_for_timeout(50)
    page.route("**/v1/balance", lambda route: route.fulfill(json={**route.fetch().json(), "balance": 2}))
    page.reload()
    page.unroute(re.compile("/v1/send-requests$"))
    visitor.settle()
    expect(page.get_by_text("Un envoi est resté sans réponse")).to_be_visible()
    expect(page.get_by_text("Il manque")).to_have_count(0)
    page.get_by_role("button", name="Envoyer 3 SMS").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Message envoyé")
    assert supplied_school.balance() == 497


def write(page: Page, text: str) -> None:
    text_field(page).fill(text)


def text_field(page: Page) -> Locator:
    return page.get_by_label("Votre message")


def paste(page: Page, text: str) -> None:
    page.get_by_label("Numéros ou cellules du tableur").fill(text)
    page.get_by_role("button", name="Ajouter ces destinataires").click()


def test_what_stands_in_the_way_is_said_where_it_is_mended(signed_in: SignedIn, school: SchoolPlayer) -> None:
    school.consent(*FAMILIES)
    visitor = signed_in(manager_of(school))
    page = visitor.open("/ecrire")
    page.get_by_role("button", name="Continuer vers les destinataires").click()
    expect(text_field(page)).to_be_focused()
    expect(page.get_by_text("Écrivez le message à envoyer.")).to_be_visible()
    assert visitor.axe() == []
    write(page, "Inscription sur bit.ly/abc avant vendredi.")
    page.get_by_role("button", name="Continuer vers les destinataires").click()
    expect(page.locator(".field .error")).to_contain_text("lien raccourci (bit.ly)")
    write(page, "Bonjour {{prenom}}, le collège sera fermé vendredi.")
    page.get_by_role("button", name="Continuer vers les destinataires").click()

    page.get_by_role("button", name="Fichier CSV").click()
    csv = "Nom;Tél. portable;prenom\nMartin;06 12 34 10 10;Zoé\n;06 12 34 11 20;Léo\n".encode("cp1252")
    chosen = page.get_by_label("Choisir un fichier CSV")
    chosen.set_input_files({"name": "liste.xlsx", "mimeType": "text/csv", "buffer": b"PK\x03\x04"})
    expect(page.get_by_text("Ce fichier n’est pas un CSV.")).to_be_visible()
    chosen.set_input_files({"name": "parents.csv", "mimeType": "text/csv", "buffer": csv})
    expect(page.locator(".wrong-row").first).to_contain_text("Variable mal écrite")
    assert visitor.axe() == []
    page.get_by_role("button", name="Le texte est bien celui que je veux").click()
    expect(page.locator(".tally")).to_contain_text("2 recevront · 0 à corriger")

    page.get_by_role("button", name="Continuer vers la vérification").click()
    expect(page.get_by_text("Il manque 2 SMS pour cet envoi")).to_be_visible()
    expect(page.get_by_role("button", name="Envoyer 2 SMS")).to_be_disabled()
    page.get_by_label("Plus tard").check()
    page.get_by_label("Heure de l’établissement").fill("22:30")
    expect(page.get_by_text("c’est la nuit (21 h à 7 h)")).to_be_visible()
    page.get_by_label("Jour").fill("2020-01-01")
    expect(page.locator(".moment .error")).to_be_visible()
    assert visitor.axe() == []
    page.get_by_label("Maintenant").check()
    visitor.context.set_offline(True)
    page.get_by_label("Plus tard").check()
    expect(page.locator(".state.failure")).to_contain_text("Hors connexion")
    assert visitor.axe() == []


def test_a_large_request_is_named_before_it_goes_and_a_draft_told_of_once(
    signed_in: SignedIn, supplied_school: SchoolPlayer
) -> None:
    supplied_school.consent(*FAMILIES)
    visitor = signed_in(manager_of(supplied_school))
    page = visitor.open("/ecrire")
    write(page, "Bonjour, ((prenom)) est attendu demain à 8 h.")
    page.reload()
    visitor.settle()
    expect(page.get_by_text("Votre brouillon est là")).to_be_visible()
    page.get_by_role("button", name="Continuer vers les destinataires").click()
    rows = "\n".join(f"06 12 34 10 10;Enfant {number};6e B;x" for number in range(119))
    page.get_by_role("button", name="Fichier CSV").click()
    page.get_by_label("Choisir un fichier CSV").set_input_files(
        {
            "name": "parents.csv",
            "mimeType": "text/csv",
            "buffer": f"portable;prenom;classe;note\n06 12 34 56 7;Léo;6e A;x\n{rows}".encode(),
        }
    )
    page.get_by_label("Numéro, Ligne 2").fill("06 12 34 11 20")
    page.get_by_label("Numéro, Ligne 2").press("Enter")
    expect(page.locator(".tally")).to_be_focused()
    expect(page.locator(".tally")).to_contain_text("120 recevront")
    page.get_by_role("link", name="Revenir au message").click()
    expect(page.locator(".counter")).to_contain_text("Compté pour le plus long de vos destinataires")
    expect(page.get_by_text("Votre brouillon est là")).to_have_count(0)
    page.go_back()

    page.get_by_role("button", name="Continuer vers la vérification").click()
    expect(page.get_by_text("Colonnes que le message n’utilise pas : classe, note.")).to_be_visible()
    page.get_by_label("Voir la ligne ou le numéro").fill("88")
    page.get_by_label("Voir la ligne ou le numéro").press("Enter")
    expect(page.locator(".bubble")).to_contain_text("Enfant 85")
    page.get_by_role("button", name="Envoyer 120 SMS").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Envoyer 120 SMS à 120 personnes")
    expect(dialog).to_contain_text("Il restera 380 SMS en stock.")
    assert visitor.axe() == []
    dialog.get_by_role("button", name="Revenir").click()
    assert supplied_school.balance() == 500
