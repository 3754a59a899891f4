"""A list is opened by one function, uploaded to S3 and read by another."""

import base64
import json
from typing import Any

import pytest

from schoolsms.domain.schools.stock.ledger import credit
from tests.support.builders import NOW, UAI
from tests.support.functions.cloud import Cloud, client
from tests.support.functions.events import event, http

CSV = "portable;prénom\r\n06 10 00 00 10;Maëlys\r\n12;Léo\r\n".encode()


@pytest.fixture
def funded(cloud: Cloud, school: str) -> Cloud:
    cloud.ledger.post(school, credit("BC1", 10, NOW))
    return cloud


def uploaded(cloud: Cloud, content: bytes, uai: str = UAI) -> str:
    """The id of a list, put where its URL leads."""
    status, body = cloud.call("school_api", event("school_api", "open_recipient_list"))
    assert status == 201
    key = f"{uai}/{body['id']}.csv"
    client("s3").put_object(Bucket=cloud.reference("RecipientListsBucket"), Key=key, Body=content)
    return str(body["id"])


def posted(cloud: Cloud, list_id: str) -> tuple[int, Any]:
    body = {"text": "Bonjour ((prenom))", "recipient_list": list_id}
    return cloud.call("accept_send_request", http("accept_send_request", "one_recipient", body=body))


def test_a_list_is_posted_with_a_form_that_names_its_school_bounds_its_size_and_soon_ends(
    cloud: Cloud, school: str
) -> None:
    status, body = cloud.call("school_api", event("school_api", "open_recipient_list"))

    fields = body["fields"]
    assert (status, body["method"], body["expires_at"]) == (201, "POST", "2026-11-23T09:15:00.000Z")
    assert (fields["key"], fields["Content-Type"]) == (f"{UAI}/{body['id']}.csv", "text/csv")
    assert fields["x-amz-algorithm"] == "AWS4-HMAC-SHA256"
    signed = json.loads(base64.b64decode(fields["policy"]))["conditions"]
    assert ["content-length-range", 1, 20_000_000] in signed
    assert {"key": fields["key"]} in signed
    assert {"Content-Type": "text/csv"} in signed
    assert {"bucket": cloud.reference("RecipientListsBucket")} in signed


def test_a_list_is_sent_to_and_gone(funded: Cloud) -> None:
    list_id = uploaded(funded, CSV)

    status, body = posted(funded, list_id)

    assert (status, body["accepted"], body["cost_sms"]) == (202, 1, 1)
    (refused,) = body["refused"]
    assert (refused["index"], refused["row"], refused["phone"]) == (1, 3, "12")
    assert client("s3").list_objects_v2(Bucket=funded.reference("RecipientListsBucket"))["KeyCount"] == 0
    assert posted(funded, list_id) == (202, body), "the same key is the same request"


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"PK\x03\x04", 422, "invalid-list"),
        (b"x" * 20_000_001, 422, "invalid-list"),
        (b"portable\n12", 422, "no-recipient-left"),
    ],
)
def test_what_is_no_list_costs_nothing_and_stays(funded: Cloud, content: bytes, status: int, code: str) -> None:
    list_id = uploaded(funded, content)

    answered, body = posted(funded, list_id)

    assert (answered, body["code"]) == (status, code)
    assert funded.ledger.balance(UAI).sms == 10
    assert client("s3").list_objects_v2(Bucket=funded.reference("RecipientListsBucket"))["KeyCount"] == 1


def test_a_list_of_another_school_or_of_nobody_is_not_found(funded: Cloud) -> None:
    """R2."""
    for list_id in (uploaded(funded, CSV, "0750654D"), "AAAAAAAAAAAAAA"):
        status, body = posted(funded, list_id)
        assert (status, body["code"]) == (404, "list-not-found")


def test_a_store_that_does_not_answer_is_asked_again(funded: Cloud) -> None:
    list_id = uploaded(funded, CSV)

    with funded.outage("s3"):
        assert posted(funded, list_id)[0] == 503

    assert funded.ledger.balance(UAI).sms == 10
