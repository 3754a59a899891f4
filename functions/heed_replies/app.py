"""An answer of a recipient was accepted: withdraw the consent, or keep it for the managers."""

from collections.abc import Mapping
from typing import Any

from schoolsms import bootstrap
from schoolsms.observability import logger, process_batch
from schoolsms.queue_messages import ReplyDue


def heed(record: Mapping[str, Any]) -> None:
    reply_id = ReplyDue.from_json(record["body"]).reply_id
    outcome = bootstrap.heed_replies().heed(reply_id)
    logger.info("reply heeded", extra={"reply": reply_id, "outcome": outcome})


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    return process_batch(event["Records"], heed)
