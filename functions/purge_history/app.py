"""Step Functions: a school year has ended, and some of its history is still there."""

from typing import Any

from schoolsms import bootstrap
from schoolsms.observability import logger, redact_exceptions


@redact_exceptions
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    school, year = event["school"], event["school_year"]
    progress = bootstrap.purge_history().step(school, year)
    logger.info(
        "purge went on",
        extra={
            "school": school,
            "school_year": year,
            "removed_items": progress.removed,
            "waiting_requests": progress.waiting,
            "done": progress.done,
        },
    )
    return {"done": progress.done, "resume_at": progress.resume_at.strftime("%Y-%m-%dT%H:%M:%SZ")}
