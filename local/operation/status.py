"""`make status`: what waits, what failed and what rings in a running stack, told without CloudWatch's metrics."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping

from botocore.exceptions import BotoCoreError, ClientError

from local.machine.settings import UnusableSetting
from local.operation.deployed import Deployed, NotDeployed, deployed
from local.operation.redrive import dead_letter_queues
from schoolsms import bootstrap
from schoolsms.application.orders.reading.read_overview import OrdersWaiting
from schoolsms.domain.errors import TransientError
from schoolsms.domain.schools.access import Caller

OPERATOR = Caller("make status", "", "", frozenset({"operator"}))
_LYING = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed")


def queues_of(stack: Deployed) -> dict[str, str]:
    """The variables by which the function of the operator's overview knows its queues."""
    dead = " ".join(f"{name}={stack.resources[f'{name}Dead']}" for name in dead_letter_queues(stack))
    return {"MESSAGES_QUEUE_URL": stack.resources["QueuedMessages"], "DEAD_LETTER_URLS": dead}


def figures(stack: Deployed) -> Iterator[tuple[str, str]]:
    """Yield each figure with what it is about. Raises `NotDeployed`, `TransientError`."""
    stack.act_as_function()
    os.environ.update(queues_of(stack))
    yield "maintenance", "on" if bootstrap.maintenance().is_on() else "off"
    overview = bootstrap.read_overview().show(OPERATOR)
    yield "orders in review", _waiting(overview.reviews)
    yield "orders to credit", _waiting(overview.credits)
    yield "questions to answer", _waiting(overview.questions)
    yield "invoices overdue", f"{overview.overdue.count}{'+' if overview.overdue.more else ''}"
    yield "pages of messages waiting", str(overview.pages_waiting)
    for hour in overview.providers:
        counts = " ".join(f"{name}={count}" for name, count in hour.counts.items() if count)
        yield f"{hour.provider}, {hour.began:%Y-%m-%dT%H}Z", counts or "nothing"
    yield from _queues(stack)
    run = bootstrap.audit_accounts().runs.latest()
    yield "audit", f"night of {run.night}, {'complete' if run.done else f'after {run.after}'}" if run else "never run"
    yield "alarms that ring", " ".join(_ringing(stack)) or "none"


def _waiting(orders: OrdersWaiting) -> str:
    return f"{orders.count}{'+' if orders.more else ''} ({orders.near} near, {orders.past} past their deadline)"


def _queues(stack: Deployed) -> Iterator[tuple[str, str]]:
    """Yield how many messages wait, are being handled or are put off in each queue, and how many lie dead."""
    sqs = stack.client("sqs")

    def lying(name: str) -> list[str]:
        asked = {"QueueUrl": stack.resources[name], "AttributeNames": list(_LYING)}
        found = sqs.get_queue_attributes(**asked).get("Attributes", {})
        return [str(found.get(each, 0)) for each in _LYING]

    for name in dead_letter_queues(stack):
        waiting, handled, later = lying(name)
        yield f"queue {name}", f"waiting={waiting} handled={handled} later={later} dead={lying(f'{name}Dead')[0]}"


def _ringing(stack: Deployed) -> list[str]:
    """The alarms of this stack that are in the state ALARM, by their names in the template."""
    names = {physical: logical for logical, physical in stack.resources.items() if logical.endswith("Alarm")}
    pages = stack.client("cloudwatch").get_paginator("describe_alarms").paginate(StateValue="ALARM")
    found = (each["AlarmName"] for page in pages for each in page.get("MetricAlarms", ()))
    return sorted(names[name] for name in found if name in names)


def main(environ: Mapping[str, str] = os.environ) -> int:
    """Print the figures; the exit code."""
    try:
        for name, figure in figures(deployed(environ)):
            print(f"{name:28} {figure}")
    except (UnusableSetting, NotDeployed, TransientError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except (BotoCoreError, ClientError) as error:
        print(f"error: the cloud does not answer ({type(error).__name__})", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
