"""The corpus is read in this process, because a process for each reading takes a third of the corpus's time."""

from collections.abc import Iterator

import pytest

from schoolsms.adapters.order_forms import order_forms
from tests.support.papers.form_reading import ChildInThisProcess


@pytest.fixture(scope="module", autouse=True)
def papers_read_in_this_process() -> Iterator[None]:
    """This lets `PdfOrderForms` ask the worker's own code, without its process."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(order_forms, "Child", ChildInThisProcess)
        yield
