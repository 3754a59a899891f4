"""The stream of the history table tells of debits that cross the low level (R15)."""

import pytest

from schoolsms.domain.schools.stock import ledger
from schoolsms.observability import StreamStuck
from tests.support.builders import MANAGER, NOW, SECOND_MANAGER, UAI
from tests.support.examples import REQUEST_ID, a_request, lines_of
from tests.support.functions.cloud import Cloud, client
from tests.support.functions.events import event, failed, sqs

FUNCTION = "warn_low_balance"
CROSSED = {"kind": "low_balance", "ids": {"school": UAI, "entry": f"debit:{REQUEST_ID}", "threshold": "100"}}


@pytest.fixture
def crossed(cloud: Cloud, school: str) -> Cloud:
    """Of 101 SMS two were debited."""
    cloud.ledger.post(school, ledger.credit("BC1", 101, NOW))
    request = a_request(2)
    cloud.requests.store_and_debit(request, lines_of(2), [], ledger.debit(request.id, 2, NOW))
    return cloud


def test_a_crossing_is_queued_and_every_manager_mailed_once(crossed: Cloud) -> None:
    for _ in range(2):
        assert failed(crossed.invoke(FUNCTION, event(FUNCTION, "request_inserted"))) == []
    notices = crossed.queued("Notices")
    assert notices == [CROSSED, CROSSED]

    for each in notices:
        assert failed(crossed.invoke("notify_managers", sqs("notify_managers", "low_balance", each))) == []
    assert [mail.destinations[0] for mail in crossed.mails_sent()] == [MANAGER, SECOND_MANAGER]


def test_a_debit_of_the_last_sms_mails_every_manager_that_the_stock_is_used_up(cloud: Cloud, school: str) -> None:
    cloud.ledger.post(school, ledger.credit("BC1", 2, NOW))
    request = a_request(2)
    cloud.requests.store_and_debit(request, lines_of(2), [], ledger.debit(request.id, 2, NOW))
    assert failed(cloud.invoke(FUNCTION, event(FUNCTION, "request_inserted"))) == []

    notices = cloud.queued("Notices")
    assert notices == [{**CROSSED, "kind": "stock_used_up"}]
    assert failed(cloud.invoke("notify_managers", sqs("notify_managers", "low_balance", notices[0]))) == []
    assert [mail.destinations[0] for mail in cloud.mails_sent()] == [MANAGER, SECOND_MANAGER]


def test_the_event_of_the_notice_is_what_is_queued() -> None:
    body = event("notify_managers", "low_balance")["Records"][0]["body"]
    assert sqs("notify_managers", "low_balance", CROSSED)["Records"][0]["body"] == body


def test_a_debit_that_crosses_nothing_tells_nothing(crossed: Cloud) -> None:
    crossed.ledger.post(UAI, ledger.credit("BC2", 500, NOW))
    other = a_request(2, id="MISSINGAAAAAAA")
    crossed.requests.store_and_debit(other, lines_of(2), [], ledger.debit(other.id, 2, NOW))

    assert failed(crossed.invoke(FUNCTION, event(FUNCTION, "missing_request_beside_good"))) == []
    assert crossed.queued("Notices") == [CROSSED]


def test_a_request_that_is_gone_holds_up_no_other(crossed: Cloud) -> None:
    assert failed(crossed.invoke(FUNCTION, event(FUNCTION, "missing_request_beside_good"))) == []
    assert crossed.queued("Notices") == [CROSSED]


def test_a_notice_that_cannot_be_queued_fails_its_run_so_that_the_stream_gives_it_again(crossed: Cloud) -> None:
    client("sqs").delete_queue(QueueUrl=crossed.reference("Notices"))

    with pytest.raises(StreamStuck):
        crossed.invoke(FUNCTION, event(FUNCTION, "request_inserted"))
