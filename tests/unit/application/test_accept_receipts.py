from collections.abc import Mapping

import pytest

from schoolsms.application.accept_receipts import AcceptReceipts, ReceiptParser
from schoolsms.domain.errors import NotFoundError
from schoolsms.domain.handoffs import Receipt
from tests.fakes import FakeQueues
from tests.interruptions import Died, dies, interrupted

SECRET = "s3cret-é"
RECEIPT = Receipt("ovh", "42", "delivered", "1")


def parse(query: Mapping[str, str]) -> Receipt | None:
    return RECEIPT if query.get("id") == "42" else None


def desk(queues: FakeQueues, secret: str = SECRET) -> AcceptReceipts:
    parsers = {"ovh": ReceiptParser("ovh", parse), "simulated": ReceiptParser("ovh", parse)}
    return AcceptReceipts(parsers, lambda provider, fresh: secret if provider == "ovh" else "", queues)


def test_an_authentic_receipt_is_queued() -> None:
    queues = FakeQueues()
    assert desk(queues).accept("ovh", SECRET, {"id": "42"}) == "queued"
    assert queues.receipts == [RECEIPT]


def test_a_provider_may_share_another_s_secret() -> None:
    queues = FakeQueues()
    assert desk(queues).accept("simulated", SECRET, {"id": "42"}) == "queued"


@pytest.mark.parametrize(
    ("provider", "secret"),
    [("ovh", "wrong"), ("ovh", ""), ("ovh", SECRET + "x"), ("ovh", "s3cret-e"), ("other", SECRET), ("", "")],
)
def test_a_forged_receipt_meets_no_such_address(provider: str, secret: str) -> None:
    """R33."""
    queues = FakeQueues()
    with pytest.raises(NotFoundError):
        desk(queues).accept(provider, secret, {"id": "42"})
    assert queues.receipts == []


@pytest.mark.parametrize("secret", ["", "anything"])
def test_while_no_secret_is_set_nothing_is_authentic(secret: str) -> None:
    queues = FakeQueues()
    with pytest.raises(NotFoundError):
        desk(queues, secret="").accept("ovh", secret, {"id": "42"})
    assert queues.receipts == []


def test_an_authentic_call_that_is_no_receipt_is_answered_all_the_same() -> None:
    queues = FakeQueues()
    assert desk(queues).accept("ovh", SECRET, {}) == "malformed"
    assert queues.receipts == []


def test_a_receipt_is_acknowledged_only_once_it_is_queued() -> None:
    """R48."""
    queues = FakeQueues()
    dying = AcceptReceipts(
        desk(queues).parsers, lambda _, __: SECRET, interrupted(queues, before={"receipt_due": dies})
    )
    with pytest.raises(Died):
        dying.accept("ovh", SECRET, {"id": "42"})
