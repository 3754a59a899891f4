"""`make maintenance`: let what arrives wait while somebody works on a running stack, and go on afterwards (R49).

On, sends are refused with 503, and no function takes anything from a queue any more: what arrives waits there and uses
up none of its attempts. Off, the queues are worked off. Each may be said again after an interruption.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping

from botocore.exceptions import BotoCoreError, ClientError

from local.machine.settings import UnusableSetting
from local.operation.deployed import Deployed, NotDeployed, deployed
from local.operation.redrive import dead_letter_queues
from schoolsms import bootstrap
from schoolsms.domain.errors import TransientError

SETTLING_SECONDS = 180
"""The longest wait for Lambda, which takes up to a minute to stop or start reading a queue."""
PAUSE_SECONDS = 2

STATES = ("ON", "OFF")
_SAID = {
    "ON": "maintenance is on: sends are answered 503 within ten seconds, {count} queues wait",
    "OFF": "maintenance is off: sends are accepted within ten seconds, {count} queues are worked off",
}


def switch(stack: Deployed, state: str, pause: Callable[[float], None] = time.sleep) -> int:
    """Put the service `ON` maintenance or `OFF`; how many queues wait or go on.

    Sends are refused before the queues stop and accepted after they go on. Raises `NotDeployed`, `TransientError`,
    `UnusableSetting` for another state, and `TimeoutError` where Lambda has not followed.
    """
    if state not in STATES:
        raise UnusableSetting("say which: make maintenance STATE=ON, or STATE=OFF")
    stack.act_as_function()
    if state == "ON":
        bootstrap.maintenance().begin()
    count = _turn(stack, state == "OFF", pause)
    if state == "OFF":
        bootstrap.maintenance().end()
    return count


def _turn(stack: Deployed, enabled: bool, pause: Callable[[float], None]) -> int:
    """Let functions read all queues or none; how many readings there are, once each is as it should be."""
    functions, wanted = stack.client("lambda"), "Enabled" if enabled else "Disabled"
    for _ in range(SETTLING_SECONDS // PAUSE_SECONDS):
        found = list(_readings(stack))
        others = [each for each in found if each["State"] != wanted]
        if not others:
            return len(found)
        for each in others:
            if each["State"] in ("Enabled", "Disabled"):  # the others are on their way
                functions.update_event_source_mapping(UUID=each["UUID"], Enabled=enabled)
        pause(PAUSE_SECONDS)
    raise TimeoutError


def _readings(stack: Deployed) -> Iterator[Mapping[str, str]]:
    """Yield what makes a function read a queue (an event source mapping), for every queue."""
    sqs, functions = stack.client("sqs"), stack.client("lambda")
    for name in dead_letter_queues(stack):
        asked = {"QueueUrl": stack.resources[name], "AttributeNames": ["QueueArn"]}
        arn = sqs.get_queue_attributes(**asked)["Attributes"]["QueueArn"]
        for page in functions.get_paginator("list_event_source_mappings").paginate(EventSourceArn=arn):
            yield from page["EventSourceMappings"]


def main(environ: Mapping[str, str] = os.environ) -> int:
    """Switch as the settings say; the exit code."""
    state = environ.get("STATE", "").upper()
    try:
        count = switch(deployed(environ), state)
    except (UnusableSetting, NotDeployed, TransientError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except TimeoutError:
        print(f"error: Lambda has not followed within {SETTLING_SECONDS} seconds; say it again", file=sys.stderr)
        return 1
    except (BotoCoreError, ClientError) as error:
        print(f"error: AWS does not answer ({type(error).__name__}); say it again", file=sys.stderr)
        return 1
    print(_SAID[state].format(count=count))
    return 0


if __name__ == "__main__":
    sys.exit(main())
