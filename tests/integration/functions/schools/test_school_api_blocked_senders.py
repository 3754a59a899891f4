"""Users whom a manager stopped, over HTTP (R25)."""

import pytest

from tests.support.functions.cloud import Cloud
from tests.support.functions.events import event, http

FUNCTION = "school_api"
BLOCKED = [{"sub": "user-2", "blocked_at": "2026-11-23T09:00:00.000Z", "blocked_by": "user-1"}]


def test_a_user_is_stopped_listed_refused_and_let_send_again(cloud: Cloud, school: str) -> None:
    assert cloud.call(FUNCTION, event(FUNCTION, "block_sender")) == (200, BLOCKED)
    assert cloud.call(FUNCTION, event(FUNCTION, "blocked_senders")) == (200, BLOCKED)

    status, problem = cloud.call("accept_send_request", event("accept_send_request", "one_recipient"))
    assert (status, problem["code"]) == (403, "sender-blocked")

    assert cloud.invoke(FUNCTION, event(FUNCTION, "unblock_sender"))["statusCode"] == 204
    assert cloud.call(FUNCTION, event(FUNCTION, "blocked_senders")) == (200, [])
    assert (
        cloud.call("accept_send_request", event("accept_send_request", "one_recipient"))[1]["code"] != "sender-blocked"
    )


@pytest.mark.parametrize("case", ["block_sender", "blocked_senders", "unblock_sender"])
def test_a_sender_blocks_nobody(cloud: Cloud, school: str, case: str) -> None:
    assert cloud.call(FUNCTION, http(FUNCTION, case, claims={"roles": "[sms_sender]"}))[0] == 403
