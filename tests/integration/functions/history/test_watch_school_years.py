"""Every hour: announcements, purges to start, calendars to correct (R37)."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.integration.functions.orders.test_watch_deadlines import metrics
from tests.support.builders import UAI
from tests.support.examples import a_request, lines_of
from tests.support.functions.cloud import Cloud, client
from tests.support.functions.events import event
from tests.support.functions.log_privacy import Logs
from tests.support.worlds.school_year_world import PURGED_AT, YEAR, days_before_the_end

FUNCTION = "watch_school_years"


@pytest.fixture
def sent(cloud: Cloud, school: str) -> Cloud:
    cloud.requests.store_and_debit(a_request(cost_sms=0), lines_of(1), [], None)
    return cloud


def purges(cloud: Cloud) -> list[str]:
    listed = client("stepfunctions").list_executions(stateMachineArn=cloud.reference("Purge"))["executions"]
    return [each["name"] for each in listed]


def test_managers_get_one_notice(sent: Cloud) -> None:
    sent.clock.time = days_before_the_end(30)
    for _ in range(2):
        assert sent.invoke(FUNCTION, event(FUNCTION, "every_hour")) is None

    ids = {"school": UAI, "school_year": YEAR, "end": "2027-09-01", "days": "30"}
    assert sent.queued("Notices") == [{"kind": "purge_ahead", "ids": ids}]
    assert purges(sent) == []


def test_the_purge_is_started_once_when_the_year_has_ended(sent: Cloud, logs: Logs) -> None:
    sent.clock.time = PURGED_AT
    for hour in range(2):
        sent.clock.time = PURGED_AT + timedelta(hours=hour)
        sent.invoke(FUNCTION, event(FUNCTION, "every_hour"))

    assert purges(sent) == [f"{UAI}-{YEAR}-0"]
    assert logs.lines("school years watched")[0]["purges_started"] == [f"{UAI} {YEAR}"]


@pytest.mark.parametrize(
    ("at", "count"), [(datetime(2026, 12, 1, tzinfo=UTC), 0), (datetime(2033, 1, 1, tzinfo=UTC), 10)]
)
def test_calendars_that_want_rows_are_counted(
    cloud: Cloud, capsys: pytest.CaptureFixture[str], at: datetime, count: int
) -> None:
    cloud.clock.time = at
    cloud.invoke(FUNCTION, event(FUNCTION, "every_hour"))
    assert metrics(capsys.readouterr().out) == {"CalendarsToMend": count}
