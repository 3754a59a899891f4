"""An answer comes by HTTP or by AWS's topic; nothing of it is queued or logged but its id (R24, R33, R38, R46)."""

import json

import pytest

from tests.integration.conftest import HISTORY, dynamodb_client
from tests.support.examples import everything
from tests.support.functions.cloud import Cloud
from tests.support.functions.events import Event, event, failed, http, sqs
from tests.support.functions.log_privacy import Logs
from tests.support.servers.phone_network_server import RECEIPT_SECRET

FUNCTION = "accept_replies"
PHONE, TEXT = "+33612345650", "Merci beaucoup"


def call(case: str = "thanks", secret: str = RECEIPT_SECRET, **fields: str) -> Event:
    asked = http(FUNCTION, case, path={"provider": "ovh", "secret": secret})
    asked["queryStringParameters"] |= fields
    return asked


def test_ovhcloud_brings_an_answer(cloud: Cloud, logs: Logs) -> None:
    logs.private |= {PHONE, TEXT}
    assert cloud.invoke(FUNCTION, call())["statusCode"] == 204

    [queued] = cloud.queued("IncomingReplies")
    assert list(queued) == ["reply_id"]
    [held] = everything(dynamodb_client(), HISTORY)
    assert (held["sk"], held["phone"], held["text"]) == (queued["reply_id"], PHONE, TEXT)
    assert held["pk"] == f"INCOMING#{queued['reply_id'][:10]}"
    [line] = logs.lines("reply accepted")
    assert (line["provider"], line["outcome"]) == ("ovh", "queued")


def test_aws_brings_an_answer_by_its_topic(cloud: Cloud) -> None:
    assert failed(cloud.invoke("record_receipts", event("record_receipts", "aws_stop"))) == []
    [queued] = cloud.queued("IncomingReplies")
    [held] = everything(dynamodb_client(), HISTORY)
    assert held["sk"] == queued["reply_id"]


def test_an_answer_of_no_number_that_is_known_to_be_one_is_counted(cloud: Cloud, logs: Logs) -> None:
    reply_event = json.loads(event("record_receipts", "aws_stop")["Records"][0]["body"])
    shortened = sqs("record_receipts", "aws_stop", {**reply_event, "originationNumber": "36111"})
    assert failed(cloud.invoke("record_receipts", shortened)) == []
    assert cloud.invoke(FUNCTION, call(sender="36111"))["statusCode"] == 204
    assert len(logs.lines("receipt not understood")) == 2
    assert cloud.queued("IncomingReplies") == []


def test_an_answer_brought_again_is_held_once(cloud: Cloud) -> None:
    for _ in range(2):
        assert cloud.invoke(FUNCTION, call())["statusCode"] == 204
    assert len(list(everything(dynamodb_client(), HISTORY))) == 1
    assert len({each["reply_id"] for each in cloud.queued("IncomingReplies")}) == 1


@pytest.mark.parametrize("fields", [{"id": "4713"}, {"message": "Merci !"}, {"sender": "+33612345651"}])
def test_another_answer_is_another(cloud: Cloud, fields: dict[str, str]) -> None:
    for each in (call(), call(**fields)):
        cloud.invoke(FUNCTION, each)
    assert len(list(everything(dynamodb_client(), HISTORY))) == 2


def test_a_forged_answer_is_not_found(cloud: Cloud) -> None:
    assert cloud.call(FUNCTION, call(secret="a-guess"))[0] == 404
    assert list(everything(dynamodb_client(), HISTORY)) == []


@pytest.mark.parametrize("service", ["dynamodb", "sqs"])
def test_while_it_cannot_be_kept_it_is_to_be_brought_again(cloud: Cloud, service: str) -> None:
    """R48."""
    with cloud.outage(service):
        assert cloud.call(FUNCTION, call())[0] == 503
        assert len(failed(cloud.invoke("record_receipts", event("record_receipts", "aws_stop")))) == 1
    assert cloud.invoke(FUNCTION, call())["statusCode"] == 204
    assert len(cloud.queued("IncomingReplies")) == 1


@pytest.mark.parametrize("text", ["", "\x00 zéro", "🙂" * 6_000, "x" * 20_000])
def test_whatever_was_answered_is_held(cloud: Cloud, text: str) -> None:
    assert cloud.invoke(FUNCTION, call(message=text))["statusCode"] == 204
    [held] = everything(dynamodb_client(), HISTORY)
    assert held["text"] == text[:10_000]


def test_half_a_sign_is_held_as_a_question_mark(cloud: Cloud) -> None:
    body = '{"sender": "+33612345650", "message": "Bravo \\ud83d", "id": "1"}'
    asked = http(FUNCTION, "thanks", path={"provider": "ovh", "secret": RECEIPT_SECRET}, query={}, body=body)
    assert cloud.invoke(FUNCTION, asked)["statusCode"] == 204
    [held] = everything(dynamodb_client(), HISTORY)
    assert held["text"] == "Bravo ?"
