"""A cloud in moto for the handlers, and logs that hold nothing private after any test (R46)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from schoolsms.adapters.invoices import FacturXPapers
from schoolsms.adapters.invoices.factur_x import factur_x
from schoolsms.domain.orders.billing.credit_notes import CreditNote
from schoolsms.domain.orders.billing.invoices import Invoice
from tests.fakes.core import ManualClock
from tests.support.api.openapi_conformance import hold_to_description
from tests.support.builders import SCHOOL, UAI
from tests.support.cloud_copies import made_once
from tests.support.functions.cloud import RESOURCES, Cloud
from tests.support.functions.inbox import PLACE_AND_DATE, SUBJECT, hand_out
from tests.support.functions.log_privacy import Logs
from tests.support.functions.permissions import watch

LAST = "test_permissions.py"
drawn_papers: dict[str, bytes] = {}
watch()  # before any client is made


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put `LAST` last; leave it out unless every test under this folder runs, for it is about all of them together."""
    folder = Path(__file__).parent
    of_folder = [item for item in items if item.path.is_relative_to(folder)]
    last = [item for item in of_folder if item.path.name == LAST]
    rest = [item for item in items if item not in last]
    chosen = config.option.keyword or config.option.markexpr or any("::" in each for each in config.args)
    if not chosen and {item.path for item in of_folder} == set(folder.rglob("test_*.py")):
        items[:] = [*rest, *last]
    else:
        items[:] = rest
        config.hook.pytest_deselected(items=last)


@pytest.fixture(autouse=True)
def papers_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """This draws an invoice or a credit note once for all tests that issue it with the same words.

    How papers are drawn is for the tests of `adapters/invoices`.
    """

    def make(_: FacturXPapers, paper: Invoice | CreditNote) -> bytes:
        written = repr(paper)
        if written not in drawn_papers:
            drawn_papers[written] = factur_x(paper)
        return drawn_papers[written]

    monkeypatch.setattr(FacturXPapers, "make", make)


@pytest.fixture(autouse=True)
def logs(capsys: pytest.CaptureFixture[str]) -> Iterator[Logs]:
    """Captured logs of the handlers, checked after the test for private data."""
    kept = Logs()
    with kept.capturing():
        yield kept
    printed = capsys.readouterr()
    kept.hold_nothing_private(printed.out + printed.err)


@pytest.fixture
def cloud(aws: None, monkeypatch: pytest.MonkeyPatch, clock: ManualClock, logs: Logs) -> Iterator[Cloud]:
    """An account without schools, whose events' private parts are looked for in the logs; roles are enforced (R47)."""
    made = Cloud(monkeypatch, clock)
    invoke = made.invoke

    def watched(folder: str, event: Any) -> Any:
        logs.forbid(event)
        answer = invoke(folder, event)
        if "routeKey" in event:
            hold_to_description(event, answer)
        return answer

    monkeypatch.setattr(made, "invoke", watched)
    watch().denied.clear()
    yield made
    assert watch().denied == []


@pytest.fixture
def school(cloud: Cloud) -> str:
    """A registered school; its UAI."""
    made_once("a school", lambda: cloud.schools.put(SCHOOL), after=RESOURCES)
    return UAI


@pytest.fixture
def inbox(cloud: Cloud, school: str, logs: Logs) -> Cloud:
    """A school that has downloaded its order form."""
    made_once("a form handed out", lambda: hand_out(cloud), after="a school")
    logs.private |= {SUBJECT, "Zidane", PLACE_AND_DATE, "Voici notre commande", "spoofed.test", "ailleurs.test"}
    return cloud
