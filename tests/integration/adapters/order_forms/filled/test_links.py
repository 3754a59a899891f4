"""The link of a form to the conditions is the form's own when it comes back; any other link is an addition (R5)."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, FloatObject, NameObject, NumberObject, TextStringObject

from local.players import paper
from schoolsms.domain.orders.forms.order_forms import Way
from tests.support.papers.form_reading import FormsReadApart
from tests.support.papers.forms import issued_form
from tests.support.papers.pdf_editing import dictionary, edit

KEY = b"a key of thirty-two bytes, or so."
CONDITIONS = "https://sms.skolengo.test/conditions/2026-09"
FORMS = FormsReadApart(KEY, "commande-sms@skolengo.test", public_url="https://sms.skolengo.test")
ISSUED = FORMS.issue(issued_form())
SIGNED = paper.ink(paper.fill(ISSUED, {"place_and_date": "Privas, le 3 septembre 2026"}))
WITHOUT_LINK = FormsReadApart(KEY, "commande-sms@skolengo.test").issue(issued_form())


def links(writer: PdfWriter) -> list[Any]:
    return [each for each in writer.pages[0].annotations or () if each["/Subtype"] == "/Link"]


def elsewhere(writer: PdfWriter) -> None:
    links(writer)[0]["/A"][NameObject("/URI")] = TextStringObject("https://autre.test/conditions/2026-09")


def framed(writer: PdfWriter) -> None:
    """Viewers draw its border: a box that is high enough to be a stroke through a line."""
    links(writer)[0][NameObject("/Border")] = ArrayObject([NumberObject(0), NumberObject(0), NumberObject(3)])


def framed_by_default(writer: PdfWriter) -> None:
    del links(writer)[0]["/Border"]


def framed_by_its_style(writer: PdfWriter) -> None:
    links(writer)[0][NameObject("/BS")] = dictionary({"/W": FloatObject(2)})


def framed_whatever_its_style_says(writer: PdfWriter) -> None:
    """Viewers differ in which of both they believe."""
    framed(writer)
    links(writer)[0][NameObject("/BS")] = dictionary({"/W": FloatObject(0)})


def styled(writer: PdfWriter) -> None:
    links(writer)[0][NameObject("/RC")] = TextStringObject("<body><p>sous réserve</p></body>")


def commented(writer: PdfWriter) -> None:
    links(writer)[0][NameObject("/Contents")] = TextStringObject("sous réserve d’une remise")


def drawn(writer: PdfWriter) -> None:
    links(writer)[0][NameObject("/AP")] = dictionary({})


SHOWING = (framed, framed_by_default, framed_by_its_style, framed_whatever_its_style_says, styled, commented, drawn)


def followed(writer: PdfWriter) -> None:
    links(writer)[0]["/A"][NameObject("/Next")] = dictionary({"/S": NameObject("/Named")})


def test_a_form_leads_to_the_conditions_that_it_names() -> None:
    [link] = [each for each in PdfReader(BytesIO(ISSUED)).pages[0].annotations or () if each["/Subtype"] == "/Link"]
    assert link["/A"]["/URI"] == CONDITIONS


def test_the_link_is_described_for_a_screen_reader() -> None:
    [link] = [each for each in PdfReader(BytesIO(ISSUED)).pages[0].annotations or () if each["/Subtype"] == "/Link"]
    assert link["/Contents"] == "Conditions Particulières de service d’envoi de SMS, version 2026-09"


def undescribed(writer: PdfWriter) -> None:
    """As a program leaves it that keeps only where a link leads."""
    del links(writer)[0]["/Contents"]


def test_a_link_that_lost_its_description_is_the_same_link() -> None:
    assert FORMS.read_form(edit(SIGNED, undescribed), ISSUED).alterations == ()


def test_a_form_that_comes_back_with_its_link_is_as_it_was_issued() -> None:
    assert FORMS.read_form(SIGNED, ISSUED).alterations == ()


@pytest.mark.parametrize("change", [elsewhere, followed])
def test_a_link_that_does_something_else_is_an_action(change: Callable[[PdfWriter], None]) -> None:
    found = FORMS.read_form(edit(SIGNED, change), ISSUED).alterations
    assert set(found) == {"action ajoutée", "annotation ajoutée hors du cadre de signature"}


@pytest.mark.parametrize("change", SHOWING)
def test_a_link_that_shows_or_says_something_is_an_addition(change: Callable[[PdfWriter], None]) -> None:
    found = FORMS.read_form(edit(SIGNED, change), ISSUED).alterations
    assert found == ("annotation ajoutée hors du cadre de signature",)


def test_a_form_that_was_issued_without_a_link_has_none_when_it_comes_back() -> None:
    found = FORMS.read_form(SIGNED, WITHOUT_LINK).alterations
    assert {"action ajoutée", "annotation ajoutée hors du cadre de signature"} <= set(found)


@pytest.mark.parametrize(("change", "added"), [(None, False), (elsewhere, True), (commented, True)])
def test_a_print_without_fields_may_keep_the_link(change: Callable[[PdfWriter], None] | None, added: bool) -> None:
    def printed(writer: PdfWriter) -> None:
        page: Any = writer.pages[0]
        writer.root_object.pop("/AcroForm")
        page[NameObject("/Annots")] = ArrayObject(links(writer))
        if change:
            change(writer)

    way: Way = "printed"
    found = FORMS.read_form(edit(SIGNED, printed), ISSUED, way).alterations
    assert ("annotation ajoutée" in found) == added
    assert ("action ajoutée" in found) == (change is elsewhere)
