"""An invoice was cancelled: give its school the credit note."""

from collections.abc import Mapping
from typing import Any

from schoolsms import bootstrap
from schoolsms.observability import logger, process_batch
from schoolsms.queue_messages import InvoiceCancelled


def issue(record: Mapping[str, Any]) -> None:
    message = InvoiceCancelled.from_json(record["body"])
    note, refused = bootstrap.issue_credit_note().issue(message.invoice_number)
    logger.info(
        "credit note issued",
        extra={"invoice": message.invoice_number, "credit_note": note.number, "refused_addresses": refused},
    )


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    return process_batch(event["Records"], issue)
