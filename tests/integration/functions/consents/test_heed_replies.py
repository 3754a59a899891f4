"""STOP withdraws, other answers are read by managers of the schools that wrote, and by nobody else (R2, R24, R36)."""

from datetime import timedelta
from typing import Any

import pytest

from schoolsms.domain.schools.stock.ledger import credit, debit
from tests.integration.conftest import ACCOUNTS, HISTORY, dynamodb_client
from tests.support.builders import NOW, OTHER_UAI
from tests.support.examples import REQUEST_ID, a_line, a_request, everything
from tests.support.functions.cloud import Cloud
from tests.support.functions.crash_injection import deaths
from tests.support.functions.events import event, failed, http, sqs
from tests.support.functions.log_privacy import Logs
from tests.support.servers.phone_network_server import RECEIPT_SECRET
from tests.support.worlds.school_year_world import PURGED_AT, YEAR

FUNCTION = "heed_replies"
PHONE = "+33612345650"


@pytest.fixture
def consented(cloud: Cloud, school: str) -> Cloud:
    assert cloud.call("school_api", event("school_api", "put_consent"))[0] == 201
    return cloud


@pytest.fixture
def wrote(consented: Cloud, school: str) -> Cloud:
    """One message was handed over to the number."""
    consented.ledger.post(school, credit("BC1", 10, NOW))
    request, line = a_request(), a_line(phone=PHONE)
    consented.requests.store_and_debit(request, [line], [], debit(REQUEST_ID, 1, NOW))
    consented.messages.claim(request, line, "ovh", NOW + timedelta(minutes=1))
    consented.messages.sent(request, line, "ovh", "26929925")
    consented.messages.settle(f"{REQUEST_ID}-0", "ovh", "delivered", NOW)
    return consented


def answered(cloud: Cloud, text: str, number: int = 1) -> list[Any]:
    """Send a reply and take the messages it queued."""
    query = {"id": str(number), "sender": PHONE, "message": text}
    asked = http("accept_replies", "stop", path={"provider": "ovh", "secret": RECEIPT_SECRET}, query=query)
    assert cloud.invoke("accept_replies", asked)["statusCode"] == 204
    return cloud.queued("IncomingReplies")


def heed(cloud: Cloud, *queued: Any) -> list[str]:
    return failed(cloud.invoke(FUNCTION, sqs(FUNCTION, "reply_due", *queued)))


def consent(cloud: Cloud) -> Any:
    (found,) = cloud.call("school_api", event("school_api", "consents"))[1]["items"]
    return found


def replies(cloud: Cloud, **claims: str) -> Any:
    status, body = cloud.call("school_api", http("school_api", "replies", claims=claims))
    assert status == 200
    return body["items"]


def test_a_stop_withdraws(consented: Cloud, logs: Logs) -> None:
    queued = answered(consented, "STOP merci de ne plus m'envoyer de SMS")
    logs.private.add(PHONE)
    assert heed(consented, *queued) == []
    assert consent(consented)["state"] == "withdrawn"
    assert consent(consented)["events"][-1]["by"] == "le destinataire, par SMS (ovh)"
    [line] = logs.lines("reply heeded")
    assert (line["reply"], line["outcome"]) == (queued[0]["reply_id"], "withdrawn")


def test_aws_s_stop_withdraws(consented: Cloud) -> None:
    consented.invoke("record_receipts", event("record_receipts", "aws_stop"))
    assert heed(consented, *consented.queued("IncomingReplies")) == []
    assert consent(consented)["state"] == "withdrawn"


def test_a_stop_said_again_after_a_new_consent_counts(consented: Cloud) -> None:
    """Whatever its provider calls it."""
    heed(consented, *answered(consented, "STOP"))
    consented.clock.advance(timedelta(hours=1))
    body = {**EXAMPLE, "collected_at": consented.clock.now().isoformat()}
    asked = http("school_api", "put_consent", body=body)
    assert consented.call("school_api", asked)[0] == 200
    assert consent(consented)["state"] == "granted"

    consented.clock.advance(timedelta(minutes=1))
    heed(consented, *answered(consented, "STOP"))
    assert consent(consented)["state"] == "withdrawn"


EXAMPLE = {"wording": "Oui", "version": "2", "channel": "papier", "collected_by": "moi"}


def test_another_answer_is_read_by_its_managers(wrote: Cloud) -> None:
    assert heed(wrote, *answered(wrote, "Merci, à demain !")) == []
    [found] = replies(wrote)
    assert {**found, "id": ""} == {
        "id": "",
        "phone": PHONE,
        "text": "Merci, à demain !",
        "received_at": "2026-11-23T09:00:00.000Z",
    }
    assert consent(wrote)["state"] == "granted"


def test_what_is_left_of_an_answer_beside_the_history_is_a_hash(wrote: Cloud) -> None:
    [queued] = answered(wrote, "Merci")
    heed(wrote, queued)
    [left] = [item for item in everything(dynamodb_client(), HISTORY) if item["pk"].startswith("INCOMING#")]
    assert left.keys() == {"pk", "sk", "provider", "received_at", "purge_at"}
    assert left["sk"] == queued["reply_id"]


def test_an_answer_given_and_brought_again_is_read_once(wrote: Cloud) -> None:
    [queued] = answered(wrote, "Merci")
    for _ in range(2):
        assert heed(wrote, queued) == []
    wrote.clock.advance(timedelta(minutes=10))
    heed(wrote, *answered(wrote, "Merci"))
    assert len(replies(wrote)) == 1


def test_a_killed_function_is_given_the_reply_again(wrote: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """R48: it is read once, whatever died."""
    for number, death in enumerate(deaths()):
        [queued] = answered(wrote, f"Merci {number}", number)
        with death.befalling(monkeypatch):
            wrote.invoke(FUNCTION, sqs(FUNCTION, "reply_due", queued))
        assert heed(wrote, queued) == [], death
        assert [each["text"] for each in replies(wrote)].count(f"Merci {number}") == 1, death


def test_only_the_answer_that_cannot_be_heeded_is_given_again(wrote: Cloud) -> None:
    [first] = answered(wrote, "Merci", 1)
    assert heed(wrote, "no JSON", first, {}) == ["message-0", "message-2"]
    assert len(replies(wrote)) == 1
    [second] = answered(wrote, "STOP", 2)
    with wrote.outage("dynamodb"):
        assert heed(wrote, second) == ["message-0"]
    assert heed(wrote, second) == []
    assert consent(wrote)["state"] == "withdrawn"


def test_a_school_that_consents_alone_and_a_sender_read_nothing(wrote: Cloud) -> None:
    heed(wrote, *answered(wrote, "Merci"))
    registered = http("operator_api", "put_school", path={"uai": OTHER_UAI})
    assert wrote.call("operator_api", registered)[0] == 201
    claims = {"school": OTHER_UAI}
    assert wrote.call("school_api", http("school_api", "put_consent", claims=claims))[0] == 201
    heed(wrote, *answered(wrote, "Encore merci", 2))

    assert replies(wrote, school=OTHER_UAI) == []
    assert {each["text"] for each in replies(wrote)} == {"Encore merci", "Merci"}
    status, _ = wrote.call("school_api", http("school_api", "replies", claims={"roles": "[sms_sender]"}))
    assert status == 403


def test_answers_come_in_pages(wrote: Cloud) -> None:
    for number in range(51):
        wrote.clock.advance(timedelta(seconds=1))
        heed(wrote, *answered(wrote, f"Merci {number}", number))
    status, first = wrote.call("school_api", http("school_api", "replies"))
    status, last = wrote.call("school_api", http("school_api", "replies", query={"cursor": first["next_cursor"]}))
    assert (len(first["items"]), [each["text"] for each in last["items"]]) == (50, ["Merci 0"])
    assert last["next_cursor"] is None


@pytest.mark.parametrize("cursor", ["x", "0", "2026-11-23T09:00:00.000000#", "~"])
def test_a_cursor_of_another_list_is_refused(wrote: Cloud, cursor: str) -> None:
    asked = http("school_api", "replies", query={"cursor": cursor})
    assert wrote.call("school_api", asked)[0] == 422


def test_answers_are_purged_with_the_year_and_counted(wrote: Cloud) -> None:
    """R38."""
    for number in range(3):
        heed(wrote, *answered(wrote, f"Canari {number}", number))
    wrote.clock.time = PURGED_AT
    while not wrote.invoke("purge_history", event("purge_history", "year_ended"))["done"]:
        continue
    left = list(everything(dynamodb_client(), HISTORY))
    assert {item["pk"].partition("#")[0] for item in left} == {"HANDOFF", "INCOMING"}  # hashes, left to TTL
    assert "Canari" not in str(left)
    assert PHONE not in str(left)
    (kept,) = [item for item in everything(dynamodb_client(), ACCOUNTS) if item["sk"] == f"PURGE#{YEAR}"]
    assert kept["counted_replies"] == 3
    [certificate] = wrote.call("school_api", event("school_api", "purges"))[1]["items"]
    assert (certificate["before"]["replies"], certificate["after"]["replies"]) == (3, 0)


def test_answers_are_shown_and_erased_with_their_number(wrote: Cloud) -> None:
    """R45."""
    heed(wrote, *answered(wrote, "Canari"))
    path = {"phone": PHONE}
    status, held = wrote.call("exercise_rights", http("exercise_rights", "show", path=path))
    assert (status, [each["text"] for each in held["replies"]]) == (200, ["Canari"])
    assert wrote.call("exercise_rights", http("exercise_rights", "erase", path=path))[0] == 200

    heed(wrote, *answered(wrote, "Encore un canari", 2))
    assert replies(wrote) == []
    assert "anari" not in str(list(everything(dynamodb_client(), HISTORY)))
    assert PHONE not in str(list(everything(dynamodb_client(), HISTORY)))
