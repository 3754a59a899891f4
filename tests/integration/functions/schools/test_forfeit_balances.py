"""Every hour: warnings, forfeitures, their mails, each once, and in the logs ids only (R17, R46)."""

from datetime import timedelta
from typing import Any

import pytest

from schoolsms.domain.schools.stock import ledger
from tests.support.builders import MANAGER, NOW, SECOND_MANAGER, UAI
from tests.support.functions.cloud import Cloud
from tests.support.functions.events import event, failed, sqs
from tests.support.functions.log_privacy import Logs
from tests.support.worlds.subscription_world import ENDED, LAST_SECOND

FUNCTION = "forfeit_balances"
ENTRY_ID = f"forfeiture:{UAI}:2027-08-31:2"
LOST = {"kind": "balance_forfeited", "ids": {"school": UAI, "entry": ENTRY_ID}}
ENDING = {"kind": "subscription_ending", "ids": {"school": UAI, "end": "2027-08-31", "days": "7"}}
OFFERED = {"kind": "consents_offered", "ids": {"school": UAI, "end": "2027-08-31"}}


@pytest.fixture
def supplied(cloud: Cloud, school: str) -> Cloud:
    cloud.ledger.post(school, ledger.credit("BC1", 200, NOW))
    return cloud


def mailed(cloud: Cloud, case: str, notice: Any) -> list[str]:
    """Addresses mailed about a notice that is delivered twice."""
    before = len(cloud.mails_sent())
    for _ in range(2):
        assert failed(cloud.invoke("notify_managers", sqs("notify_managers", case, notice))) == []
    return [mail.destinations[0] for mail in cloud.mails_sent()[before:]]


def test_what_is_left_after_the_end_is_forfeited_and_every_manager_mailed_once(supplied: Cloud, logs: Logs) -> None:
    supplied.clock.time = ENDED
    for _ in range(2):
        assert supplied.invoke(FUNCTION, event(FUNCTION, "every_hour")) is None
    assert supplied.ledger.balance(UAI).sms == 0
    assert supplied.queued("Notices") == [LOST, OFFERED]
    assert mailed(supplied, "balance_forfeited", LOST) == [MANAGER, SECOND_MANAGER]
    first, second = logs.lines("subscription ends watched")
    assert (first["forfeited"], second["forfeited"]) == ([ENTRY_ID], [])


def test_before_the_end_managers_are_warned_once(supplied: Cloud) -> None:
    supplied.clock.time = LAST_SECOND
    for _ in range(2):
        supplied.invoke(FUNCTION, event(FUNCTION, "every_hour"))
    assert supplied.queued("Notices") == [ENDING, OFFERED]
    assert mailed(supplied, "subscription_ending", OFFERED) == [MANAGER, SECOND_MANAGER]
    assert mailed(supplied, "subscription_ending", ENDING) == [MANAGER, SECOND_MANAGER]
    assert supplied.ledger.balance(UAI).sms == 200


@pytest.mark.parametrize(("case", "notice"), [("balance_forfeited", LOST), ("subscription_ending", ENDING)])
def test_the_events_of_the_notices_are_what_is_queued(case: str, notice: Any) -> None:
    body = event("notify_managers", case)["Records"][0]["body"]
    assert sqs("notify_managers", case, notice)["Records"][0]["body"] == body


def test_a_run_that_could_not_tell_fails_and_the_next_one_tells(supplied: Cloud) -> None:
    supplied.clock.time = ENDED
    with supplied.outage("sqs"), pytest.raises(Exception, match="1 schools could not be looked at"):
        supplied.invoke(FUNCTION, event(FUNCTION, "every_hour"))
    assert supplied.ledger.balance(UAI).sms == 0

    supplied.clock.time = ENDED + timedelta(hours=1)
    supplied.invoke(FUNCTION, event(FUNCTION, "every_hour"))
    assert supplied.queued("Notices") == [LOST, OFFERED]
