"""A number is shown, corrected and erased over HTTP; erased, it is in no store any more (R2, R45)."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest

from schoolsms.application.consents.exercise_rights import LABELS
from schoolsms.bootstrap.shared import clients
from schoolsms.domain.schools.stock.ledger import credit
from tests.integration.conftest import HISTORY, dynamodb_client
from tests.support.builders import MANAGER, NOW, OTHER_UAI, UAI
from tests.support.functions.cloud import Cloud, client
from tests.support.functions.events import event, http
from tests.support.servers.phone_network_server import RECEIPT_SECRET
from tests.support.template import resources
from tests.support.written_numbers import digits_of

FUNCTION = "exercise_rights"
PHONE, OTHER = "+33612345650", "+33612345651"
TEXT = "Bonjour ((nom)), la réunion est reportée."
CONSENT = {"wording": "Oui", "version": "1", "channel": "papier", "collected_by": "moi", "collected_at": "2026-11-20"}


@pytest.fixture
def sent(cloud: Cloud, school: str) -> Cloud:
    """Two people consented and were written to; the one of them was refused a second time."""
    cloud.ledger.post(school, credit("BC1", 100, NOW))
    for phone in (PHONE, OTHER):
        assert (
            cloud.call("school_api", http("school_api", "put_consent", path={"phone": phone}, body=CONSENT))[0] == 201
        )
    people = [("06 12 34 56 50", "Zidane"), (OTHER, "Renard"), ("06.12.34.56.50", "Zidane")]
    assert post(cloud, "k1", TEXT, people)[0] == 202
    assert post(cloud, "k2", "Zidane, rappelez le lycée.", people[:1])[0] == 202
    return cloud


def post(cloud: Cloud, key: str, text: str, people: list[tuple[str, str]]) -> tuple[int, Any]:
    recipients = [{"phone": phone, "variables": {"nom": name}} for phone, name in people]
    wanted = http(
        "accept_send_request",
        "one_recipient",
        headers={"idempotency-key": key},
        body={"text": text, "recipients": recipients},
    )
    return cloud.call("accept_send_request", wanted)


def held(cloud: Cloud) -> Any:
    status, body = cloud.call(FUNCTION, event(FUNCTION, "show"))
    assert status == 200
    return body


def everything(cloud: Cloud) -> Iterator[str]:
    """Every item of every table, every object of every bucket, every message of every queue."""
    for table in resources("AWS::DynamoDB::Table"):
        for page in dynamodb_client().get_paginator("scan").paginate(TableName=cloud.reference(table)):
            yield from (f"{table}: {item}" for item in page["Items"])
    s3 = client("s3")
    for bucket in resources("AWS::S3::Bucket"):
        name = cloud.reference(bucket)
        for found in s3.list_objects_v2(Bucket=name).get("Contents", []):
            yield f"{bucket}: {s3.get_object(Bucket=name, Key=found['Key'])['Body'].read()!r}"
    for queue in resources("AWS::SQS::Queue"):
        yield from (f"{queue}: {body}" for body in cloud.queued(queue))


def test_all_that_is_held_is_shown(sent: Cloud) -> None:
    body = held(sent)

    assert (body["phone"], body["consent"]["state"], body["erased_at"], body["next_cursor"]) == (
        *(PHONE, "granted", None, None),
    )
    assert {each["text"] for each in body["messages"]} == {
        *("Zidane, rappelez le lycée.", "Bonjour Zidane, la réunion est reportée."),
    }
    assert [(each["index"], each["code"], each["phone"]) for each in body["refusals"]] == [
        (2, "duplicate", "06.12.34.56.50")
    ]


def test_an_erased_number_is_in_no_store_any_more(sent: Cloud) -> None:
    content = b"portable\r\n06 12 34 56 50\r\n"
    client("s3").put_object(Bucket=sent.reference("RecipientListsBucket"), Key=f"{UAI}/L.csv", Body=content)

    status, body = sent.call(FUNCTION, event(FUNCTION, "erase"))

    assert (status, body) == (
        200,
        {"erased_at": "2026-11-23T09:00:00.000Z", "messages": 2, "complete": True, "next_cursor": None},
    )
    for each in everything(sent):
        digits = digits_of(each)
        assert "612345650" not in digits, each
        assert "Zidane" not in each
    assert sent.requests.of_phone(UAI, "2026-27", PHONE, None).items == []
    assert len(sent.requests.of_phone(UAI, "2026-27", OTHER, None).items) == 1
    kept = [str(item) for item in dynamodb_client().scan(TableName=HISTORY)["Items"]]
    assert any("612345651" in each and "Renard" in each for each in kept), "the other one's message stays"


def test_an_answer_that_waits_to_be_heeded_is_in_no_store_any_more(sent: Cloud) -> None:
    """In trouble it would wait for four days."""
    path = {"provider": "ovh", "secret": RECEIPT_SECRET}
    assert sent.invoke("accept_replies", http("accept_replies", "thanks", path=path))["statusCode"] == 204
    assert any("Merci beaucoup" in each for each in everything(sent))

    assert sent.call(FUNCTION, event(FUNCTION, "erase"))[0] == 200
    assert not any("Merci beaucoup" in each or "612345650" in each for each in everything(sent))


def test_every_simulated_service_has_the_clock_of_the_functions(cloud: Cloud) -> None:
    cloud.clock.advance(timedelta(days=400))
    bucket, queue = cloud.reference("ExportsBucket"), cloud.reference("Notices")

    client("s3").put_object(Bucket=bucket, Key="a", Body=b"a")
    client("sqs").send_message(QueueUrl=queue, MessageBody="{}")

    (stored,) = client("s3").list_objects_v2(Bucket=bucket)["Contents"]
    (taken,) = client("sqs").receive_message(QueueUrl=queue, AttributeNames=["SentTimestamp"])["Messages"]
    assert stored["LastModified"] == cloud.clock.now()
    assert int(taken["Attributes"]["SentTimestamp"]) == cloud.clock.now().timestamp() * 1000


def test_the_fingerprint_of_an_erased_message_is_blanked(sent: Cloud) -> None:
    def prints() -> Mapping[bytes, int]:
        found = dynamodb_client().query(
            TableName=HISTORY,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": f"RECENT#{UAI}"}},
        )["Items"]
        both = b"".join(item["prints"]["B"] for item in found)
        pieces = [both[at : at + 8] for at in range(0, len(both), 8)]
        return {piece: pieces.count(piece) for piece in pieces}

    assert bytes(8) not in prints()
    sent.call(FUNCTION, event(FUNCTION, "erase"))
    assert prints()[bytes(8)] == 2


def test_the_history_keeps_the_count_of_an_erased_message(sent: Cloud) -> None:
    sent.call(FUNCTION, event(FUNCTION, "erase"))

    items = sent.call("school_api", event("school_api", "history"))[1]["items"]

    assert sorted((each["phone"] or "", each["text"] or "", each["sms_count"]) for each in items) == [
        *(("", "", 1), ("", "", 1), (OTHER, "Bonjour Renard, la réunion est reportée.", 1)),
    ]
    assert held(sent)["messages"] == []
    assert held(sent)["erased_at"] == "2026-11-23T09:00:00.000Z"


def test_an_erased_number_cannot_consent_again_by_mistake(sent: Cloud) -> None:
    sent.call(FUNCTION, event(FUNCTION, "erase"))

    put = http("school_api", "put_consent", path={"phone": PHONE}, body=CONSENT)
    assert sent.call("school_api", put)[1]["code"] == "number-erased"
    (error,) = sent.call("import_consents", event("import_consents", "list"))[1]["errors"]
    assert (error["row"], error["code"]) == (2, "number-erased")


def test_erased_twice_is_erased_once(sent: Cloud) -> None:
    first = sent.call(FUNCTION, event(FUNCTION, "erase"))[1]

    assert sent.call(FUNCTION, event(FUNCTION, "erase")) == (200, {**first, "messages": 0})


def test_an_erasure_that_died_halfway_is_finished_by_the_next(sent: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    dynamodb, left = clients.client("dynamodb"), [3]

    def die_at_the_fourth(params: Any, **_: object) -> None:
        if HISTORY in str(params):
            left[0] -= 1
            if left[0] < 0:
                raise KeyboardInterrupt

    name = "before-parameter-build.dynamodb.UpdateItem"
    dynamodb.meta.events.register(name, die_at_the_fourth)
    try:
        with pytest.raises(KeyboardInterrupt):
            sent.call(FUNCTION, event(FUNCTION, "erase"))
    finally:
        dynamodb.meta.events.unregister(name, die_at_the_fourth)

    assert sent.call(FUNCTION, event(FUNCTION, "erase"))[0] == 200
    assert not [each for each in everything(sent) if "612345650" in each or "Zidane" in each]


def test_a_correction_moves_the_consent(sent: Cloud) -> None:
    status, body = sent.call(FUNCTION, http(FUNCTION, "rectify", body={"phone": "06 12 34 56 52"}))

    assert (status, body["phone"], body["state"]) == (200, "+33612345652", "granted")
    assert [each["kind"] for each in body["events"]] == ["consent", "rectification"]
    assert body["events"][1]["by"] == MANAGER
    left = held(sent)["consent"]
    assert (left["state"], [each["kind"] for each in left["events"]]) == ("corrected", ["correction"])
    assert len(held(sent)["messages"]) == 2, "what was truly sent stays"
    assert sent.call(FUNCTION, http(FUNCTION, "rectify", body={"phone": "06 12 34 56 52"})) == (200, body), "said twice"
    assert sent.call(FUNCTION, http(FUNCTION, "rectify", body={"phone": "06 12 34 56 53"}))[0] == 404


def test_an_old_list_does_not_bring_a_corrected_number_back(sent: Cloud) -> None:
    sent.call(FUNCTION, http(FUNCTION, "rectify", body={"phone": "06 12 34 56 52"}))

    (error,) = sent.call("import_consents", event("import_consents", "list"))[1]["errors"]

    assert (error["phone"], error["code"]) == (PHONE, "number-corrected")
    assert "corrigé" in error["detail"]
    put = http("school_api", "put_consent", path={"phone": PHONE}, body=CONSENT)
    assert sent.call("school_api", put)[1]["code"] == "number-corrected"
    sent.clock.advance(timedelta(days=1))
    body = CONSENT | {"collected_at": "2026-11-24"}
    assert sent.call("school_api", http("school_api", "put_consent", path={"phone": PHONE}, body=body))[0] == 201


def test_senders_and_other_schools_have_no_such_rights(sent: Cloud) -> None:
    before = list(everything(sent))
    for case in ("show", "rectify", "erase"):
        assert sent.call(FUNCTION, http(FUNCTION, case, claims={"roles": "[sms_sender]"}))[0] == 403
        assert sent.call(FUNCTION, http(FUNCTION, case, claims={"school": OTHER_UAI}))[0] == 404
    assert list(everything(sent)) == before


def test_every_school_year_is_looked_through() -> None:
    assert {"2026-27", "2026", "2025-26"} <= set(LABELS)
