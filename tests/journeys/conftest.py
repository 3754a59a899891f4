"""Black-box journeys: a whole stack, spoken to by SMTP and HTTP only; each test plays a school of its own."""

import itertools
import re
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest

from local.players.client import Person
from local.players.school import SchoolPlayer
from local.stack.process import NOBODY_KILLS_IT, Stack
from tests.support.journeys.consenting import ConsentingClient
from tests.support.journeys.function_logs import function_logs
from tests.support.journeys.observed import ObservedClient, PersonalData
from tests.support.journeys.players import registered
from tests.support.journeys.provider_side import queues_are_worked_off

SHORT_WINDOW_SECONDS = 25
WEIGHTS = "ovh:100,aws:0/+262=aws:100,ovh:0"
"""AWS takes what goes to La Réunion, so that messages of AWS can be waited for as well."""

LAST = "test_aftermath"
SHOWN_LINES = 80
POLLED = re.compile(r'"route":"GET .*"status":200').search
"""Log lines of requests that tests repeat while they wait."""

_running: list[Stack] = []
_marks: dict[Path, int] = {}
_numbers = itertools.count(1)
_schools: list[SchoolPlayer] = []
_phones = itertools.count()

NewSchool = Callable[[], SchoolPlayer]


@pytest.fixture(scope="session")
def personal() -> PersonalData:
    """Personal data that went through the clients of this session."""
    return PersonalData()


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    state = tmp_path_factory.mktemp("stack")
    with Stack(state, provider_weights=WEIGHTS, save_pause_seconds=NOBODY_KILLS_IT) as running:
        _running.append(running)
        yield running


@pytest.fixture(scope="session")
def hasty_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One whose delivery window ends while one waits."""
    state = tmp_path_factory.mktemp("hasty")
    with Stack(state, delivery_window_seconds=SHORT_WINDOW_SECONDS) as running:
        _running.append(running)
        yield running


@pytest.fixture(scope="session")
def client(stack: Stack, personal: PersonalData) -> ConsentingClient:
    return ConsentingClient(stack.url, stack.smtp_port, personal)


@pytest.fixture(scope="session")
def hasty_client(hasty_stack: Stack, personal: PersonalData) -> ObservedClient:
    return ConsentingClient(hasty_stack.url, hasty_stack.smtp_port, personal)


@pytest.fixture(scope="session")
def operator(client: ObservedClient) -> Person:
    return client.operator()


@pytest.fixture(scope="session")
def new_school(client: ObservedClient) -> NewSchool:
    """Makes one more registered school."""

    def make() -> SchoolPlayer:
        return _registered(client)

    return make


@pytest.fixture
def school(new_school: NewSchool) -> SchoolPlayer:
    """A registered school without SMS."""
    return new_school()


@pytest.fixture
def supplied_school(school: SchoolPlayer) -> SchoolPlayer:
    """A registered school with 500 SMS, which no order brought."""
    school.supply(500)
    return school


@pytest.fixture
def ordered_school(school: SchoolPlayer) -> SchoolPlayer:
    """A registered school with 500 SMS that it ordered."""
    school.credit(P500=1)
    return school


@pytest.fixture
def hasty_school(hasty_client: ObservedClient, hasty_stack: Stack) -> SchoolPlayer:
    """A registered school with 500 SMS where the delivery window is short.

    Its invoice is mailed before a test stops the cloud: cut off there, it is mailed six minutes later.
    """
    school = _registered(hasty_client)
    school.credit(P500=1)
    queues_are_worked_off(hasty_stack)
    return school


@pytest.fixture
def every_school() -> list[SchoolPlayer]:
    """Those that the session registered so far."""
    return list(_schools)


@pytest.fixture
def new_phone() -> Callable[..., str]:
    """Makes a number nobody else has (E.164); its last two digits say how it behaves."""

    def make(behaviour: str = "10") -> str:
        return f"+3361{next(_phones):05d}{behaviour}"

    return make


@pytest.fixture(scope="session")
def new_aws_phone() -> Callable[..., str]:
    """Makes a number as `new_phone` does, to which AWS takes the SMS."""

    def make(behaviour: str = "10") -> str:
        return f"+262692{next(_phones):04d}{behaviour}"

    return make


def _registered(client: ObservedClient) -> SchoolPlayer:
    school = registered(client, next(_numbers))
    _schools.append(school)
    return school


# ------------------------------------------------------------------ what the stack said during a test that failed


@pytest.fixture(autouse=True)
def _mark_logs() -> None:
    _marks.clear()
    _marks.update({log: log.stat().st_size for log in _logs()})


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what functions logged since a failed test began."""
    report = yield
    if report.failed and Path(__file__).parent in item.path.parents:
        for log in _logs():
            with log.open("rb") as opened:
                opened.seek(_marks.get(log, 0))
                lines = [line for line in opened.read().decode(errors="replace").splitlines() if not POLLED(line)]
            if lines:
                report.sections.append((f"{log.parents[2].name}: {log.name}", "\n".join(lines[-SHOWN_LINES:])))
    return report


def _logs() -> list[Path]:
    return [log for stack in _running for log in sorted(function_logs(stack))]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the module that inspects the traces of all journeys last."""
    items.sort(key=lambda item: item.path.stem == LAST)
