"""Receipts that providers sent: record them."""

from collections.abc import Mapping
from typing import Any

from schoolsms import bootstrap
from schoolsms.contracts import ReceiptDue
from schoolsms.observability import each_record, logger


def record_receipt(record: Mapping[str, Any]) -> None:
    receipt = ReceiptDue.model_validate_json(record["body"]).receipt()
    recorded = bootstrap.record_receipts().record(receipt)
    logger.info(
        "receipt recorded",
        extra={
            "provider": receipt.provider,
            "provider_message": receipt.provider_message_id,
            "code": receipt.code,
            "recorded": recorded,
        },
    )


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001 - Lambda's signature
    return each_record(event["Records"], record_receipt)
