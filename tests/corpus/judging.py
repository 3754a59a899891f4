"""Verdict on a document of the corpus when everything else in its mail is in order."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal

from schoolsms.adapters.order_forms.order_forms import PdfOrderForms
from schoolsms.domain.orders.forms.order_forms import FormReading
from schoolsms.domain.orders.review.order_completeness import judge as judge_form
from schoolsms.domain.orders.review.order_reasons import doubts, missing_kinds
from tests.corpus.cases import AUTHORITY, Case, Verdict

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
    with FORMS.reader() as reader:
        identity = reader.identify(document)
        if identity.order_id != case.form.order_id:
            return Result(case, "review", FormReading({}, "absent", (f"QR non lu ({identity.way})",)))
        reading = reader.read_form(document, case.issued, identity.way)
    reasons = judge_form(case.form, reading, identity.way).reasons
    if missing_kinds(reasons):
        return Result(case, "incomplete", reading)
    return Result(case, "review" if doubts(reasons) else "credit", reading)


def judged(chosen: Iterable[Case]) -> Iterator[Result]:
    """Each case judged, in order, two at a time: making a document keeps one processor busy, reading it another."""
    with ThreadPoolExecutor(2) as pool:
        yield from pool.map(judge, chosen)
