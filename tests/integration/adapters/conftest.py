"""Order forms are read in this process, because a process of its own for each costs most of a test's time."""

import json
import warnings
from collections.abc import Sequence
from typing import Any

import pytest

from schoolsms.adapters.order_forms import pdf_order_forms, sandbox, worker

ABOUT_THE_PROCESS = ("test_order_forms_sandbox", "test_order_forms_barrier", "test_order_forms_identify")
"""Tests of the process itself, and of documents that only harm a process."""


@pytest.fixture(autouse=True)
def forms_read_in_this_process(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """`PdfOrderForms` asks the worker's own code, without its process."""
    module = request.module.__name__.rpartition(".")[2]
    if module.startswith("test_order_forms_") and module not in ABOUT_THE_PROCESS:
        monkeypatch.setattr(pdf_order_forms, "ask", _ask)


def _ask(verb: str, documents: Sequence[bytes]) -> dict[str, Any] | None:
    if any(len(document) > sandbox.MAX_BYTES for document in documents):
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the worker's process has no filter that makes errors of them
        answer: dict[str, Any] = json.loads(worker.answer_in_json(verb, list(documents)))
    return None if "failure" in answer else answer
