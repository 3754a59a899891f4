"""The operator's first page, and an order that a person decides, by keyboard."""

from playwright.sync_api import Page, expect

from local.players import paper
from local.players.client import Client, eventually, mail_with
from local.players.school import SchoolPlayer
from tests.browser.conftest import OPERATOR, SignedIn
from tests.support.browser.people import manager_of
from tests.support.browser.visitor import PHONE
from tests.support.journeys.letters import plain, review_of

REJECTED = "Bon de commande refusé"


def in_review(client: Client, school: SchoolPlayer, **packs: int) -> str:
    """Order so much that a person has to look; the order's id."""
    school.mail(school.signed_form(**packs or {"P10000": 8}))
    return str(review_of(client.operator(), school)["id"])


def as_text(page: Page, selector: str) -> str:
    return plain(page.locator(selector).inner_text())


def test_an_order_is_accepted_by_keyboard_and_nothing_is_decided_twice(
    signed_in: SignedIn, client: Client, school: SchoolPlayer
) -> None:
    order_id = in_review(client, school)
    visitor = signed_in(OPERATOR)
    page = visitor.open("/operateur")
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name=order_id))
    expect(row).to_contain_text("Montant inhabituel")
    expect(row).to_contain_text("ouvrées")
    assert visitor.axe() == []
    row.get_by_role("link", name=order_id).click()
    expect(page.get_by_role("heading", name="Pourquoi la machine s’est arrêtée")).to_be_visible()
    expect(page.locator(".received-form")).to_be_visible()
    expect(page.get_by_text("Confirmer la commande auprès d’un gestionnaire")).to_be_visible()
    assert visitor.axe() == []

    other = signed_in({**OPERATOR, "sub": "operator-2", "name": "Paul Roy"})
    second = other.open(f"/operateur/commandes/{order_id}")
    beside = second.get_by_role("status").filter(has_text="Une autre personne examine cette commande")
    expect(beside).to_contain_text("camille@kosmos.test")
    assert other.axe() == []
    second.keyboard.press("a")
    unanswered = signed_in(OPERATOR).open(f"/operateur/commandes/{order_id}")  # as after a lost answer
    unanswered.keyboard.press("a")

    page.keyboard.press("a")
    quantity = page.get_by_label("Packs de 10 000 SMS".replace(" 000 ", "\u202f000\u00a0"))
    expect(page.get_by_role("button", name="Accepter 80")).to_be_visible()
    assert visitor.axe() == []
    expect(quantity).to_be_focused()
    quantity.fill("huit")
    page.get_by_role("button", name="Accepter").click()
    expect(page.get_by_role("alert").first).to_contain_text("nombre entier")
    quantity.fill("2")
    expect(page.get_by_role("button", name="Accepter 20")).to_be_visible()
    quantity.press("Enter")
    expect(page.get_by_text("Commande acceptée")).to_be_visible()
    expect(page.locator(".facts")).to_contain_text("par vous")
    eventually(lambda: school.balance() == 20_000)

    second.get_by_role("button", name="Accepter 80").click()
    expect(second.get_by_text("Une autre personne a décidé avant vous")).to_be_visible()
    expect(second.locator(".facts")).to_contain_text("camille@kosmos.test")
    assert other.axe() == []
    unanswered.get_by_role("button", name="Accepter 80").click()
    expect(unanswered.get_by_text("Commande acceptée")).to_be_visible()
    assert school.balance() == 20_000


def test_the_letter_shown_before_a_refusal_is_the_one_that_is_mailed(
    signed_in: SignedIn, client: Client, school: SchoolPlayer
) -> None:
    order_id = in_review(client, school)
    visitor = signed_in(OPERATOR, viewport={"width": 320, "height": 640}, color_scheme="dark")
    page = visitor.open(f"/operateur/commandes/{order_id}")
    page.keyboard.press("r")
    page.get_by_role("button", name="Refuser et envoyer la lettre").click()
    expect(page.get_by_text("Choisissez un motif")).to_be_visible()
    page.get_by_label("Motif", exact=True).select_option("own")
    page.get_by_label("Votre motif").fill("La signature n’est pas celle du chef d’établissement.")
    assert visitor.axe() == []
    assert visitor.sideways() == 0
    shown = [plain(each).replace("’", "'") for each in page.locator(".letter p:not(.soft)").all_inner_texts()]
    page.get_by_role("button", name="Refuser et envoyer la lettre").click()
    expect(page.get_by_text("Commande refusée")).to_be_visible()
    [mail] = eventually(lambda: school.mails(REJECTED))
    mailed = plain(mail["text"]).replace("’", "'")
    assert len(shown) == 5
    assert [line for line in shown if line not in mailed] == []


def test_lists_by_state_and_what_fails_is_said(signed_in: SignedIn, school: SchoolPlayer) -> None:
    visitor = signed_in(OPERATOR, viewport=PHONE)
    page = visitor.open("/operateur/commandes?etat=incomplete")
    expect(page.get_by_role("link", name="Incomplètes")).to_have_attribute("aria-current", "page")
    assert visitor.axe() == []
    assert visitor.sideways() == 0
    page.route("**/v1/overview", lambda route: route.fulfill(status=503, json={"message": "Service Unavailable"}))
    visitor.open("/operateur")
    expect(page.get_by_role("alert")).to_contain_text("Réessayer")
    assert visitor.axe() == []
    page.unroute("**/v1/overview")
    page.get_by_role("button", name="Réessayer").click()
    expect(page.get_by_text("Messages en attente d’envoi")).to_be_visible()
    visitor.open("/operateur/commandes/BC26-AUCUNE")
    expect(page.get_by_role("alert")).to_be_visible()
    assert visitor.axe() == []

    manager = signed_in(manager_of(school))
    manager.open("/operateur")
    expect(manager.page.get_by_text("l’exploitant du service")).to_be_visible()
    assert manager.axe() == []


def test_what_differs_from_the_issued_form_is_shown_first_with_its_picture(
    signed_in: SignedIn, client: Client, school: SchoolPlayer
) -> None:
    school.mail(paper.scan(school.signed_form({"qty_P1000": "9"}, P1000=2), dpi=150, angle=1.5))
    order_id = str(review_of(client.operator(), school)["id"])
    visitor = signed_in(OPERATOR)
    page = visitor.open(f"/operateur/commandes/{order_id}")
    expect(page.get_by_role("heading", name="avec le bon émis")).to_be_visible()
    expect(page.locator("img.alteration").first).to_be_visible()
    page.get_by_role("button", name="Voir la page 1").first.click()
    expect(page.locator("iframe.received-form, img.received-form")).to_be_visible()
    assert visitor.axe() == []


def test_a_question_is_read_and_marked_as_answered(signed_in: SignedIn, client: Client, school: SchoolPlayer) -> None:
    mail = mail_with(sender=school.manager.email, subject="Nos bons de commande", text="Peut-on payer en deux fois ?")
    client.mail(mail, school.manager.email)
    eventually(lambda: client.operator().all("/v1/orders", state="question"))
    visitor = signed_in(OPERATOR)
    page = visitor.open("/operateur")
    page.get_by_role("link", name="Questions à répondre").click()
    page.get_by_role("row").nth(1).get_by_role("link").first.click()
    expect(page.get_by_text("Peut-on payer en deux fois")).to_be_visible()
    expect(page.get_by_role("link", name="Répondre par messagerie")).to_be_visible()
    assert visitor.axe() == []
    page.get_by_role("button", name="Marquer comme répondue").click()
    expect(page.get_by_text("Question répondue").first).to_be_visible()
    assert client.operator().all("/v1/orders", state="question") == []


def test_an_address_that_takes_no_mail_is_named_with_what_to_do(
    signed_in: SignedIn, client: Client, school: SchoolPlayer
) -> None:
    """SES's simulator, and the embedded cloud, say of `bounce…@` that it came back."""
    address = f"bounce.{school.uai.lower()}@college.test"
    manager = {"name": "Zoé Lefèvre", "email": school.manager.email}
    assert school.register(managers=[manager, {"name": "Luc Petit", "email": address}]).status == 200
    visitor = signed_in(OPERATOR)

    def listed() -> bool:
        overview = client.operator().get("/v1/overview").json
        return address in [each["address"] for each in overview["unreachable_addresses"]["items"]]

    school.credit(P500=1)
    eventually(listed)
    page = visitor.open("/operateur")
    page.get_by_role("link", name="Adresses qui ne reçoivent plus nos messages").click()
    row = page.get_by_role("row").filter(has_text=address)
    expect(row).to_contain_text("le serveur l’a refusé")
    assert visitor.axe() == []
    assert school.register(managers=[manager]).status == 200
    page.get_by_role("button", name="Relire").click()
    expect(row).to_have_count(0)
