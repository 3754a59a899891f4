"""A school as the operator registers it, looks into it, and decides about it."""

from playwright.sync_api import expect

from local.players.client import Client, eventually
from local.players.school import SUBSCRIPTION_END, SchoolPlayer, siret_of, uai_of
from tests.browser.conftest import OPERATOR, SignedIn
from tests.support.browser.people import manager_of

NARROW = {"viewport": {"width": 320, "height": 640}, "color_scheme": "dark"}
SCHOOLS = "/operateur/etablissements"
UNREACHABLE = "+33612345601"


def test_a_school_is_registered_found_and_changed(signed_in: SignedIn) -> None:
    visitor = signed_in(OPERATOR)
    page = visitor.open(f"{SCHOOLS}/nouveau")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("sept chiffres et une lettre").last).to_be_visible()
    expect(page.get_by_label("Code UAI")).to_be_focused()
    assert visitor.axe() == []
    page.get_by_label("Code UAI").fill(uai_of(7777))
    page.get_by_label("Nom de l’établissement").fill("Lycée des Pages")
    page.get_by_label("SIRET").fill("123")
    page.get_by_label("Adresse", exact=True).fill("1 rue des Écoles")
    page.get_by_label("Code postal").fill("75005")
    page.get_by_label("Ville").fill("Paris")
    page.get_by_label("Nom du gestionnaire 1").fill("Ana Petit")
    page.get_by_label("Son adresse électronique 1").fill("ana@pages.test")
    page.get_by_label("Dernier jour de l’abonnement").fill(SUBSCRIPTION_END)
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_label("SIRET")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("SIRET").fill(siret_of(7777))
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lycée des Pages")
    expect(page.get_by_text("ana@pages.test")).to_be_visible()
    assert visitor.axe() == []

    visitor.open(SCHOOLS)
    page.get_by_label("Nom, ville ou code UAI").fill("pages lycee")
    page.get_by_role("button", name="Rechercher").click()
    page.get_by_role("link", name="Lycée des Pages").click()
    page.get_by_role("link", name="Modifier la fiche").click()
    page.get_by_label("Plafond par jour").fill("2 000")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.locator(".facts")).to_contain_text("2\u202f000")
    visitor.open(f"{SCHOOLS}?q=zzz")
    expect(page.get_by_text("Aucun établissement ne répond")).to_be_visible()
    assert visitor.axe() == []


def test_a_slip_in_the_code_does_not_replace_another_school(signed_in: SignedIn, school: SchoolPlayer) -> None:
    page = signed_in(OPERATOR).open(f"{SCHOOLS}/nouveau")
    page.get_by_label("Code UAI").fill(school.uai.lower())
    page.get_by_label("Nom de l’établissement").fill("Lycée des Fautes")
    page.get_by_label("SIRET").fill(siret_of(7779))
    page.get_by_label("Adresse", exact=True).fill("1 rue des Écoles")
    page.get_by_label("Code postal").fill("75005")
    page.get_by_label("Ville").fill("Paris")
    page.get_by_label("Son adresse électronique 1").fill("ana@pages.test")
    page.get_by_label("Dernier jour de l’abonnement").fill(SUBSCRIPTION_END)
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("déjà enregistré")).to_be_visible()
    expect(page.get_by_label("Code UAI")).to_be_focused()


def test_a_parents_missing_sms_is_found_from_a_number_and_a_day(
    signed_in: SignedIn, client: Client, supplied_school: SchoolPlayer
) -> None:
    supplied_school.consent(UNREACHABLE)
    sent = supplied_school.send("Réunion demain.", [UNREACHABLE])
    assert sent.status == 202
    eventually(lambda: set(supplied_school.statuses(sent.json["id"]).values()) == {"undeliverable"})
    visitor = signed_in(OPERATOR, **NARROW)
    page = visitor.open(f"{SCHOOLS}/{supplied_school.uai}/sms-manquant")
    page.get_by_role("button", name="Rechercher").click()
    expect(page.get_by_text("Indiquez le numéro du parent.")).to_be_visible()
    page.get_by_label("Numéro du parent").fill("06 12 34 56 01")
    page.get_by_label("Numéro du parent").press("Enter")
    expect(page.get_by_text("Injoignable")).not_to_have_count(0)
    expect(page.get_by_text("Consentement enregistré")).to_be_visible()
    expect(page.get_by_text("Remis au prestataire").first).to_be_visible()
    assert visitor.axe() == []
    assert visitor.sideways() == 0
    page.get_by_label("Numéro du parent").fill("06 99 99 99 99")
    page.get_by_role("button", name="Rechercher").click()
    expect(page.get_by_text("Aucun SMS n’a été demandé")).to_be_visible()
    expect(page.get_by_text("Aucun consentement enregistré")).to_be_visible()
    assert visitor.axe() == []

    # The reason given once holds for what else is looked at, and stays recorded.
    page.get_by_role("link", name="Stock et envois").click()
    expect(page.locator(".big")).to_have_text("499\u00a0SMS")
    expect(page.get_by_role("row").nth(1)).to_be_visible()
    visitor.settle()
    assert visitor.axe() == []
    assert visitor.sideways() == 0
    page.get_by_role("link", name="Décisions").click()
    expect(page.get_by_text("Un parent dit ne pas avoir reçu un SMS").first).to_be_visible()


def test_a_school_is_suspended_resumed_and_terminated_only_by_its_uai(
    signed_in: SignedIn, client: Client, school: SchoolPlayer
) -> None:
    def state() -> str:
        return str(client.operator().get(f"/v1/schools/{school.uai}").json["state"])

    visitor = signed_in(OPERATOR)
    page = visitor.open(f"{SCHOOLS}/{school.uai}/decisions")
    page.get_by_role("button", name="Suspendre…").click()
    page.get_by_role("dialog").get_by_role("button", name="Suspendre").click()
    expect(page.get_by_text("À remplir")).to_be_visible()
    assert visitor.axe() == []
    page.get_by_label("Motif").fill("Envois publicitaires")
    page.get_by_role("dialog").get_by_role("button", name="Suspendre").click()
    expect(page.get_by_text("Les envois sont suspendus", exact=True)).to_be_visible()
    assert state() == "suspended"
    page.get_by_role("button", name="Lever la suspension…").click()
    page.get_by_label("Motif").fill("Réglé avec la direction")
    page.get_by_role("dialog").get_by_role("button", name="Lever").click()
    expect(page.get_by_text("L’établissement envoie et commande normalement.")).to_be_visible()
    expect(page.get_by_role("cell", name="Envois publicitaires")).to_be_visible()
    assert visitor.axe() == []

    page.get_by_role("button", name="Résilier définitivement…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Motif").fill("Demande de l’établissement")
    dialog.get_by_label("Tapez").fill("0000000A")
    dialog.get_by_role("button", name="Résilier définitivement").click()
    expect(page.get_by_text("Ce n’est pas le code UAI")).to_be_visible()
    assert visitor.axe() == []
    assert state() == "active"
    dialog.get_by_label("Tapez").fill(school.uai)
    dialog.get_by_role("button", name="Résilier définitivement").click()
    expect(page.get_by_text("Cet établissement est résilié")).to_be_visible()
    assert state() == "terminated"
    assert visitor.axe() == []

    manager = signed_in(manager_of(school))
    manager.open(f"{SCHOOLS}/{school.uai}")
    expect(manager.page.get_by_text("l’exploitant du service")).to_be_visible()


def test_destinations_and_applications_are_authorised(signed_in: SignedIn, school: SchoolPlayer) -> None:
    visitor = signed_in(OPERATOR, **NARROW)
    page = visitor.open(f"{SCHOOLS}/{school.uai}")
    page.get_by_role("button", name="Autoriser des destinations").click()
    page.get_by_label("Pays (code)").first.fill("be")
    page.get_by_role("button", name="Proposer ces destinations").click()
    expect(page.get_by_text("deux lettres")).to_be_visible()
    page.get_by_label("SMS par SMS").first.fill("2")
    assert visitor.axe() == []
    page.get_by_role("button", name="Proposer ces destinations").click()
    expect(page.get_by_text("Belgique")).to_be_visible()
    expect(page.get_by_text("attend l’accord d’un gestionnaire")).to_be_visible()
    page.get_by_label("Identifiant de l’application").fill("pronote-1")
    page.get_by_role("button", name="Autoriser", exact=True).click()
    expect(page.get_by_text("autorisée aujourd’hui")).to_be_visible()
    assert visitor.axe() == []
    assert visitor.sideways() == 0
    page.get_by_role("button", name="Retirer… pronote-1").click()
    page.get_by_role("button", name="Retirer l’application").click()
    expect(page.get_by_text("Aucune : seules des personnes")).to_be_visible()


def test_a_stock_is_corrected_by_two_people(signed_in: SignedIn, client: Client, ordered_school: SchoolPlayer) -> None:
    visitor = signed_in(OPERATOR, reduced_motion="reduce")
    page = visitor.open(f"{SCHOOLS}/{ordered_school.uai}/decisions")
    expect(page.get_by_text("Le stock n’a jamais été corrigé.")).to_be_visible()
    page.get_by_role("button", name="Proposer une correction…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Rien ne change avant qu’une autre personne confirme.")
    dialog.get_by_role("button", name="Proposer").click()
    expect(dialog.get_by_text("Un nombre entier de SMS")).to_be_visible()
    assert visitor.axe() == []
    dialog.get_by_label("Retirer des SMS").check()
    dialog.get_by_label("Nombre de SMS").fill("20")
    dialog.get_by_label("Motif").fill("Saisis deux fois par erreur.")
    dialog.get_by_role("button", name="Proposer").click()
    expect(page.get_by_text("La correction est proposée")).to_be_visible()
    expect(page.get_by_text("À une autre personne que vous")).to_be_visible()
    assert ordered_school.balance() == 500

    other = signed_in({**OPERATOR, "sub": "operator-2", "email": "paul@kosmos.test"}, viewport=NARROW["viewport"])
    second = other.open("/operateur")
    second.get_by_role("link", name="Corrections de stock à confirmer").click()
    row = second.get_by_role("row").filter(has_text="Saisis deux fois par erreur.")
    assert other.axe() == []
    assert other.sideways() == 0
    row.get_by_role("link").first.click()
    second.get_by_role("button", name="Confirmer…").click()
    dialog = second.get_by_role("dialog", name="Retirer 20 SMS du stock".replace("20 ", "20\u00a0"))
    expect(dialog).to_contain_text("le stock ne descend pas sous zéro")
    assert other.axe() == []
    dialog.get_by_role("button", name="Retirer").click()
    expect(second.get_by_text("La correction est confirmée")).to_be_visible()
    eventually(lambda: ordered_school.balance() == 480)
    assert other.sideways() == 0
