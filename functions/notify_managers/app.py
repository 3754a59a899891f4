"""A mail to a school or to the operator is due."""

from collections.abc import Mapping
from typing import Any

from schoolsms import bootstrap
from schoolsms.observability import logger, process_batch
from schoolsms.queue_messages import NoticeDue


def notify(record: Mapping[str, Any]) -> None:
    due = NoticeDue.from_json(record["body"])
    refused = bootstrap.notify_managers().notify(due.kind, due.ids)
    logger.info("notice sent", extra={"kind": due.kind, **due.ids, "refused_addresses": refused})


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    return process_batch(event["Records"], notify)
