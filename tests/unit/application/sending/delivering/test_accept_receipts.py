import pytest

from schoolsms.application.ports.provider_calls import ReceiptCall, ReceiptParser
from schoolsms.application.sending.delivering.accept_receipts import AcceptReceipts
from schoolsms.domain.errors import NotFoundError
from schoolsms.domain.sending.delivering.handoffs import Receipt
from tests.fakes.core import FakeQueues
from tests.support.faults.fault_injection import Died, dies, interrupted

SECRET = "s3cret-é"
RECEIPT, UNKNOWN = Receipt("ovh", "42", "delivered", "1"), Receipt("ovh", "43", None, "999")


CALL = ReceiptCall({"id": "42"})


def parse(call: ReceiptCall) -> Receipt | None:
    return {"42": RECEIPT, "43": UNKNOWN}.get(call.query.get("id", ""))


def desk(queues: FakeQueues, secret: str = SECRET) -> AcceptReceipts:
    parser = ReceiptParser("ovh", parse, {"1"}.__contains__)
    parsers = {"ovh": parser, "simulated": parser}
    return AcceptReceipts(parsers, lambda provider, fresh: secret if provider == "ovh" else "", queues)


def test_an_authentic_receipt_is_queued() -> None:
    queues = FakeQueues()
    assert desk(queues).accept("ovh", SECRET, CALL)[0] == "queued"
    assert queues.receipts == [RECEIPT]


def test_a_provider_may_share_another_s_secret() -> None:
    queues = FakeQueues()
    assert desk(queues).accept("simulated", SECRET, CALL)[0] == "queued"


@pytest.mark.parametrize(
    ("provider", "secret"),
    [("ovh", "wrong"), ("ovh", ""), ("ovh", SECRET + "x"), ("ovh", "s3cret-e"), ("other", SECRET), ("", "")],
)
def test_a_forged_receipt_meets_no_such_address(provider: str, secret: str) -> None:
    """R33."""
    queues = FakeQueues()
    with pytest.raises(NotFoundError):
        desk(queues).accept(provider, secret, CALL)
    assert queues.receipts == []


@pytest.mark.parametrize("secret", ["", "anything"])
def test_while_no_secret_is_set_nothing_is_authentic(secret: str) -> None:
    queues = FakeQueues()
    with pytest.raises(NotFoundError):
        desk(queues, secret="").accept("ovh", secret, CALL)
    assert queues.receipts == []


def test_an_authentic_call_that_is_no_receipt_is_answered_all_the_same() -> None:
    queues = FakeQueues()
    assert desk(queues).accept("ovh", SECRET, ReceiptCall({}))[0] == "malformed"
    assert queues.receipts == []


def test_an_unknown_code_is_queued_and_answered_as_unknown() -> None:
    queues = FakeQueues()
    assert desk(queues).accept("ovh", SECRET, ReceiptCall({"id": "43"}))[0] == "unknown-code"
    assert queues.receipts == [UNKNOWN]


def test_a_receipt_is_acknowledged_only_once_it_is_queued() -> None:
    """R48."""
    queues = FakeQueues()
    dying = AcceptReceipts(
        desk(queues).parsers, lambda _, __: SECRET, interrupted(queues, before={"receipt_due": dies})
    )
    with pytest.raises(Died):
        dying.accept("ovh", SECRET, CALL)
