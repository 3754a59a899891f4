"""A manager's settings: whom mails go to, countries to accept, users who send nothing (R10, R23, R25)."""

from typing import Any

from playwright.sync_api import expect

from local.players.client import Client, eventually
from local.players.school import SchoolPlayer
from tests.browser.conftest import SignedIn
from tests.support.browser.people import manager_of, teacher_of
from tests.support.browser.visitor import NARROW, PHONE


def notified(school: SchoolPlayer) -> list[tuple[str, str]]:
    return [(each["email"], each["state"]) for each in school.manager.get("/v1/notified").json["items"]]


def destinations(school: SchoolPlayer) -> Any:
    return school.manager.get("/v1/destinations").json


def test_an_address_is_added_confirmed_by_its_link_and_taken_off(
    signed_in: SignedIn, school: SchoolPlayer, client: Client
) -> None:
    head = f"chef@{school.uai.lower()}.ecole.test"
    visitor = signed_in(manager_of(school), viewport=NARROW)
    page = visitor.open("/reglages")
    expect(page.get_by_text("Ce sont les gestionnaires SMS que Kosmos a enregistrés")).to_be_visible()
    expect(page.get_by_role("button", name="Retirer")).to_have_count(0)
    assert visitor.axe() == []
    assert visitor.sideways() == 0
    page.get_by_label("Adresse à ajouter").fill("chef")
    page.get_by_role("button", name="Ajouter à la liste").click()
    expect(page.locator(".field.wrong")).to_contain_text("Écrivez une adresse complète")
    assert visitor.axe() == []
    page.get_by_label("Adresse à ajouter").fill(head)
    page.get_by_role("button", name="Ajouter à la liste").click()
    expect(page.locator(".notice.good")).to_contain_text(f"Un lien a été envoyé à {head}")
    expect(page.locator(".rows li").nth(1)).to_contain_text("Attend sa confirmation")
    assert visitor.axe() == []
    assert notified(school) == [(school.manager.email, "confirmed"), (head, "pending")]

    [mail] = eventually(lambda: client.outbox(head))
    link = next(word for word in mail["text"].split() if word.startswith("http"))
    reader = signed_in(None).page
    reader.goto(link)
    reader.get_by_role("button", name="Confirmer").click()
    expect(reader.get_by_role("heading", name="Adresse confirmée")).to_be_visible()
    page.reload()
    expect(page.locator(".rows li").nth(1)).to_contain_text("Reçoit les messages")

    page.get_by_role("button", name=f"Retirer… {head}").click()
    expect(page.get_by_role("dialog")).to_contain_text("Plus aucun message du service ne lui est envoyé")
    assert visitor.axe() == []
    page.get_by_role("button", name="Retirer", exact=True).click()
    expect(page.locator(".notice.good")).to_contain_text("ne reçoit plus les messages")
    assert notified(school) == [(school.manager.email, "confirmed")]


def test_a_manager_who_is_not_on_the_list_learns_it_and_joins(signed_in: SignedIn, school: SchoolPlayer) -> None:
    other = school.person("lea.petit", "sms_manager")
    hers = {**manager_of(school), "sub": other.sub, "email": other.email}
    visitor = signed_in(hers, viewport=PHONE, color_scheme="dark")
    page = visitor.open("/reglages")
    expect(page.locator(".notice")).to_contain_text("Vous ne recevez pas ces messages")
    expect(page.locator(".notice")).to_contain_text(f"votre adresse, {other.email}, n’est pas dans cette liste")
    assert visitor.axe() == []
    page.get_by_role("button", name="Me prévenir aussi").click()
    expect(page.locator(".notice.attention")).to_contain_text("suivez-le pour recevoir les messages")
    assert visitor.axe() == []
    assert notified(school) == [(school.manager.email, "confirmed"), (other.email, "pending")]


def test_a_tariff_abroad_is_read_with_its_prices_and_accepted(signed_in: SignedIn, school: SchoolPlayer) -> None:
    visitor = signed_in(manager_of(school))
    page = visitor.open("/reglages/pays")
    expect(page.get_by_role("row")).to_have_count(2)
    expect(page.get_by_role("row", name="France et outre-mer")).to_contain_text("1 SMS par SMS")
    expect(page.get_by_role("button", name="Accepter")).to_have_count(0)
    assert visitor.axe() == []
    offered = {
        "sending_country": "FR",
        "destinations": {"BE": {"multiplier": 2}, "CH": {"multiplier": 3}},
        "tariff": {"text": "Tarif Europe 2026.\nValable un an.", "prices": {"BE": "0.0825"}},
    }
    operator = school.client.operator()
    assert operator.put(f"/v1/schools/{school.uai}/destinations", offered).status == 200

    page.reload()
    row = page.get_by_role("table", name="Pays proposés").get_by_role("row", name="Belgique")
    expect(row).to_contain_text("2 SMS par SMS")
    expect(row).to_contain_text("0,0825 €")
    expect(row).to_contain_text("aucun envoi")
    expect(page.get_by_text("Tarif Europe 2026.")).to_be_visible()
    assert visitor.axe() == []
    page.get_by_role("button", name="Accepter ce tarif…").click()
    expect(page.get_by_role("dialog")).to_contain_text("Belgique : 2 SMS par SMS envoyé, 0,0825 € HT")
    assert visitor.axe() == []
    # The operator changes the offer while it is read: nothing is accepted that was not shown.
    assert operator.put(f"/v1/schools/{school.uai}/destinations", offered | {"tariff": None}).status == 200
    page.get_by_role("button", name="Accepter", exact=True).click()
    expect(page.locator(".notice.bad")).to_contain_text("relisez-les")
    expect(page.get_by_text("Tarif Europe 2026.")).to_have_count(0)
    assert destinations(school)["accepted_version"] is None

    page.get_by_role("button", name="Accepter ce tarif…").click()
    page.get_by_role("button", name="Accepter", exact=True).click()
    expect(page.locator(".notice.good")).to_contain_text("Ces destinations sont acceptées")
    expect(page.get_by_role("table", name="Pays en vigueur").get_by_role("row", name="Suisse")).to_contain_text("3 SMS")
    expect(page.get_by_role("heading", name="À accepter")).to_have_count(0)
    assert visitor.axe() == []
    assert destinations(school)["in_force"]["BE"] == {"multiplier": 2}


def test_who_sent_a_message_is_stopped_after_reading_what_follows_and_let_again(
    signed_in: SignedIn, supplied_school: SchoolPlayer
) -> None:
    school, named = supplied_school, supplied_school.sender.email
    school.consent("+33612341010")
    assert school.send("La cantine est fermée.", ["+33612341010"]).status == 202
    visitor = signed_in(manager_of(school), viewport=PHONE)
    [message] = school.history()
    page = visitor.open(f"/historique/{message['message_id']}")
    page.get_by_role("link", name="suspendre ses envois").click()
    expect(page.get_by_text("tous les utilisateurs de l’établissement peuvent envoyer")).to_be_visible()
    field = page.get_by_label("Personne")
    expect(field).to_have_value(named)
    field.fill("personne@ailleurs.test")
    page.get_by_role("button", name="Suspendre ses envois…").click()
    expect(page.locator(".field.wrong")).to_contain_text("Aucun envoi récent n’est de cette adresse")
    field.fill(school.manager.sub)
    page.get_by_role("button", name="Suspendre ses envois…").click()
    expect(page.locator(".field.wrong")).to_contain_text("seul un autre gestionnaire SMS peut suspendre vos envois")
    assert visitor.axe() == []
    field.fill(named)
    page.get_by_role("button", name="Suspendre ses envois…").click()
    expect(page.get_by_role("dialog")).to_contain_text("est annulé et rendu au stock")
    assert visitor.axe() == []
    page.get_by_role("button", name="Suspendre", exact=True).click()
    expect(page.locator(".notice.good")).to_contain_text(f"Les envois de {named} sont suspendus")
    expect(page.get_by_role("row", name=named)).to_contain_text(school.manager.sub)
    assert visitor.axe() == []
    assert visitor.sideways() == 0
    assert [each["sub"] for each in school.manager.get("/v1/blocked-senders").json] == [school.sender.sub]
    stopped = signed_in(teacher_of(school)).open("/ecrire")
    expect(stopped.get_by_text("Vos envois sont suspendus")).to_be_visible()

    page.get_by_role("button", name=f"Rétablir les envois de {named}").click()
    expect(page.locator(".notice.good")).to_contain_text("sont rétablis")
    assert school.manager.get("/v1/blocked-senders").json == []
    assert school.sender.get("/v1/me").json["why_not"] is None
