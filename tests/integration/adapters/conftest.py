"""Order forms are read in this process, but for the tests of the process that reads them otherwise."""

import pytest

from schoolsms.adapters.order_forms import pdf_order_forms
from tests.form_reading import ask_in_process

ABOUT_THE_PROCESS = ("test_order_forms_sandbox", "test_order_forms_barrier", "test_order_forms_identify")
"""Tests of the process itself, and of documents that only harm a process."""


@pytest.fixture(autouse=True)
def forms_read_in_this_process(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """This lets `PdfOrderForms` ask the worker's own code, without its process."""
    module = request.module.__name__.rpartition(".")[2]
    if module.startswith("test_order_forms_") and module not in ABOUT_THE_PROCESS:
        monkeypatch.setattr(pdf_order_forms, "ask", ask_in_process)
