"""A cloud in moto for the handlers, and logs that hold nothing private after any test (R46)."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.builders import SCHOOL, UAI
from tests.described import hold_to_description
from tests.fakes import ManualClock
from tests.integration.functions.cloud import Cloud
from tests.integration.functions.inbox import PLACE_AND_DATE, SUBJECT, hand_out
from tests.integration.functions.private import Logs


@pytest.fixture(autouse=True)
def logs(capsys: pytest.CaptureFixture[str]) -> Iterator[Logs]:
    """What the handlers log; after the test nothing private may be in it."""
    kept = Logs()
    with kept.capturing():
        yield kept
    printed = capsys.readouterr()
    kept.hold_nothing_private(printed.out + printed.err)


@pytest.fixture
def cloud(aws: None, monkeypatch: pytest.MonkeyPatch, clock: ManualClock, logs: Logs) -> Cloud:
    """An account without schools, whose events' private parts are looked for in the logs."""
    made = Cloud(monkeypatch, clock)
    invoke = made.invoke

    def watched(folder: str, event: Any) -> Any:
        logs.forbid(event)
        answer = invoke(folder, event)
        if "routeKey" in event:
            hold_to_description(event, answer)
        return answer

    monkeypatch.setattr(made, "invoke", watched)
    return made


@pytest.fixture
def school(cloud: Cloud) -> str:
    """A registered school; its UAI."""
    cloud.schools.put(SCHOOL)
    return UAI


@pytest.fixture
def inbox(cloud: Cloud, school: str, logs: Logs) -> Cloud:
    """A school that has downloaded its order form."""
    hand_out(cloud)
    logs.private |= {SUBJECT, "Zidane", PLACE_AND_DATE, "Voici notre commande", "spoofed.test", "ailleurs.test"}
    return cloud
