"""At the end of the window every message is final: expired and consumed, or failed and released (R30, R31)."""

from datetime import timedelta
from typing import Any

import pytest

from schoolsms.domain.errors import TransientError
from schoolsms.domain.schools.stock.ledger import Balance, credit, debit
from tests.support.builders import NOW, UAI
from tests.support.examples import REQUEST_ID, a_line, a_request, lines_of
from tests.support.functions.cloud import Cloud
from tests.support.functions.events import event

FUNCTION = "expire_messages"
END = NOW + timedelta(hours=72)


def accepted(cloud: Cloud, lines: int, **changes: Any) -> None:
    cloud.ledger.post(UAI, credit("BC1", 1_000, NOW))
    cloud.requests.store_and_debit(
        a_request(lines=lines, **changes), lines_of(lines), [], debit(REQUEST_ID, lines, NOW)
    )


def close(cloud: Cloud) -> Any:
    return cloud.invoke(FUNCTION, event(FUNCTION, "window_ended"))


def statuses(cloud: Cloud) -> dict[int, str]:
    return {index: state.status for index, state in cloud.requests.states(REQUEST_ID).items()}


def hand_over(cloud: Cloud, index: int, lines: int = 1) -> None:
    cloud.messages.claim(a_request(lines=lines), a_line(index), "ovh", NOW + timedelta(seconds=60))
    cloud.messages.sent(a_request(lines=lines), a_line(index), "ovh", str(index))


def test_at_71_59_59_nothing_is_given_up_at_72_00_00_it_is(cloud: Cloud) -> None:
    accepted(cloud, 1)
    hand_over(cloud, 0)

    cloud.clock.time = END - timedelta(seconds=1)
    with pytest.raises(TransientError):
        close(cloud)
    assert statuses(cloud) == {0: "sent"}

    cloud.clock.time = END
    assert close(cloud) == {"expired": 1}
    assert statuses(cloud) == {0: "expired"}


def test_each_message_ends_as_it_stood(cloud: Cloud) -> None:
    accepted(cloud, 6)
    for index in (0, 1):
        hand_over(cloud, index, 6)
    cloud.messages.settle(f"{REQUEST_ID}-0", "ovh", "delivered", NOW)
    cloud.messages.claim(a_request(lines=6), a_line(2), "ovh", NOW)
    cloud.messages.uncertain(a_request(lines=6), a_line(2))
    cloud.messages.claim(a_request(lines=6), a_line(3), "ovh", NOW)
    cloud.messages.unclaim(a_request(lines=6), a_line(3), NOW)
    cloud.messages.claim(a_request(lines=6), a_line(4), "ovh", NOW)  # its holder died
    cloud.clock.time = END

    assert close(cloud) == {"final": 1, "expired": 3, "failed": 2}
    assert statuses(cloud) == {0: "delivered", 1: "expired", 2: "expired", 3: "failed", 4: "expired", 5: "failed"}
    assert cloud.ledger.balance(UAI).sms == 1_000 - 6 + 2


def test_closed_twice_changes_nothing_more(cloud: Cloud) -> None:
    accepted(cloud, 3)
    hand_over(cloud, 0, 3)
    cloud.clock.time = END

    close(cloud)
    balance = cloud.ledger.balance(UAI)

    assert close(cloud) == {"final": 3}
    assert cloud.ledger.balance(UAI) == balance == Balance(UAI, 999, 3)


def test_a_message_that_is_being_handed_over_is_waited_for(cloud: Cloud) -> None:
    """Its provider may still say that it did not take it; all others are closed meanwhile."""
    accepted(cloud, 2)
    cloud.messages.claim(a_request(lines=2), a_line(0), "ovh", END + timedelta(seconds=30))
    cloud.clock.time = END

    with pytest.raises(TransientError):
        close(cloud)
    assert statuses(cloud) == {0: "claimed", 1: "failed"}

    cloud.clock.time = END + timedelta(seconds=30)
    assert close(cloud) == {"expired": 1, "final": 1}


def test_every_page_is_closed(cloud: Cloud) -> None:
    accepted(cloud, 120)
    cloud.clock.time = END

    assert close(cloud) == {"failed": 120}
    assert cloud.ledger.balance(UAI).sms == 1_000


def test_a_cancelled_request_was_closed_when_it_was_cancelled(cloud: Cloud) -> None:
    accepted(cloud, 2, cancelled=True)
    cloud.clock.time = END

    assert close(cloud) == {}
    assert cloud.ledger.balance(UAI).sms == 998


def test_a_receipt_after_the_end_changes_nothing(cloud: Cloud) -> None:
    accepted(cloud, 1)
    hand_over(cloud, 0)
    cloud.clock.time = END
    close(cloud)

    assert not cloud.messages.settle(f"{REQUEST_ID}-0", "ovh", "delivered", END)
    assert statuses(cloud) == {0: "expired"}
