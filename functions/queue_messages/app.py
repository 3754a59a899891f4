"""Step Functions: a request is due."""

from typing import Any

from schoolsms import bootstrap
from schoolsms.observability import logger, redact_exceptions


@redact_exceptions
def handler(event: dict[str, Any], context: object) -> dict[str, int]:
    pages = bootstrap.queue_messages().queue_request(event["request_id"])
    logger.info("request queued", extra={"request": event["request_id"], "pages": pages})
    return {"pages": pages}
