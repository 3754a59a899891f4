"""Order forms read in this process, because a process of its own for each costs most of a test's time."""

import json
import logging
import warnings
from functools import lru_cache
from typing import Any

import pytest

from schoolsms.adapters.order_forms.order_forms import PdfOrderForms
from schoolsms.adapters.order_forms.sandbox import parent, worker
from schoolsms.adapters.order_forms.scanned import read_page
from schoolsms.adapters.order_forms.scanned.issued_page import IssuedPage
from schoolsms.adapters.order_forms.scanned.pages import Returned
from schoolsms.domain.orders.forms.order_forms import FormIdentity, FormReading, Way


class FormsReadApart(PdfOrderForms):
    """Order forms of which each question has a reader of its own."""

    def identify(self, document: bytes) -> FormIdentity:
        with self.reader() as reader:
            return reader.identify(document)

    def read_form(self, document: bytes, issued: bytes, way: Way = "filled") -> FormReading:
        with self.reader() as reader:
            return reader.read_form(document, issued, way)


class ChildInThisProcess(parent.Child):
    """This answers as `parent.Child` does, by the worker's own code, and gives the same answer again once it has one.

    The limits of the worker's process do not hold here, so documents that only harm a process need the real one.
    """

    def __init__(self, document: bytes) -> None:
        self.document = document
        self._returned = Returned(document)

    def ask(self, verb: parent.Verb, *others: bytes) -> dict[str, Any] | None:
        if any(len(each) > parent.MAX_BYTES for each in (self.document, *others)):
            return None
        question = (verb, self.document, *others)
        if question not in _answers:
            _answers[question] = _answer(verb, self._returned, others)
        answer: dict[str, Any] = json.loads(_answers[question])
        if "failure" in answer:
            logging.getLogger(parent.__name__).warning("document not readable", extra={"verb": verb, **answer})
            return None
        return answer

    def close(self) -> None:
        """There is nothing to end."""


_answers: dict[tuple[str | bytes, ...], str] = {}
_issued_page = lru_cache(maxsize=8)(IssuedPage)
"""Results that depend on an issued form alone, made once: many papers of one form are read in this process."""


def _answer(verb: str, returned: Returned, others: tuple[bytes, ...]) -> str:
    with warnings.catch_warnings(), pytest.MonkeyPatch.context() as patched:
        patched.setattr(read_page, "IssuedPage", _issued_page)
        warnings.simplefilter("ignore")  # the worker's process has no filter that makes errors of them
        return worker.answer_in_json(verb, returned, list(others))
