"""Receipts that providers sent: record them; answers of recipients that AWS brings go to their own queue."""

from collections.abc import Mapping
from typing import Any

from schoolsms import bootstrap
from schoolsms.domain.sending.delivering.handoffs import Receipt
from schoolsms.observability import logger, process_batch, warn_with_metric
from schoolsms.queue_messages import ReceiptDue


def read_receipt(body: str) -> Receipt:
    """Return the receipt that `accept_receipts` queued, or that AWS's topic delivered. Raises MalformedMessage."""
    event = bootstrap.sms_events().parse(body)
    if event is None:
        return ReceiptDue.from_json(body).receipt()
    if not bootstrap.sms_events().is_known(event.code):
        warn_with_metric("receipt not understood", "ReceiptsNotUnderstood", provider=event.provider, code=event.code)
    return event


def record(record: Mapping[str, Any]) -> None:
    """AWS's topic brings receipts and the answers of recipients."""
    reply = bootstrap.sms_replies().parse(record["body"])
    if reply is None:
        times = int(record["attributes"]["ApproximateReceiveCount"])
        record_receipt(read_receipt(record["body"]), times)
    else:
        outcome = bootstrap.take_replies().take(reply)
        logger.info("reply accepted", extra={"provider": reply.provider, "outcome": outcome})
        if outcome == "malformed":
            warn_with_metric("receipt not understood", "ReceiptsNotUnderstood", provider=reply.provider)


def record_receipt(receipt: Receipt, times: int) -> None:
    about: list[str] = []
    recorded = bootstrap.record_receipts().record(receipt, times, about.append)
    logger.info(
        "receipt recorded",
        extra={
            "provider": receipt.provider,
            "provider_message": receipt.provider_message_id,
            "sent_message": about[0] if about else None,
            "code": receipt.code,
            "recorded": recorded,
        },
    )


def note() -> None:
    bootstrap.record_receipts().note()


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    return process_batch(event["Records"], record, finish=note)
