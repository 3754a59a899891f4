"""A mail was stored in the inbox: S3 tells its queue."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import unquote_plus

from schoolsms import bootstrap
from schoolsms.observability import logger, process_batch, warn_with_metric


def ingest(record: Mapping[str, Any]) -> None:
    # S3 sends a test event without records when the notification is set up.
    for stored in json.loads(record["body"]).get("Records", []):
        key = unquote_plus(stored["s3"]["object"]["key"])
        for mail in bootstrap.ingest_order_email().ingest(key, datetime.fromisoformat(stored["eventTime"])):
            logger.info(
                "mail ingested",
                extra={
                    "mail": mail.id,
                    "order": mail.order_id,
                    "outcome": mail.outcome,
                    "reasons": [reason.code for reason in mail.reasons],
                },
            )
            if mail.outcome == "rejected":
                warn_with_metric("mail dropped", "MailsDropped", mail=mail.id, order=mail.order_id)


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    return process_batch(event["Records"], ingest)
