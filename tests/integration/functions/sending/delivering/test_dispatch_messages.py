"""A page is handed to the providers, each message once; what was not taken comes again, or is released (R30-R34)."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from local.phone_network.network import PhoneNetwork
from schoolsms.domain.schools.stock.ledger import Balance, credit, debit
from schoolsms.domain.sending.send_requests import Line
from tests.integration.conftest import HISTORY, dynamodb_client
from tests.support.builders import NOW, SCHOOL, UAI
from tests.support.examples import REQUEST_ID, TEXT, a_line, a_request, keys
from tests.support.functions.cloud import Cloud, client
from tests.support.functions.events import event, failed, sqs
from tests.support.functions.log_privacy import Logs
from tests.support.servers.phone_network_server import KEYS, RECEIPT_SECRET, ReceiptSink, serving

FUNCTION = "dispatch_messages"
PAGE = {"request_id": REQUEST_ID, "page": 0, "attempt": 0}


class Phones:
    """The simulated phone network and how to reach it."""

    def __init__(self, network: PhoneNetwork, url: str) -> None:
        self._network = network
        self.url = f"{url}/ovh/1.0"
        self.aws_url = f"{url}/aws"

    def texts(self, phone: str) -> list[str]:
        return [each["text"] for each in self._network.phones(phone)]

    def providers(self, phone: str) -> list[str]:
        return [each["provider"] for each in self._network.phones(phone)]

    def encodings(self, phone: str) -> list[str]:
        return [each["encoding"] for each in self._network.phones(phone)]


@pytest.fixture
def phones(tmp_path: Path) -> Iterator[Phones]:
    with serving(ReceiptSink().application()) as callback:
        network = PhoneNetwork(
            tmp_path, callback, lambda: RECEIPT_SECRET, lambda: KEYS, slow_seconds=0.1, retry_delays=()
        )
        with serving(network.application()) as url:
            yield Phones(network, url)


@pytest.fixture
def line(cloud: Cloud, school: str, phones: Phones) -> Cloud:
    """A school with 100 SMS, its messages going to the simulated phone network."""
    cloud.parameters |= {"OvhEndpoint": phones.url, "SimulatedNetworkUrl": ""}
    cloud.ledger.post(school, credit("BC1", 100, NOW))
    return cloud


def accept(cloud: Cloud, *lines: Line, **changes: Any) -> None:
    """A request to `lines` is accepted and debited."""
    cost = sum(line.cost_sms for line in lines)
    request = a_request(lines=len(lines), cost_sms=cost, **changes)
    cloud.requests.store_and_debit(request, lines, [], debit(REQUEST_ID, cost, NOW) if cost else None)


def dispatch(cloud: Cloud, **changes: Any) -> list[str]:
    return failed(cloud.invoke(FUNCTION, sqs(FUNCTION, "page_due", {**PAGE, **changes})))


def statuses(cloud: Cloud) -> dict[int, str]:
    return {index: state.status for index, state in cloud.requests.states(REQUEST_ID).items()}


def to(ending: str, index: int = 0) -> Line:
    """A message to a number that the phone network treats by its `ending`."""
    return a_line(index, phone=f"+336120000{ending}")


def test_a_page_reaches_the_phones(line: Cloud, phones: Phones) -> None:
    accept(line, *(a_line(index) for index in range(3)))

    assert failed(line.invoke(FUNCTION, event(FUNCTION, "page_due"))) == []
    assert statuses(line) == {0: "sent", 1: "sent", 2: "sent"}
    assert [phones.texts(f"+3361{index:05d}10") for index in range(3)] == [[TEXT]] * 3
    assert line.queued("QueuedMessages") == []


def test_each_phone_gets_its_own_text_in_its_coding(line: Cloud, phones: Phones) -> None:
    accept(line, a_line(0, text="Zoé, à 8 h"), a_line(1, text="Maëlys, à 8 h", coding="unicode"))

    dispatch(line)

    assert phones.texts("+33610000010") == ["Zoé, à 8 h"]
    assert phones.texts("+33610000110") == ["Maëlys, à 8 h"]
    assert (phones.encodings("+33610000010"), phones.encodings("+33610000110")) == (["gsm"], ["unicode"])


def test_a_page_queued_again_and_again_reaches_each_phone_once(line: Cloud, phones: Phones) -> None:
    accept(line, a_line())

    for attempt in range(3):
        assert dispatch(line, attempt=attempt) == []

    assert phones.texts("+33610000010") == [TEXT]


def test_only_the_queued_page_is_handed_over(line: Cloud, phones: Phones) -> None:
    accept(line, *(a_line(index) for index in range(51)))

    dispatch(line, page=1)

    assert statuses(line) == {50: "sent"}


def test_the_id_of_a_provider_that_cannot_be_asked_leads_back_to_the_message(line: Cloud, phones: Phones) -> None:
    """That of the other is not kept."""
    line.parameters |= {"AwsSmsEndpoint": phones.aws_url, "ProviderWeights": "ovh:1/+3361=aws:1"}
    accept(line, a_line(phone="+33612000010"), a_line(1, phone="+33712000010"))
    dispatch(line)
    assert statuses(line) == {0: "sent", 1: "sent"}
    (handoff,) = [pk for pk, sk in keys(dynamodb_client(), HISTORY) if sk == "HANDOFF"]
    assert handoff.startswith("HANDOFF#aws#")
    assert line.messages.by_provider_id("aws", handoff.rpartition("#")[2]) == f"{REQUEST_ID}-0"


def test_a_busy_provider_is_offered_the_message_again_later(line: Cloud, phones: Phones) -> None:
    """03: the first attempt is answered 503."""
    accept(line, to("03"))

    assert dispatch(line) == []
    assert statuses(line) == {0: "queued"}
    assert line.delayed("QueuedMessages") == 1

    assert dispatch(line, attempt=1) == []
    assert statuses(line) == {0: "sent"}
    assert phones.texts("+33612000003") == [TEXT]
    assert line.ledger.balance(UAI) == Balance(UAI, 99, 2)


def test_a_message_that_the_provider_refuses_is_released(line: Cloud, phones: Phones) -> None:
    """04: never handed over, so not consumed (R30)."""
    accept(line, to("04"), a_line(1))

    assert dispatch(line) == []
    assert statuses(line) == {0: "failed", 1: "sent"}
    assert line.ledger.balance(UAI) == Balance(UAI, 99, 3)

    dispatch(line, attempt=1)
    assert line.ledger.balance(UAI) == Balance(UAI, 99, 3)


def test_a_busy_provider_holds_up_no_other_message(line: Cloud, phones: Phones) -> None:
    """08: every attempt is answered 503."""
    accept(line, to("08"), a_line(1))

    dispatch(line)

    assert statuses(line) == {0: "queued", 1: "sent"}
    assert line.delayed("QueuedMessages") == 1


def test_what_the_primary_provider_does_not_take_goes_by_the_secondary(line: Cloud, phones: Phones) -> None:
    """07: OVHcloud always answers 503."""
    line.parameters["AwsSmsEndpoint"] = phones.aws_url
    accept(line, to("07"))

    assert dispatch(line) == []
    assert statuses(line) == {0: "sent"}
    assert phones.providers("+33612000007") == ["aws"]
    assert line.delayed("QueuedMessages") == 0


def test_while_every_provider_is_busy_the_message_waits(line: Cloud, phones: Phones) -> None:
    """08."""
    line.parameters["AwsSmsEndpoint"] = phones.aws_url
    accept(line, to("08"))

    assert dispatch(line) == []
    assert statuses(line) == {0: "queued"}
    assert line.delayed("QueuedMessages") == 1


def test_weights_decide_by_prefix_who_takes_a_message(line: Cloud, phones: Phones) -> None:
    line.parameters |= {"AwsSmsEndpoint": phones.aws_url, "ProviderWeights": "ovh:1/+3361=aws:1"}
    accept(line, a_line(0, phone="+33612000010"), a_line(1, phone="+33712000010"))

    dispatch(line)

    assert phones.providers("+33612000010") == ["aws"]
    assert phones.providers("+33712000010") == ["ovh"]


async def _time(_: web.Request) -> web.Response:
    return web.json_response(int(time.time()))


def test_a_message_that_may_have_been_taken_is_never_offered_again(line: Cloud) -> None:
    """R34: the gateway lost the application after it had passed the request on."""
    offered = []

    async def lose(request: web.Request) -> web.Response:
        offered.append((await request.json())["tag"])
        return web.Response(status=502)

    application = web.Application()
    application.router.add_get("/auth/time", _time)
    application.router.add_post("/sms/{service}/jobs", lose)
    accept(line, a_line())
    with serving(application) as url:
        line.parameters["OvhEndpoint"] = url
        for attempt in range(3):
            dispatch(line, attempt=attempt)

    assert offered == [f"{REQUEST_ID}-0"]
    assert statuses(line) == {0: "uncertain"}
    assert line.ledger.balance(UAI).sms == 99


def test_a_provider_that_cannot_be_reached_has_taken_nothing(line: Cloud) -> None:
    line.parameters["OvhEndpoint"] = "http://127.0.0.1:9"
    accept(line, a_line())

    assert dispatch(line) == []
    assert statuses(line) == {0: "queued"}
    assert line.delayed("QueuedMessages") == 1


def test_wrong_keys_hand_nothing_over(line: Cloud, phones: Phones) -> None:
    line.put_secret("ProvidersSecret", '{"ovh": {"application_key": "", "application_secret": "", "consumer_key": ""}}')
    accept(line, a_line())

    assert dispatch(line) == []
    assert statuses(line) == {0: "queued"}


def test_a_test_number_is_simulated_at_once(line: Cloud, phones: Phones) -> None:
    """It never reaches a provider, and costs nothing."""
    accept(line, a_line(0, phone="+33639980010", is_test=True, cost_sms=0))

    dispatch(line)

    assert statuses(line) == {0: "delivered"}
    assert phones.texts("+33639980010") == []


def test_a_test_number_reaches_the_simulated_network_where_there_is_one(line: Cloud, phones: Phones) -> None:
    line.parameters["SimulatedNetworkUrl"] = phones.url
    accept(line, a_line(0, phone="+33639980010", is_test=True, cost_sms=0))

    dispatch(line)

    assert statuses(line) == {0: "sent"}
    assert phones.texts("+33639980010") == [TEXT]


@pytest.mark.parametrize("state", ["suspended", "terminated"])
def test_a_school_that_was_stopped_has_its_messages_cancelled_and_released(
    line: Cloud, phones: Phones, state: Any
) -> None:
    """R27."""
    accept(line, a_line(0), a_line(1))
    line.replace_school(replace(SCHOOL, state=state))

    dispatch(line)

    assert statuses(line) == {0: "cancelled", 1: "cancelled"}
    assert line.ledger.balance(UAI).sms == 100
    assert phones.texts("+33610000010") == []


def test_a_claim_that_somebody_holds_is_waited_for(line: Cloud, phones: Phones) -> None:
    accept(line, a_line())
    line.messages.claim(a_request(), a_line(), "ovh", NOW + timedelta(seconds=60))

    dispatch(line)

    assert statuses(line) == {0: "claimed"}
    assert line.delayed("QueuedMessages") == 1


def test_a_claim_whose_holder_died_is_uncertain_and_never_offered(line: Cloud, phones: Phones) -> None:
    accept(line, a_line())
    line.messages.claim(a_request(), a_line(), "ovh", NOW - timedelta(seconds=1))

    dispatch(line)

    assert statuses(line) == {0: "uncertain"}
    assert phones.texts("+33610000010") == []


@pytest.mark.parametrize("late", [timedelta(0), timedelta(days=1)])
def test_after_its_window_a_request_is_handed_to_nobody(line: Cloud, phones: Phones, late: timedelta) -> None:
    accept(line, a_line())
    line.clock.time = a_request().expires_at + late

    assert dispatch(line) == []
    assert statuses(line) == {}
    assert phones.texts("+33610000010") == []


def test_a_cancelled_request_is_handed_to_nobody(line: Cloud, phones: Phones) -> None:
    accept(line, a_line(), cancelled=True)

    assert dispatch(line) == []
    assert phones.texts("+33610000010") == []


POISONS: list[object] = ["", "null", "{", "[]", {}, {**PAGE, "page": "first"}, {**PAGE, "attempt": None}]


@pytest.mark.parametrize("poison", POISONS)
def test_only_the_poisoned_record_is_given_again(line: Cloud, phones: Phones, poison: object) -> None:
    accept(line, a_line())

    assert failed(line.invoke(FUNCTION, sqs(FUNCTION, "page_due", poison, PAGE))) == ["message-0"]
    assert statuses(line) == {0: "sent"}


def test_a_request_that_was_purged_is_no_error(line: Cloud) -> None:
    assert dispatch(line) == []
    assert line.queued("QueuedMessages") == []


def test_what_could_not_be_queued_again_is_given_back_by_the_queue(line: Cloud, phones: Phones) -> None:
    """R48: the page would be lost if this record were said to be done."""
    accept(line, to("08"))
    client("sqs").delete_queue(QueueUrl=line.reference("QueuedMessages"))

    assert dispatch(line) == ["message-0"]


def test_the_log_says_how_many_not_who(line: Cloud, phones: Phones, logs: Logs) -> None:
    accept(line, to("04"), a_line(1), to("08", 2))
    logs.private |= {"+33612000004", "+33610000110", "+33612000008"}

    dispatch(line)

    assert logs.lines("page dispatched")[0]["results"] == {"failed": 1, "sent": 1, "again": 1}


def test_a_page_that_waited_long_comes_as_it_was_queued(line: Cloud, phones: Phones) -> None:
    accept(line, to("08"))

    assert failed(line.invoke(FUNCTION, event(FUNCTION, "page_due_again"))) == []
    assert line.delayed("QueuedMessages") == 1
