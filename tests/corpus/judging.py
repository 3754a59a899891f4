"""What becomes of a document of the corpus, all else of its mail being in order."""

from dataclasses import dataclass
from typing import Literal

from schoolsms.adapters.order_forms import PdfOrderForms
from schoolsms.domain.order_completeness import check_totals, read_quantities, shortcomings
from schoolsms.domain.order_forms import FormReading
from schoolsms.domain.order_reasons import doubts, missing_kinds
from schoolsms.domain.packs import totals
from tests.corpus.cases import AUTHORITY, Case, Verdict
from tests.corpus.papers import FORM, ISSUED

FORMS = PdfOrderForms(b"a key of thirty-two bytes, or so.", "commande-sms@skolengo.test", lambda: (AUTHORITY.pem,))
Outcome = Literal["right", "review", "wrong"]


@dataclass(frozen=True)
class Result:
    """A case, what became of it, and why."""

    case: Case
    verdict: Verdict
    reading: FormReading

    @property
    def outcome(self) -> Outcome:
        """`wrong`: credited though it should not, or refused though complete; `review`: a person had to look."""
        if self.verdict in self.case.expected:
            return "right"
        return "review" if self.verdict == "review" else "wrong"


def judge(case: Case) -> Result:
    """Read the document of `case`, as the inbox does."""
    document = case.document()
    identity = FORMS.identify(document)
    if identity.order_id != FORM.order_id:
        return Result(case, "review", FormReading({}, "absent", (f"QR non lu ({identity.way})",)))
    reading = FORMS.read(document, ISSUED, identity.way)
    verdict = _of_filled(reading) if identity.way == "filled" else _of_page(reading)
    return Result(case, verdict, reading)


def _of_filled(reading: FormReading) -> Verdict:
    quantities, wrong = read_quantities(FORM, reading.fields)
    due = totals(FORM.packs, quantities, FORM.vat_rate)
    reasons = [*shortcomings(FORM, reading), *wrong, *check_totals(FORM, reading.fields, due)]
    if missing_kinds(reasons):
        return "incomplete"
    return "review" if doubts(reasons) else "credit"


def _of_page(reading: FormReading) -> Verdict:
    if reading.alterations:  # what could not be read for sure is not missing
        return "review"
    return "credit" if reading.signature == "ink" and reading.ticked and reading.dated else "incomplete"
