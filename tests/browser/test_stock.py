"""The stock as its manager sees it."""

from playwright.sync_api import expect

from local.players.school import SchoolPlayer
from tests.browser.conftest import SignedIn
from tests.support.browser.people import manager_of, teacher_of
from tests.support.browser.visitor import NARROW

PAINTED = """colour => {
  const canvas = document.querySelector(".curve canvas");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let found = 0;
  for (let at = 0; at < data.length; at += 4) if (data.slice(at, at + 3).join(", ") === colour) found++;
  return found;
}"""
"""How many pixels of the curve have a colour."""
FAMILIES = ("+33612341010", "+33612341120", "+33612341250")


def test_a_manager_sees_how_long_the_stock_lasts_and_where_it_went(
    signed_in: SignedIn, ordered_school: SchoolPlayer
) -> None:
    ordered_school.consent(*FAMILIES)
    sent = ordered_school.send("Le cours de sport est annulé.", FAMILIES)
    visitor = signed_in(manager_of(ordered_school))
    page = visitor.open("/stock")
    expect(page.locator(".big")).to_have_text("497\u00a0SMS")
    expect(page.locator(".facts")).to_contain_text("plus d’une année scolaire")
    expect(page.get_by_role("img", name="Courbe du stock")).to_be_visible()
    assert page.evaluate(PAINTED, "22, 65, 140") > 100  # the line, and the disc of a credit
    assert page.title() == "Stock de SMS – SMS Skolengo"
    page.get_by_text("Les chiffres de la courbe").click()
    expect(page.locator(".behind").get_by_role("row", name="+500")).to_contain_text("497")
    assert visitor.axe() == []

    page.get_by_role("link", name="Journal", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    rows = page.get_by_role("row")
    expect(rows.nth(1)).to_contain_text("Décompte de l’envoi. Voir l’envoi")  # its id is for machines
    expect(rows.nth(1).get_by_role("link")).to_have_attribute("href", f"/envois/{sent.json['id']}")
    order = ordered_school.orders()[0]["id"]
    expect(rows.nth(2).get_by_role("link")).to_have_attribute("href", f"/commander/{order}")
    assert visitor.axe() == []


def test_an_empty_stock_says_what_will_be_there(signed_in: SignedIn, school: SchoolPlayer) -> None:
    visitor = signed_in(manager_of(school), viewport=NARROW, color_scheme="dark")
    page = visitor.open("/stock")
    expect(page.get_by_text("Aucun mouvement pour le moment")).to_be_visible()
    assert visitor.axe() == []
    assert visitor.sideways() == 0
    visitor.page.route("**/v1/ledger*", lambda route: route.fulfill(status=503, json={"message": "no"}))
    visitor.open("/stock/journal")
    expect(page.get_by_text("Service momentanément indisponible")).to_be_visible()
    assert visitor.axe() == []
    page.unroute("**/v1/ledger*")
    page.get_by_role("button", name="Réessayer").click()
    expect(page.get_by_text("Aucun mouvement pour le moment")).to_be_visible()


def test_a_teacher_is_told_whom_the_page_is_for(signed_in: SignedIn, school: SchoolPlayer) -> None:
    visitor = signed_in(teacher_of(school))
    page = visitor.open("/stock")
    expect(page.get_by_role("heading", level=1)).to_have_text("Cette page n’est pas pour vous")
    expect(page.get_by_text("les gestionnaires SMS de l’établissement")).to_be_visible()
    assert visitor.axe() == []
