"""Event source mappings make functions read queues: whether they do as the maintenance switch says (R49)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from local.operation.deployed.dead_letters import dead_letter_queues
from local.operation.deployed.stack import Deployed


@dataclass(frozen=True)
class Reading:
    """Reads `queue`, named as in the template. Its state is `Enabled`, `Disabled`, or on its way to one of them."""

    queue: str
    id: str
    state: str


def readings_of(stack: Deployed) -> Iterator[Reading]:
    """Yield the readings of all queues that have dead letters, which all do."""
    sqs, functions = stack.client("sqs"), stack.client("lambda")
    for name in dead_letter_queues(stack):
        asked = {"QueueUrl": stack.resources[name], "AttributeNames": ["QueueArn"]}
        arn = sqs.get_queue_attributes(**asked)["Attributes"]["QueueArn"]
        for page in functions.get_paginator("list_event_source_mappings").paginate(EventSourceArn=arn):
            yield from (Reading(name, each["UUID"], each["State"]) for each in page["EventSourceMappings"])


def state_of(queue: str, readings: Sequence[Reading]) -> str:
    """`yes` if the queue is read, `NO` if its reading is off, `never` without one, else what is under way."""
    states = {each.state for each in readings if each.queue == queue}
    if not states:
        return "never"
    return "yes" if "Enabled" in states else "NO" if states == {"Disabled"} else min(states).lower()


def advice(queue: str, read: str, maintenance: bool) -> str:
    """Return the command to type if the queue is not read as the switch says; "" if nothing is to be done."""
    if read == "never":
        return f"{queue} has nothing that reads it: make deploy makes it anew"
    if read == "NO" and not maintenance:
        return f"{queue} is not read, though maintenance is off: make maintenance STATE=OFF"
    if read == "yes" and maintenance:
        return f"{queue} is read, though maintenance is on: make maintenance STATE=ON, or STATE=OFF to end it"
    return ""
