"""Step Functions: the window of a request has ended."""

from typing import Any

from schoolsms import bootstrap
from schoolsms.observability import logger, redact_exceptions


@redact_exceptions
def handler(event: dict[str, Any], context: object) -> dict[str, int]:
    outcomes = dict(bootstrap.expire_messages().expire(event["request_id"]))
    logger.info("request closed", extra={"request": event["request_id"], "outcomes": outcomes})
    return outcomes
