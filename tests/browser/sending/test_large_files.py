"""Files too large for an answer or a body go by S3, from the page as from a program (R22, R50)."""

import re

from playwright.sync_api import expect

from local.players.client import Client, eventually
from local.players.school import SchoolPlayer
from tests.browser.conftest import OPERATOR, SignedIn
from tests.support.browser.people import manager_of
from tests.support.journeys.letters import review_of
from tests.support.papers.pdf_editing import with_page, with_unused_bytes


def test_a_form_of_many_megabytes_is_shown_and_its_mail_saved(
    signed_in: SignedIn, client: Client, school: SchoolPlayer
) -> None:
    school.mail(with_unused_bytes(with_page(school.signed_form(P1000=2)), 4_500_000))
    order_id = str(review_of(client.operator(), school)["id"])
    page = signed_in(OPERATOR).open(f"/operateur/commandes/{order_id}")
    expect(page.locator("iframe.received-form")).to_be_visible()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Télécharger le message d’origine").click()
    assert saved.value.path().stat().st_size > 6_000_000


def test_a_list_larger_than_a_call_is_uploaded_once_and_sent(
    signed_in: SignedIn, supplied_school: SchoolPlayer
) -> None:
    kept_for_fiction = [f"063998{number:04d};Élève {number}" for number in range(100)]
    supplied_school.consent(*(f"+3363998{number:04d}" for number in range(100)))
    landlines = [f"0140{number:06d};x" for number in range(11_000)]
    visitor = signed_in(manager_of(supplied_school), reduced_motion="reduce")
    uploads: list[str] = []
    visitor.context.on("request", lambda request: uploads.append(request.url) if "lists" in request.url else None)
    page = visitor.open("/ecrire")
    page.get_by_label("Votre message").fill("Bonjour ((prenom)), le car part à 7 h.")
    page.get_by_role("button", name="Continuer vers les destinataires").click()
    page.get_by_role("button", name="Fichier CSV").click()
    content = "\n".join(["portable;prenom", *kept_for_fiction, *landlines]).encode()
    page.get_by_label("Choisir un fichier CSV").set_input_files(
        {"name": "tous.csv", "mimeType": "text/csv", "buffer": content}
    )
    expect(page.locator(".tally")).to_contain_text(re.compile("100 recevront · 11.000 à corriger"))
    expect(page.locator(".wrong-row").first).to_contain_text("Ligne 102")
    page.get_by_role("button", name="Continuer vers la vérification").click()
    page.get_by_role("button", name=re.compile("Envoyer 0")).click()
    page.get_by_role("dialog").get_by_role("button", name=re.compile("Envoyer 0")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Message envoyé")
    assert len(uploads) == 2, uploads  # the address asked for, and the list brought there
    [sent] = supplied_school.manager.all("/v1/send-requests")
    assert (sent["accepted"], sent["refused"]) == (100, 11_000)
    eventually(lambda: supplied_school.client.phone("+33639980099"))
