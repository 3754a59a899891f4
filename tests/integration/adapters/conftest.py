"""Order forms are read in this process, but for the tests that are marked `sandboxed`."""

import pytest

from schoolsms.adapters.order_forms import order_forms
from tests.support.papers.form_reading import ChildInThisProcess


@pytest.fixture(autouse=True)
def forms_read_in_this_process(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """This lets `PdfOrderForms` ask the worker's own code, without its process: starting one takes a second each."""
    if "order_forms" in request.path.parts and not request.node.get_closest_marker("sandboxed"):
        monkeypatch.setattr(order_forms, "Child", ChildInThisProcess)
