"""Every hour, as the day ends somewhere: what is left where the subscription has ended is forfeited."""

from typing import Any

from schoolsms import bootstrap
from schoolsms.observability import logger, publish_metrics, redact_exceptions


@redact_exceptions
def handler(event: dict[str, Any], context: object) -> None:
    done = bootstrap.forfeit_balances().run()
    publish_metrics(BalancesForfeited=len(done.forfeited))
    logger.info("subscription ends watched", extra={"warned": done.warned, "forfeited": done.forfeited})
