"""Models: managers write them, senders read them and begin a message from one (R19, R21)."""

from playwright.sync_api import expect

from local.players.school import SchoolPlayer
from tests.browser.conftest import SignedIn
from tests.support.browser.people import manager_of, teacher_of
from tests.support.browser.visitor import PHONE


def test_a_model_is_written_changed_and_used(signed_in: SignedIn, school: SchoolPlayer) -> None:
    visitor = signed_in(manager_of(school))
    page = visitor.open("/modeles")
    expect(page.get_by_text("Aucun modèle pour le moment.")).to_be_visible()
    assert visitor.axe() == []
    page.get_by_role("link", name="Nouveau modèle").click()
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Donnez un nom au modèle.")).to_be_visible()
    assert visitor.axe() == []
    page.get_by_label("Nom").fill("Absence / retard")
    page.get_by_label("Texte").fill("Bonjour, ((prenom)) est absent ce jour.")
    expect(page.locator(".counter-sms")).to_have_text("1 SMS environ")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Un nom de modèle a de 1 à 60 lettres")).to_be_visible()
    page.get_by_label("Nom").fill("Absence")
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_role("link", name="Modifier Absence").click()

    page.get_by_label("Texte").fill("Bonjour, ((prenom)) est en retard ce jour.")
    expect(page.locator(".changed ins")).to_contain_text("en retard")
    assert visitor.axe() == []
    school.manager.put("/v1/templates/Absence", {"text": "Autre texte d'une autre personne."})
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Quelqu’un a enregistré ce modèle entre-temps")).to_be_visible()
    page.get_by_role("button", name="Remplacer par mon texte").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Modèles")
    expect(page.locator(".model")).to_contain_text("en retard")

    page.get_by_role("link", name="Modifier Absence").click()
    page.get_by_label("Texte").fill("Bonjour, {{prenom}} est en retard ce jour.")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Une variable semble mal écrite")).to_be_visible()
    expect(page.get_by_text("Les familles liraient « {{prenom}} » (10e caractère) tel quel.")).to_be_visible()
    expect(page.get_by_text("confirm_placeholders")).to_have_count(0)
    assert visitor.axe() == []
    page.get_by_role("button", name="Corriger le texte").click()
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_role("button", name="Enregistrer tel quel").click()
    expect(page.locator(".model")).to_contain_text("{{prenom}} est en retard")
    school.manager.put("/v1/templates/Absence", {"text": "Bonjour, ((prenom)) est en retard ce jour."})

    reader = signed_in(teacher_of(school), viewport=PHONE)
    page = reader.open("/modeles")
    expect(page.get_by_role("link", name="Modifier")).to_have_count(0)
    assert reader.axe() == []
    assert reader.sideways() == 0
    page.get_by_role("link", name="Écrire avec Absence").click()
    expect(page.get_by_label("Votre message")).to_have_value("Bonjour, ((prenom)) est en retard ce jour.")
