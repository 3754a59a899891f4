"""Order forms are read in this process, but for the tests of the process that reads them otherwise."""

import pytest

from schoolsms.adapters.order_forms import order_forms
from tests.support.papers.form_reading import ChildInThisProcess

ABOUT_THE_PROCESS = ("test_sandbox", "test_barrier", "test_identify")
"""Tests of the process itself, and of documents that only harm a process."""


@pytest.fixture(autouse=True)
def forms_read_in_this_process(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """This lets `PdfOrderForms` ask the worker's own code, without its process."""
    if "order_forms" in request.path.parts and request.path.stem not in ABOUT_THE_PROCESS:
        monkeypatch.setattr(order_forms, "Child", ChildInThisProcess)
