"""Messages that no provider takes never reach a dead-letter queue, so the operator is alarmed (R30, R32)."""

import pytest

from schoolsms.domain.schools.stock.ledger import credit, debit
from schoolsms.domain.sending.send_requests import Line
from tests.support.builders import NOW, UAI
from tests.support.examples import REQUEST_ID, a_line, a_request
from tests.support.functions.cloud import Cloud
from tests.support.functions.events import failed, sqs
from tests.support.functions.log_privacy import Logs
from tests.support.template import resources

FUNCTION = "dispatch_messages"


def dispatch(cloud: Cloud, line: Line, attempt: int) -> None:
    """A page with that message, while no provider is reached."""
    cloud.parameters["OvhEndpoint"] = "http://127.0.0.1:9"
    cloud.ledger.post(UAI, credit("BC1", 100, NOW))
    cloud.requests.store_and_debit(a_request(), [line], [], debit(REQUEST_ID, 1, NOW))
    page = {"request_id": REQUEST_ID, "page": 0, "attempt": attempt}

    assert failed(cloud.invoke(FUNCTION, sqs(FUNCTION, "page_due", page))) == []


@pytest.mark.parametrize(("attempt", "counted"), [(0, 0), (9, 0), (10, 1), (200, 1)])
def test_a_page_that_has_waited_for_a_quarter_of_an_hour_is_counted(
    cloud: Cloud, school: str, logs: Logs, attempt: int, counted: int
) -> None:
    dispatch(cloud, a_line(), attempt)

    logged = logs.lines("messages wait for a provider")
    assert [(line["request"], line["page"], line["PagesWaiting"]) for line in logged] == [(REQUEST_ID, 0, 1)] * counted


def test_a_page_that_is_done_waits_no_more_however_long_it_did(cloud: Cloud, school: str, logs: Logs) -> None:
    dispatch(cloud, a_line(is_test=True), 200)

    assert logs.lines("messages wait for a provider") == []
    assert logs.lines("page dispatched")[0]["results"] == {"sent": 1}


def test_pages_that_wait_raise_an_alarm() -> None:
    [alarm] = [each for each in resources("AWS::CloudWatch::Alarm").values() if each["MetricName"] == "PagesWaiting"]
    assert (alarm["Namespace"], alarm["Threshold"]) == ("SkolengoSms", 0)
    assert alarm["Dimensions"] == [{"Name": "service", "Value": "skolengo-sms"}]
    assert alarm["AlarmActions"] == [{"Ref": "OperatorAlarms"}]
    # Each page is tried again every 15 minutes: one that waits must not look well in between.
    assert alarm["Period"] > 900
