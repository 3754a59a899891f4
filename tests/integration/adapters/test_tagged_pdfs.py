"""A screen reader finds in the PDFs of the service: title, language, headings, and all else tagged in order.

What is missing to PDF/UA is in docs/papers.md.
"""

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import ContentStream

from schoolsms.adapters.conditions.conditions import PublishedConditions
from schoolsms.adapters.invoices.factur_x import factur_x
from schoolsms.domain.orders.billing.credit_notes import credit_note_of
from schoolsms.domain.orders.billing.invoices import Cancellation
from schoolsms.domain.orders.forms.conditions_layout import pieces
from tests.corpus.office import papers
from tests.fakes.orders.invoices import TODAY, invoice

DRAWS = {b"Tj", b"TJ", b"'", b'"', b"Do", b"S", b"s", b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*", b"sh"}


CONDITIONS = PublishedConditions().text("2026-09") or b""


def _conditions() -> bytes:
    return PublishedConditions().pdf(CONDITIONS, "2026-09")


def _credit_note() -> bytes:
    cancelled = invoice().cancelled(Cancellation(TODAY, "SIRET erroné."))
    return factur_x(credit_note_of(cancelled, "2026-000042", TODAY + timedelta(days=7)))


TITLES = {
    "form": "Bon de commande BC-2026-01JD8Z5Q6T – Packs de SMS Skolengo",
    "invoice": "Facture 2026-000001",
    "credit note": "Avoir 2026-000042",
    "conditions": "Conditions particulières SMS, version 2026-09",
}
HEADINGS = {
    "form": [
        "Bon de commande",
        "1. Votre établissement",
        "2. Votre contact pour cette commande",
        "3. Votre commande",
        "4. Votre accord",
    ],
    "invoice": ["Facture 2026-000001", "Facturé à", "Références", "Règlement"],
    "credit note": ["Avoir 2026-000042", "Facturé à", "Références", "Facture annulée"],
    "conditions": [piece.text for piece in pieces(CONDITIONS.decode()) if piece.level],
}


@pytest.fixture(scope="module")
def pdfs() -> dict[str, PdfReader]:
    made = {
        "form": papers.ISSUED,
        "invoice": factur_x(invoice()),
        "credit note": _credit_note(),
        "conditions": _conditions(),
    }
    return {name: PdfReader(BytesIO(pdf)) for name, pdf in made.items()}


def root(pdf: PdfReader) -> Any:
    return pdf.trailer["/Root"]


def elements(pdf: PdfReader) -> list[Any]:
    """The elements of the structure, in reading order."""
    [document] = root(pdf)["/StructTreeRoot"]["/K"]
    return [each.get_object() for each in document.get_object()["/K"]]


def outline(entries: Any) -> Iterator[str]:
    for each in entries:
        if isinstance(each, list):
            yield from outline(each)
        else:
            yield each.title


@pytest.mark.parametrize("name", TITLES)
def test_a_viewer_shows_the_title_and_reads_french(name: str, pdfs: dict[str, PdfReader]) -> None:
    pdf = pdfs[name]
    assert pdf.metadata is not None
    assert pdf.metadata.title == TITLES[name]
    assert root(pdf)["/ViewerPreferences"]["/DisplayDocTitle"]
    assert root(pdf)["/Lang"] == "fr-FR"
    assert root(pdf)["/MarkInfo"]["/Marked"]


@pytest.mark.parametrize("name", HEADINGS)
def test_the_outline_has_each_heading(name: str, pdfs: dict[str, PdfReader]) -> None:
    pdf = pdfs[name]
    levels = [str(each["/S"]) for each in elements(pdf) if str(each["/S"]).startswith("/H")]
    assert list(outline(pdf.outline)) == HEADINGS[name]
    assert levels == ["/H1"] + ["/H2"] * (len(HEADINGS[name]) - 1)


@pytest.mark.parametrize("name", TITLES)
def test_all_that_is_drawn_is_in_the_structure_or_a_decoration(name: str, pdfs: dict[str, PdfReader]) -> None:
    pdf = pdfs[name]
    for page in pdf.pages:
        marked: list[str] = []
        numbers = []
        for operands, operator in ContentStream(page.get_contents(), pdf).operations:
            if operator in (b"BDC", b"BMC"):
                marked.append(str(operands[0]))
                numbers += [operands[1]["/MCID"]] if operator == b"BDC" else []
            elif operator == b"EMC":
                marked.pop()
            elif operator in DRAWS:
                assert len(marked) == 1, (operator, marked)
        here = [each for each in elements(pdf) if each.raw_get("/Pg") == page.indirect_reference]
        assert numbers == [number for each in here for number in each["/K"]] == list(range(len(here)))


def test_the_code_of_a_form_is_described(pdfs: dict[str, PdfReader]) -> None:
    [figure] = [each for each in elements(pdfs["form"]) if each["/S"] == "/Figure"]
    assert figure["/Alt"] == "Code QR du bon de commande BC-2026-01JD8Z5Q6T, lu à son retour."


def test_each_field_of_a_form_has_a_name_to_read_aloud(pdfs: dict[str, PdfReader]) -> None:
    fields = [each.get_object() for each in root(pdfs["form"])["/AcroForm"]["/Fields"]]
    assert len(fields) == 22
    assert all(each["/TU"] for each in fields)
