"""The history table's stream: debited requests, against the low level and the daily ceiling of their school."""

from collections.abc import Mapping
from typing import Any

from schoolsms import bootstrap
from schoolsms.observability import logger, process_stream


def warn(record: Mapping[str, Any]) -> None:
    request_id = record["dynamodb"]["Keys"]["pk"]["S"].removeprefix("REQUEST#")
    if bootstrap.warn_low_balance().warn(request_id):
        logger.info("low level crossed", extra={"request": request_id})
    if bootstrap.warn_daily_limit().warn(request_id):
        logger.info("daily ceiling near", extra={"request": request_id})


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    return process_stream(event["Records"], warn)
