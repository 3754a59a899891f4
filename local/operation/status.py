"""`make status`: what waits, what is not read, what failed and what rings in a running stack, and what to type then.

CloudWatch says how old the oldest message of a queue is and which alarms ring; on the embedded cloud, which does
neither, the age is left out and alarms are `unknown`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from local.machine.settings import UnusableSetting
from local.operation.deployed.dead_letters import dead_letter_queues
from local.operation.deployed.readings import Reading, advice, readings_of, state_of
from local.operation.deployed.stack import Deployed, NotDeployed, deployed
from schoolsms import bootstrap
from schoolsms.application.orders.reading.read_overview import OrdersWaiting
from schoolsms.domain.errors import TransientError
from schoolsms.domain.schools.access import Caller

OPERATOR = Caller("make status", "", "", frozenset({"operator"}))
MEASURED_WITHIN = timedelta(minutes=15)
"""CloudWatch has an age of a queue each minute, some minutes late."""
_LYING = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed")


def queues_of(stack: Deployed) -> dict[str, str]:
    """The variables by which the function of the operator's overview knows its queues."""
    dead = " ".join(f"{name}={stack.resources[f'{name}Dead']}" for name in dead_letter_queues(stack))
    return {"MESSAGES_QUEUE_URL": stack.resources["QueuedMessages"], "DEAD_LETTER_URLS": dead}


def figures(stack: Deployed) -> Iterator[tuple[str, str]]:
    """Yield each figure with what it is about, then what is to be done. Raises `NotDeployed`, `TransientError`."""
    stack.act_as_function()
    os.environ.update(queues_of(stack))
    maintenance = bootstrap.maintenance().is_on()
    yield "maintenance", "on" if maintenance else "off"
    overview = bootstrap.read_overview().show(OPERATOR)
    yield "orders in review", _waiting(overview.reviews)
    yield "orders to credit", _waiting(overview.credits)
    yield "questions to answer", _waiting(overview.questions)
    yield "invoices overdue", f"{overview.overdue.count}{'+' if overview.overdue.more else ''}"
    yield "pages of messages waiting", str(overview.pages_waiting)
    for hour in overview.providers:
        counts = " ".join(f"{name}={count}" for name, count in hour.counts.items() if count)
        yield f"{hour.provider}, {hour.began:%Y-%m-%dT%H}Z", counts or "nothing"
    queues = list(queue_lines(stack, list(readings_of(stack)), maintenance))
    yield from ((f"queue {name}", line) for name, line, _ in queues)
    run = bootstrap.audit_accounts().runs.latest()
    yield "audit", f"night of {run.night}, {'complete' if run.done else f'after {run.after}'}" if run else "never run"
    yield "alarms that ring", ringing(stack)
    yield from (("to do", each) for _, _, said in queues for each in said)


def _waiting(orders: OrdersWaiting) -> str:
    return f"{orders.count}{'+' if orders.more else ''} ({orders.near} near, {orders.past} past their deadline)"


def queue_lines(stack: Deployed, readings: list[Reading], maintenance: bool) -> Iterator[tuple[str, str, list[str]]]:
    """Yield each queue, its figures, and what is to be done about it.

    The figures: how many messages wait, are being handled or are put off, how many lie dead, whether it is read, and
    how old its oldest message is.
    """
    sqs, ages = stack.client("sqs"), _ages(stack)

    def lying(name: str) -> list[str]:
        asked = {"QueueUrl": stack.resources[name], "AttributeNames": list(_LYING)}
        found = sqs.get_queue_attributes(**asked).get("Attributes", {})
        return [str(found.get(each, 0)) for each in _LYING]

    for name in dead_letter_queues(stack):
        waiting, handled, later = lying(name)
        dead, read = lying(f"{name}Dead")[0], state_of(name, readings)
        oldest = f" oldest={ages[name]}" if name in ages else ""
        to_do = [advice(name, read, maintenance)] if advice(name, read, maintenance) else []
        if dead != "0":
            to_do.append(f"{name} has dead letters: make redrive QUEUE={name} LIST=1")
        yield name, f"waiting={waiting} handled={handled} later={later} dead={dead} read={read}{oldest}", to_do


def _ages(stack: Deployed) -> Mapping[str, timedelta]:
    """How old the oldest message of each queue is, as far as CloudWatch measured it lately."""
    names, until = dead_letter_queues(stack), datetime.now(UTC)

    def asked(number: int, name: str) -> dict[str, Any]:
        dimension = {"Name": "QueueName", "Value": stack.resources[name].rpartition("/")[2]}
        metric = {"Namespace": "AWS/SQS", "MetricName": "ApproximateAgeOfOldestMessage", "Dimensions": [dimension]}
        return {"Id": f"q{number}", "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Maximum"}}

    answer = stack.client("cloudwatch").get_metric_data(
        MetricDataQueries=[asked(number, name) for number, name in enumerate(names)],
        StartTime=until - MEASURED_WITHIN,
        EndTime=until,
        ScanBy="TimestampDescending",
    )
    found = {each["Id"]: each["Values"] for each in answer["MetricDataResults"]}
    newest = ((name, found.get(f"q{number}")) for number, name in enumerate(names))
    return {name: timedelta(seconds=values[0]) for name, values in newest if values}


def ringing(stack: Deployed) -> str:
    """The alarms of this stack that ring, by their names in the template, and those that nobody evaluated yet."""
    names = {physical: logical for logical, physical in stack.resources.items() if logical.endswith("Alarm")}
    pages = stack.client("cloudwatch").get_paginator("describe_alarms").paginate()
    states = {each["AlarmName"]: each["StateValue"] for page in pages for each in page.get("MetricAlarms", ())}
    rings = sorted(names[name] for name, state in states.items() if name in names and state == "ALARM")
    unknown = sorted(names[name] for name in names if states.get(name, "INSUFFICIENT_DATA") == "INSUFFICIENT_DATA")
    said = " ".join(rings) or "none"
    if not unknown:
        return said
    if len(unknown) == len(names):
        return f"unknown: none of the {len(names)} has been evaluated"
    return f"{said}; unknown: {' '.join(unknown)}"


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
