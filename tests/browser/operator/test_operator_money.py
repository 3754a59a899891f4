"""Invoices, settings and the state of the service, as the operator sees them."""

from playwright.sync_api import expect

from local.players.client import Client, Person, eventually
from local.players.school import SchoolPlayer
from tests.browser.conftest import OPERATOR, SignedIn
from tests.support.browser.people import manager_of
from tests.support.browser.visitor import Visitor

NARROW = {"viewport": {"width": 320, "height": 640}, "color_scheme": "dark"}


def test_an_invoice_is_paid_in_part_mailed_again_and_cancelled(
    signed_in: SignedIn, client: Client, ordered_school: SchoolPlayer
) -> None:
    operator = client.operator()

    def invoice() -> dict[str, object] | None:
        items = operator.get("/v1/invoices", school=ordered_school.uai).items
        return next((each for each in items if each["state"] != "numbered"), None)

    found = eventually(invoice)
    assert found
    number = str(found["number"])
    visitor = signed_in(OPERATOR)
    page = visitor.open("/operateur/factures")
    page.get_by_label("État").select_option("")
    page.get_by_role("button", name="Afficher").click()
    expect(page.get_by_text("indiquez son code")).to_be_visible()
    page.get_by_label("Établissement (UAI)").fill("075")
    page.get_by_role("button", name="Afficher").click()
    expect(page.get_by_text("sept chiffres et une lettre")).to_be_visible()
    page.get_by_label("Établissement (UAI)").fill(ordered_school.uai)
    page.get_by_role("button", name="Afficher").click()
    page.get_by_role("button", name=f"Ouvrir {number}").click()
    expect(page.get_by_role("heading", name=f"Facture {number}")).to_be_focused()
    page.get_by_role("button", name="Enregistrer le règlement").click()
    expect(page.get_by_text("la même ne compte qu’une fois")).to_be_visible()
    assert visitor.axe() == []
    page.get_by_label("Référence du règlement").fill("VIR-1")
    page.get_by_label("Montant reçu").fill("10,00")
    page.get_by_role("button", name="Enregistrer le règlement").click()
    expect(page.get_by_text(f"Règlement de la facture {number} enregistré")).to_be_visible()
    expect(page.get_by_role("row").nth(1)).to_contain_text("44,00")
    assert visitor.axe() == []

    page.get_by_role("button", name=f"Ouvrir {number}").click()
    page.get_by_role("button", name="Envoyer de nouveau…").click()
    page.get_by_role("dialog").get_by_role("button", name="Envoyer").click()
    expect(page.get_by_text("repart par messagerie")).to_be_visible()
    page.get_by_role("button", name=f"Ouvrir {number}").click()
    page.get_by_role("button", name="Annuler par un avoir…").click()
    page.get_by_role("dialog").get_by_label("Motif").fill("Commande facturée deux fois")
    assert visitor.axe() == []
    page.get_by_role("dialog").get_by_role("button", name="Émettre l’avoir").click()
    expect(page.get_by_text("est émis")).to_be_visible()
    expect(page.get_by_text("Annulée par un avoir").last).to_be_visible()

    page.get_by_role("button", name=f"Ouvrir {number}").click()
    expect(page.get_by_text("À rembourser")).to_be_visible()
    page.get_by_label("Référence du remboursement").fill("RET-1")
    page.get_by_label("Montant remboursé").fill("10,01")
    page.get_by_role("button", name="Enregistrer le remboursement").click()
    expect(page.get_by_text("Il reste 10,00")).to_be_visible()
    assert visitor.axe() == []
    page.get_by_label("Montant remboursé").fill("")
    page.get_by_role("button", name="Enregistrer le remboursement").click()
    expect(page.get_by_text(f"Remboursement de la facture {number} enregistré")).to_be_visible()
    page.get_by_role("button", name=f"Ouvrir {number}").click()
    expect(page.get_by_text("\u221210,00")).to_be_visible()
    expect(page.get_by_text("À rembourser")).to_have_count(0)

    _reissued(visitor, operator, ordered_school, number)

    narrow = signed_in(OPERATOR, **NARROW)
    narrow.open("/operateur/factures")
    expect(narrow.page.get_by_text("Aucune facture en retard.")).to_be_visible()
    assert narrow.axe() == []
    assert narrow.sideways() == 0


def _reissued(visitor: Visitor, operator: Person, school: SchoolPlayer, number: str) -> None:
    """The order of the cancelled invoice is invoiced anew, once its credit note went out."""

    def invoices() -> dict[str, dict[str, object]]:
        items = operator.get("/v1/invoices", school=school.uai).items
        return {str(each["number"]): each for each in items}

    note = str(eventually(lambda: invoices()[number]["credit_note"]))
    eventually(lambda: operator.get(f"/v1/invoices/{note}").status == 200)  # issued
    page = visitor.open(f"/operateur/factures?etat=toutes&etablissement={school.uai}")
    page.get_by_role("button", name=f"Ouvrir {number}").click()
    page.get_by_role("button", name="Émettre une nouvelle facture…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("54,00")
    expect(dialog).to_contain_text("corrigez-les d’abord")
    assert visitor.axe() == []
    dialog.get_by_role("button", name="Émettre la nouvelle facture").click()
    expect(page.get_by_text("part dans quelques instants")).to_be_visible()
    new = str(eventually(lambda: invoices()[number]["replaced_by"]))
    eventually(lambda: invoices().get(new))
    visitor.open(f"/operateur/factures?etat=toutes&etablissement={school.uai}")
    page.get_by_role("button", name=f"Ouvrir {number}").click()
    expect(page.get_by_text(f"la facture {new}")).to_be_visible()
    expect(page.get_by_role("button", name="Émettre une nouvelle facture…")).to_have_count(0)
    page.get_by_role("button", name=f"Ouvrir {new}").click()
    expect(page.get_by_text(f"la facture {number}")).to_be_visible()
    assert visitor.axe() == []


def test_closures_and_packs_are_published(signed_in: SignedIn, client: Client, school: SchoolPlayer) -> None:
    operator = client.operator()
    before = operator.get("/v1/price-list").json
    visitor = signed_in(OPERATOR, **NARROW)
    page = visitor.open("/operateur/reglages")
    try:
        page.get_by_label("Jour à ajouter").fill("2027-05-14")
        page.get_by_role("button", name="Publier ce jour").click()
        expect(page.get_by_text("Fermeture publiée")).to_be_visible()
        assert operator.get("/v1/closures").json == ["2027-05-14"]
        assert visitor.axe() == []
        page.get_by_role("button", name="Retirer vendredi").click()
        expect(page.get_by_text("Aucun jour de fermeture publié.")).to_be_visible()
        assert operator.get("/v1/closures").json == []

        page.get_by_role("button", name="Changer les packs et les prix").click()
        page.get_by_label("Prix HT, en euros").first.fill("abc")
        page.get_by_role("button", name="Publier…").click()
        expect(page.get_by_text("un prix en euros")).to_be_visible()
        assert visitor.axe() == []
        assert visitor.sideways() == 0
        page.get_by_label("Prix HT, en euros").first.fill("47,50")
        page.get_by_role("button", name="Publier…").click()
        expect(page.get_by_role("dialog")).to_contain_text("47,50")
        page.get_by_role("dialog").get_by_role("button", name="Publier").click()
        expect(page.get_by_text("Les packs sont publiés")).to_be_visible()
        assert operator.get("/v1/price-list").json[0]["price_ht"] == "47.50"

        page.get_by_label("Certificat à ajouter").fill("rien")
        page.get_by_role("button", name="Publier ce certificat").click()
        expect(page.get_by_text("Collez un certificat")).to_be_visible()
        page.get_by_label("Certificat à ajouter").fill("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")
        page.get_by_role("button", name="Publier ce certificat").click()
        expect(page.get_by_role("alert")).to_contain_text("certificat X.509")
        assert visitor.axe() == []
    finally:
        operator.put("/v1/closures", [])
        operator.put("/v1/price-list", before)

    for address in ("/operateur/reglages", "/operateur/sante", "/operateur/factures"):
        manager = signed_in(manager_of(school))
        manager.open(address)
        expect(manager.page.get_by_text("l’exploitant du service")).to_be_visible()


def test_a_provider_that_takes_little_is_pointed_out(signed_in: SignedIn) -> None:
    visitor = signed_in(OPERATOR)
    hour = {
        "hour": "2026-11-30T08:00:00Z",
        "accepted": 40,
        "refused": 0,
        "unavailable": 60,
        "uncertain": 0,
        "delivered": 30,
        "undeliverable": 8,
        "expired": 2,
    }
    none = {"count": 0, "more": False, "near_deadline": 0, "past_deadline": 0, "nearest_deadline": None}
    body = {
        "reviews": none,
        "uncredited": none,
        "questions": none,
        "overdue_invoices": {"count": 0, "more": False, "rest_due": "0.00"},
        "pages_waiting": 3,
        "dead_letters": [],
        "providers": [{"provider": "ovh", **hour}],
    }
    visitor.page.route("**/v1/overview", lambda route: route.fulfill(json=body))
    page = visitor.open("/operateur/sante")
    expect(page.get_by_role("status").filter(has_text="À regarder")).to_contain_text("OVH")
    expect(page.get_by_role("row").nth(1)).to_contain_text("40\u202f%")
    expect(page.get_by_role("row").nth(1)).to_contain_text("75\u202f%")
    assert visitor.axe() == []
