"""The history table's stream: requests that were just accepted."""

from collections.abc import Mapping
from typing import Any

from schoolsms import bootstrap
from schoolsms.observability import logger, process_stream


def start(record: Mapping[str, Any]) -> None:
    request_id = record["dynamodb"]["Keys"]["pk"]["S"].removeprefix("REQUEST#")
    bootstrap.start_delivery().start(request_id)
    logger.info("delivery started", extra={"request": request_id})


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    return process_stream(event["Records"], start)
