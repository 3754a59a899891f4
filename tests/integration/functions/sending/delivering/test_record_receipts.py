"""Receipts become statuses: the first final one wins, unknown ones change nothing (R31, R33, R34)."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.phone_network.network import PhoneNetwork
from schoolsms.application.sending.delivering.record_receipts import LOOKED_FOR
from tests.support.builders import NOW
from tests.support.examples import REQUEST_ID, a_line, a_request, lines_of
from tests.support.functions.cloud import Cloud
from tests.support.functions.events import event, failed, sqs
from tests.support.functions.log_privacy import Logs
from tests.support.servers.phone_network_server import KEYS, RECEIPT_SECRET, ReceiptSink, serving

FUNCTION = "record_receipts"
REQUEST, LINE = a_request(lines=2), a_line()
RECEIPT: dict[str, Any] = {
    "provider": "ovh",
    "provider_message_id": "26929925",
    "status": "delivered",
    "code": "1/4",
    "message_id": None,
}


DELIVERED, UNREACHABLE, PENDING = "26929925", "26929926", "26929927"
"""Ids of three messages that the network took, named after their status."""


@pytest.fixture
def network(tmp_path: Path) -> Iterator[str]:
    """A phone network that took three messages."""
    shown = {"text": "Bonjour", "sender": None}
    for identity, phone in ((DELIVERED, "10"), (UNREACHABLE, "01"), (PENDING, "02")):
        taken = {"id": int(identity), "provider": "ovh", "phone": f"+336399800{phone}", "coding": "7bit"}
        taken["tag"] = f"{REQUEST_ID}-0"
        lines = {"network": [taken | shown | {"taken_at": "2026-11-22T10:00:00.000Z"}]}
        lines["network"].append({"id": int(identity), "receipts_sent": 4})
        lines["phones"] = [taken | shown] if phone != "01" else []
        for name, entries in lines.items():
            with (tmp_path / f"{name}.jsonl").open("a") as file:
                file.writelines(json.dumps(line) + "\n" for line in entries)
    with serving(ReceiptSink().application()) as callback:
        phones = PhoneNetwork(tmp_path, callback, lambda: RECEIPT_SECRET, lambda: KEYS, parallelism=2)
        with serving(phones.application()) as url:
            yield f"{url}/ovh/1.0"


@pytest.fixture
def accepted(cloud: Cloud, school: str, network: str) -> Cloud:
    """Two messages that wait."""
    cloud.parameters["OvhEndpoint"] = network
    cloud.requests.store_and_debit(a_request(lines=2, cost_sms=0), lines_of(2), [], None)
    return cloud


@pytest.fixture
def sent(accepted: Cloud) -> Cloud:
    """OVHcloud took the first as the one it delivered."""
    return taken(accepted, DELIVERED)


@pytest.fixture
def sent_by_aws(accepted: Cloud) -> Cloud:
    return taken(accepted, "862a8790-60c0-4430-9b2b-658bd0000000", "aws")


def taken(cloud: Cloud, provider_message_id: str, provider: str = "ovh") -> Cloud:
    cloud.messages.claim(REQUEST, LINE, provider, NOW)
    cloud.messages.sent(REQUEST, LINE, provider, provider_message_id)
    return cloud


def status(cloud: Cloud) -> str:
    return cloud.requests.states(REQUEST_ID)[0].status


@pytest.mark.parametrize(
    ("provider_message_id", "expected"), [(DELIVERED, "delivered"), (UNREACHABLE, "undeliverable")]
)
@pytest.mark.parametrize("receipt_status", ["delivered", "undeliverable", "expired"])
def test_what_the_provider_confirms_becomes_the_status(
    accepted: Cloud, provider_message_id: str, expected: str, receipt_status: str
) -> None:
    """R33: whatever status the receipt gives."""
    taken(accepted, provider_message_id)
    receipt = {**RECEIPT, "provider_message_id": provider_message_id, "status": receipt_status}
    assert failed(accepted.invoke(FUNCTION, sqs(FUNCTION, "delivered", receipt))) == []
    assert status(accepted) == expected


@pytest.mark.parametrize("case", ["delivered", "unreachable"])
def test_a_receipt_becomes_the_status(accepted: Cloud, case: str) -> None:
    receipt = json.loads(event(FUNCTION, case)["Records"][0]["body"])
    taken(accepted, receipt["provider_message_id"])
    assert failed(accepted.invoke(FUNCTION, event(FUNCTION, case))) == []
    assert status(accepted) == receipt["status"]


def test_a_pending_receipt_from_the_queue_settles_nothing(accepted: Cloud) -> None:
    taken(accepted, json.loads(event(FUNCTION, "pending")["Records"][0]["body"])["provider_message_id"])
    assert failed(accepted.invoke(FUNCTION, event(FUNCTION, "pending"))) == []
    assert status(accepted) == "sent"


def test_a_final_receipt_of_what_its_provider_calls_pending_is_given_again(accepted: Cloud) -> None:
    """R33: it may be forged; R48: or its provider's books are behind."""
    taken(accepted, PENDING)
    receipt = {**RECEIPT, "provider_message_id": PENDING}
    assert failed(accepted.invoke(FUNCTION, sqs(FUNCTION, "delivered", receipt))) == ["message-0"]
    assert status(accepted) == "sent"


@pytest.mark.parametrize("order", [("DELIVERED", "UNREACHABLE"), ("UNREACHABLE", "DELIVERED")])
def test_the_first_final_receipt_wins(sent_by_aws: Cloud, order: tuple[str, str]) -> None:
    """Of a provider that cannot be asked."""
    expected = {"DELIVERED": "delivered", "UNREACHABLE": "undeliverable"}[order[0]]
    for reported in (*order, "SUCCESSFUL", order[0]):
        assert (
            failed(sent_by_aws.invoke(FUNCTION, aws_event(eventType=f"TEXT_{reported}", messageStatus=reported))) == []
        )
        assert status(sent_by_aws) == expected


def test_the_moment_of_the_first_receipt_is_kept(sent: Cloud) -> None:
    sent.invoke(FUNCTION, event(FUNCTION, "delivered"))
    first = sent.requests.states(REQUEST_ID)[0]
    sent.clock.time = REQUEST.expires_at
    sent.invoke(FUNCTION, event(FUNCTION, "delivered"))

    assert sent.requests.states(REQUEST_ID)[0] == first
    assert first.final_at == NOW


def test_an_unknown_receipt_changes_nothing_and_is_given_again_some_times(sent: Cloud) -> None:
    """The provider's books may be behind. If they do not show it then, it is nobody's."""
    unknown = sqs(FUNCTION, "delivered", {**RECEIPT, "provider_message_id": "404"})
    for times, again in ((1, ["message-0"]), (LOOKED_FOR - 1, ["message-0"]), (LOOKED_FOR, [])):
        unknown["Records"][0]["attributes"]["ApproximateReceiveCount"] = str(times)
        assert failed(sent.invoke(FUNCTION, unknown)) == again
        assert status(sent) == "sent"


def test_an_unknown_receipt_waits_while_its_provider_does_not_answer(sent: Cloud) -> None:
    """R33, R48: it may be that of a message whose answer never came."""
    sent.parameters["OvhEndpoint"] = "http://127.0.0.1:9"

    unknown = sqs(FUNCTION, "delivered", {**RECEIPT, "provider_message_id": "404"})
    assert failed(sent.invoke(FUNCTION, unknown)) == ["message-0"]


def test_a_receipt_for_an_uncertain_message_settles_it(sent: Cloud) -> None:
    sent.messages.claim(REQUEST, a_line(1), "aws", NOW)
    sent.messages.uncertain(REQUEST, a_line(1))

    sent.invoke(FUNCTION, aws_event(context={"message_id": f"{REQUEST_ID}-1"}))

    assert sent.requests.states(REQUEST_ID)[1].status == "delivered"


# ------------------------------------------------------------------ events of AWS


def aws_event(**changes: Any) -> Any:
    body = json.loads(event(FUNCTION, "aws_delivered")["Records"][0]["body"])
    return sqs(FUNCTION, "aws_delivered", {**body, **changes})


def test_an_event_of_aws_settles_the_message_it_names(sent_by_aws: Cloud, logs: Logs) -> None:
    logs.private |= {"+33639980010", "COLLEGE"}
    assert failed(sent_by_aws.invoke(FUNCTION, event(FUNCTION, "aws_delivered"))) == []
    assert status(sent_by_aws) == "delivered"
    [line] = logs.lines("receipt recorded")
    assert (line["provider"], line["code"], line["recorded"]) == ("aws", "DELIVERED", "settled")
    assert (line["provider_message"], line["sent_message"]) == (
        "862a8790-60c0-4430-9b2b-658bd0000000",
        f"{REQUEST_ID}-0",
    )


def test_an_event_of_aws_that_names_a_message_of_ovhcloud_changes_nothing(sent: Cloud) -> None:
    """R33."""
    assert failed(sent.invoke(FUNCTION, event(FUNCTION, "aws_delivered"))) == []
    assert status(sent) == "sent"


def test_an_event_that_is_not_final_settles_nothing(sent: Cloud) -> None:
    sent.invoke(FUNCTION, aws_event(eventType="TEXT_SUCCESSFUL", messageStatus="SUCCESSFUL"))
    assert status(sent) == "sent"


def test_an_event_of_unknown_status_is_counted_and_settles_nothing(sent: Cloud, logs: Logs) -> None:
    assert failed(sent.invoke(FUNCTION, aws_event(eventType="TEXT_LOST", messageStatus="LOST"))) == []
    assert status(sent) == "sent"
    [line] = logs.lines("receipt not understood")
    assert (line["provider"], line["code"], line["ReceiptsNotUnderstood"]) == ("aws", "LOST", 1)


def test_an_event_without_our_id_waits_for_its_handoff(sent: Cloud) -> None:
    """AWS cannot be asked whose it is."""
    sent.messages.claim(REQUEST, a_line(1), "aws", NOW)
    assert failed(sent.invoke(FUNCTION, aws_event(context={}))) == []
    sent.messages.sent(REQUEST, a_line(1), "aws", "862a8790-60c0-4430-9b2b-658bd0000000")
    assert sent.requests.states(REQUEST_ID)[1].status == "delivered"


@pytest.mark.parametrize(
    "poison",
    [
        "",
        "no JSON",
        "[]",
        "{}",
        {**RECEIPT, "status": "lost"},
        {**RECEIPT, "status": "sent"},
        {**RECEIPT, "provider": None},
        {name: value for name, value in RECEIPT.items() if name != "code"},
    ],
)
def test_only_the_poisoned_record_is_given_again(sent: Cloud, poison: object) -> None:
    assert failed(sent.invoke(FUNCTION, sqs(FUNCTION, "delivered", poison, RECEIPT, poison))) == [
        "message-0",
        "message-2",
    ]
    assert status(sent) == "delivered"


def test_a_receipt_never_moves_money(accepted: Cloud) -> None:
    """An unreachable recipient is consumed (§7)."""
    taken(accepted, UNREACHABLE)
    before = accepted.ledger.balance(REQUEST.school)
    accepted.invoke(FUNCTION, event(FUNCTION, "unreachable"))

    assert status(accepted) == "undeliverable"
    assert accepted.ledger.balance(REQUEST.school) == before
