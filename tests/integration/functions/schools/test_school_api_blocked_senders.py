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


def test_a_sub_is_taken_as_the_caller_meant_it_and_never_decoded_twice(cloud: Cloud, school: str) -> None:
    """An HTTP API decodes every escape in a path but `%25`."""
    handed_on = {
        "50%25": "50%",
        "a%252Fb": "a%2Fb",
        "a+b": "a+b",
        "é": "é",
        "https://ent.test/u|1": "https://ent.test/u|1",
    }
    for sub in handed_on:
        cloud.call(FUNCTION, http(FUNCTION, "block_sender", path={"sub": sub}))
    listed = cloud.call(FUNCTION, event(FUNCTION, "blocked_senders"))[1]
    assert [each["sub"] for each in listed] == list(handed_on.values())
    for sub in handed_on:
        assert cloud.invoke(FUNCTION, http(FUNCTION, "unblock_sender", path={"sub": sub}))["statusCode"] == 204
    assert cloud.call(FUNCTION, event(FUNCTION, "blocked_senders")) == (200, [])


def test_a_blocked_manager_is_freed_by_the_operator_alone(cloud: Cloud, school: str) -> None:
    other = {"sub": "user-2", "email": "paul@lycee.test", "roles": "[sms_manager]"}
    assert cloud.call(FUNCTION, event(FUNCTION, "block_sender"))[0] == 200
    status, problem = cloud.call(FUNCTION, http(FUNCTION, "unblock_sender", claims=other))
    assert (status, problem["code"]) == (403, "sender-blocked")

    shown = cloud.call("operator_api", event("operator_api", "get_school"))[1]
    assert shown["blocked_senders"] == BLOCKED
    status, shown = cloud.call("operator_api", event("operator_api", "delete_blocked_sender"))
    assert (status, shown["blocked_senders"]) == (200, [])
    assert [(act["kind"], act["by"]) for act in shown["acts"]] == [
        ("sender-unblocked", "kosmos-1"),
        ("sender-blocked", "user-1"),
    ]


def test_nobody_blocks_themself(cloud: Cloud, school: str) -> None:
    status, problem = cloud.call(FUNCTION, http(FUNCTION, "block_sender", path={"sub": "user-1"}))
    assert (status, problem["code"]) == (409, "own-block")
