"""Every hour, as the day ends somewhere: what is left where the subscription has ended is forfeited."""

from typing import Any

from schoolsms import bootstrap
from schoolsms.observability import logger, measure, quietly


@quietly
def handler(event: dict[str, Any], context: object) -> None:  # noqa: ARG001 - Lambda's signature
    done = bootstrap.forfeit_balances().run()
    measure(BalancesForfeited=len(done.forfeited))
    logger.info("subscription ends watched", extra={"warned": done.warned, "forfeited": done.forfeited})
