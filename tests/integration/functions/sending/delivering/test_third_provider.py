"""A third provider is a file, a table and a row: from its weights to its receipt, as docs/providers.md says (R32)."""

import json
from collections.abc import Mapping
from typing import Any, cast

import pytest

from schoolsms.adapters.providers import registry
from schoolsms.adapters.providers.context import ProviderContext
from schoolsms.adapters.providers.registry import ProviderSpec
from schoolsms.application.ports.provider_calls import ReceiptCall, ReceiptParser
from schoolsms.domain.sending.delivering.handoffs import Accepted, HandoffAnswer, OutgoingSms, Receipt
from schoolsms.domain.sending.delivering.statuses import Final
from tests.support.examples import REQUEST_ID, a_line, a_request
from tests.support.functions.cloud import Cloud
from tests.support.functions.events import failed, http, sqs

SECRET = "its-secret"
CODES: Mapping[str, Final | None] = {"ok": "delivered", "gone": "undeliverable", "wait": None}


class Acme:
    """Takes everything, under ids of its own; tells nobody ours back, and cannot be asked."""

    name = "acme"
    can_be_asked = False

    def __init__(self, token: str) -> None:
        self.token = token

    def hand_off(self, sms: OutgoingSms) -> HandoffAnswer:
        return Accepted(f"{self.token}-{sms.phone[-2:]}")

    def find(self, provider_message_id: str) -> Receipt | None:
        return None

    def find_by_message_id(self, message_id: str) -> Receipt | None:
        return None


def build(of: ProviderContext) -> Acme:
    return Acme(*of.keys("token"))


def parse_receipt(call: ReceiptCall) -> Receipt | None:
    try:
        payload = json.loads(call.body)
        return Receipt("acme", payload["id"], CODES.get(payload["code"]), payload["code"])
    except (ValueError, LookupError, TypeError):
        return None


@pytest.fixture
def line(cloud: Cloud, school: str, monkeypatch: pytest.MonkeyPatch) -> Cloud:
    """Two free messages wait, and Acme takes everything."""
    row = ProviderSpec(build, ReceiptParser("acme", parse_receipt, CODES.__contains__))
    monkeypatch.setitem(cast("dict[str, ProviderSpec]", registry.PROVIDERS), "acme", row)
    monkeypatch.setitem(cast("dict[str, Any]", registry.PARSERS), "acme", row.receipts)
    cloud.put_secret("ProvidersSecret", json.dumps({"acme": {"token": "T", "receipt_secret": SECRET}}))
    cloud.parameters["ProviderWeights"] = "acme:1"
    lines = [a_line(index, phone=f"+3361200001{index}", cost_sms=0) for index in (0, 1)]
    cloud.requests.store_and_debit(a_request(lines=2, cost_sms=0), lines, [], None)
    return cloud


def dispatch(line: Cloud) -> None:
    due = sqs("dispatch_messages", "page_due", {"request_id": REQUEST_ID, "page": 0, "attempt": 0})
    assert failed(line.invoke("dispatch_messages", due)) == []


def call(line: Cloud, body: object, secret: str = SECRET) -> int:
    path = {"provider": "acme", "secret": secret}
    answer = line.invoke("accept_receipts", http("accept_receipts", "delivered", path=path, query={}, body=body))
    return int(answer["statusCode"])


def record(line: Cloud) -> dict[int, str]:
    """Work the queue of receipts off; the statuses then."""
    for receipt in line.queued("Receipts"):
        assert failed(line.invoke("record_receipts", sqs("record_receipts", "delivered", receipt))) == []
    return {index: state.status for index, state in line.requests.states(REQUEST_ID).items()}


def test_its_messages_are_settled_by_its_receipts(line: Cloud) -> None:
    dispatch(line)
    assert [call(line, {"id": "T-10", "code": code}) for code in ("wait", "new", "ok", "gone")] == [204] * 4
    assert record(line) == {0: "delivered", 1: "sent"}


def test_its_receipts_may_come_before_the_handoff_is_written(line: Cloud) -> None:
    """R48: it cannot be asked whose they are, so they are kept."""
    call(line, {"id": "T-11", "code": "gone"})
    assert record(line) == {}
    dispatch(line)
    assert record(line) == {0: "sent", 1: "undeliverable"}


@pytest.mark.parametrize("secret", ["guess", "", SECRET + "-"])
def test_a_forged_call_is_not_found(line: Cloud, secret: str) -> None:
    assert call(line, {"id": "T-10", "code": "ok"}, secret) == 404
    assert line.queued("Receipts") == []
