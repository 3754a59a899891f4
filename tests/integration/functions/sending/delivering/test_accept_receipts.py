"""Providers call: authentic calls are answered 204 in every case, forged ones 404 and never queued (R33)."""

import json
from typing import Any

import pytest

from tests.support.functions.cloud import Cloud, client
from tests.support.functions.events import event, http
from tests.support.functions.log_privacy import Logs
from tests.support.servers.phone_network_server import RECEIPT_SECRET

FUNCTION = "accept_receipts"
AUTHENTIC = {"provider": "ovh", "secret": RECEIPT_SECRET}
DELIVERED = {"id": "26929925", "ptt": "4", "date": "2026-11-23 10:00:03", "description": "1"}


@pytest.mark.parametrize(
    ("case", "status", "code", "reason"),
    [("delivered", "delivered", "1/4", None), ("failed", "undeliverable", "2/24", "phone-off")],
)
def test_a_receipt_is_queued(cloud: Cloud, case: str, status: str, code: str, reason: str | None) -> None:
    answer = cloud.invoke(FUNCTION, event(FUNCTION, case))

    assert answer["statusCode"] == 204
    assert cloud.queued("Receipts") == [
        {
            "provider": "ovh",
            "provider_message_id": "26929925",
            "status": status,
            "code": code,
            "message_id": None,
            "reason": reason,
        }
    ]


def test_a_receipt_sent_again_is_queued_again(cloud: Cloud) -> None:
    """The duplicate does no harm because recording a receipt is idempotent."""
    for _ in range(2):
        assert cloud.invoke(FUNCTION, event(FUNCTION, "delivered"))["statusCode"] == 204
    assert len(cloud.queued("Receipts")) == 2


def test_a_receipt_is_logged_by_the_id_that_its_provider_gave_the_message(cloud: Cloud, logs: Logs) -> None:
    """By which the log of `record_receipts` ties it to our message."""
    cloud.invoke(FUNCTION, event(FUNCTION, "delivered"))
    [line], [queued] = logs.lines("receipt accepted"), cloud.queued("Receipts")
    assert line["provider_message"] == queued["provider_message_id"]


def test_the_simulated_network_calls_by_its_own_name(cloud: Cloud) -> None:
    path = {"provider": "simulated", "secret": RECEIPT_SECRET}
    assert cloud.invoke(FUNCTION, http(FUNCTION, "delivered", path=path))["statusCode"] == 204
    assert cloud.queued("Receipts")[0]["provider"] == "simulated"


@pytest.mark.parametrize(
    "path",
    [
        {"provider": "ovh", "secret": "a-guess"},
        {"provider": "ovh", "secret": ""},
        {"provider": "ovh", "secret": RECEIPT_SECRET + "x"},
        {"provider": "ovh", "secret": RECEIPT_SECRET[:-1]},
        {"provider": "ovh", "secret": RECEIPT_SECRET.upper()},
        {"provider": "ovh", "secret": "é" * 14},
        {"provider": "ovh", "secret": "x" * 5_000},
        {"provider": "OVH", "secret": RECEIPT_SECRET},
        {"provider": "sfr", "secret": RECEIPT_SECRET},
        {"provider": "", "secret": RECEIPT_SECRET},
        {"provider": "__class__", "secret": RECEIPT_SECRET},
    ],
)
def test_a_forged_call_is_not_found_and_changes_nothing(cloud: Cloud, path: dict[str, str]) -> None:
    status, body = cloud.call(FUNCTION, http(FUNCTION, "delivered", path=path))

    assert (status, body["code"]) == (404, "not-found")
    assert cloud.queued("Receipts") == []


@pytest.mark.parametrize("case", ["forged", "unknown_provider"])
def test_forged_calls_as_they_come(cloud: Cloud, case: str) -> None:
    assert cloud.call(FUNCTION, event(FUNCTION, case))[0] == 404


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"id": ""},
        {"id": "1"},
        {"id": "²", "description": "1"},
        {"id": "1" * 100, "description": "1"},
        {"id": "1", "description": "x" * 10_000},
        {"id": "1,2", "description": "1,1"},
        {"id": "'; DROP TABLE", "ptt": "4"},
    ],
)
def test_a_malformed_receipt_is_answered_and_seen(cloud: Cloud, logs: Logs, query: dict[str, str]) -> None:
    """Calling again would not help; the log counts it."""
    assert cloud.invoke(FUNCTION, http(FUNCTION, "delivered", query=query))["statusCode"] == 204
    assert cloud.queued("Receipts") == []
    [line] = logs.lines("receipt accepted")
    assert (line["outcome"], "provider_message" in line) == ("malformed", False)


def test_a_malformed_receipt_as_it_comes(cloud: Cloud) -> None:
    assert cloud.invoke(FUNCTION, event(FUNCTION, "malformed"))["statusCode"] == 204


def test_a_call_without_query_is_answered(cloud: Cloud) -> None:
    bare = event(FUNCTION, "delivered")
    del bare["queryStringParameters"]

    assert cloud.invoke(FUNCTION, bare)["statusCode"] == 204


@pytest.mark.parametrize(
    ("description", "ptt"), [("3", "4"), ("0", "0"), ("99", ""), ("", "6")], ids=["unknown", "waiting", "odd", "no-dlr"]
)
def test_a_code_that_is_not_final_is_queued_as_such(cloud: Cloud, description: str, ptt: str) -> None:
    query = {**DELIVERED, "description": description, "ptt": ptt}
    assert cloud.invoke(FUNCTION, http(FUNCTION, "delivered", query=query))["statusCode"] == 204
    assert [each["status"] for each in cloud.queued("Receipts")] == [None]


@pytest.mark.parametrize(("query", "counted"), [({}, 1), ({**DELIVERED, "description": "99"}, 1), (DELIVERED, 0)])
def test_what_is_not_understood_is_counted(cloud: Cloud, logs: Logs, query: dict[str, str], counted: int) -> None:
    cloud.invoke(FUNCTION, http(FUNCTION, "delivered", query=query))
    assert sum(line["ReceiptsNotUnderstood"] for line in logs.lines("receipt not understood")) == counted


@pytest.mark.parametrize("secret", ["", None])
def test_without_a_secret_of_ours_every_call_is_forged(cloud: Cloud, secret: str | None) -> None:
    """As after a first deployment: an empty secret must not match an empty path."""
    keys: dict[str, Any] = {} if secret is None else {"receipt_secret": secret}
    cloud.put_secret("ProvidersSecret", json.dumps({"ovh": keys}))

    for given in ("", RECEIPT_SECRET):
        path = {"provider": "ovh", "secret": given}
        assert cloud.call(FUNCTION, http(FUNCTION, "delivered", path=path))[0] == 404


def test_what_cannot_be_queued_is_to_be_called_again(cloud: Cloud) -> None:
    """R48: 2xx would lose the receipt."""
    client("sqs").delete_queue(QueueUrl=cloud.reference("Receipts"))

    answer = cloud.invoke(FUNCTION, event(FUNCTION, "delivered"))

    assert (answer["statusCode"], answer["headers"]["retry-after"]) == (503, "5")


def test_the_secret_is_in_no_log(cloud: Cloud, logs: Logs) -> None:
    logs.private |= {RECEIPT_SECRET, "a-guess"}
    for case in ("delivered", "forged", "malformed"):
        cloud.invoke(FUNCTION, event(FUNCTION, case))
    assert logs.lines()
