"""Every hour, as the day ends somewhere: school years that end soon or have ended, and calendars that run out."""

from typing import Any

from schoolsms import bootstrap
from schoolsms.observability import logger, publish_metrics, redact_exceptions


@redact_exceptions
def handler(event: dict[str, Any], context: object) -> None:
    watch = bootstrap.watch_school_years()
    calendars = watch.calendars_to_mend()
    publish_metrics(CalendarsToMend=len(calendars))
    done = watch.run()
    logger.info(
        "school years watched",
        extra={"announced": done.announced, "purges_started": done.started, "calendars_to_mend": calendars},
    )
