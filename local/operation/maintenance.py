"""`make maintenance`: let what arrives wait while somebody works on a running stack, and go on afterwards (R49).

On, sends are refused with 503, and no function takes anything from a queue any more: what arrives waits there and uses
up none of its attempts. Off, the queues are worked off. Each may be said again after an interruption.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError

from local.machine.settings import UnusableSetting
from local.operation.deployed.readings import readings_of
from local.operation.deployed.stack import Deployed, NotDeployed, deployed
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
_TURNED = {"ON": "no longer read: {queues}", "OFF": "read again: {queues}"}
_UNTURNED = {"ON": "none was read before", "OFF": "all were read before"}


@dataclass(frozen=True)
class Switched:
    """How many queues wait now, or are worked off, and those among them that did not before."""

    count: int
    turned: Sequence[str]


def switch(stack: Deployed, state: str, pause: Callable[[float], None] = time.sleep) -> Switched:
    """Put the service `ON` maintenance or `OFF`.

    Sends are refused before the queues stop and accepted after they go on. Raises `NotDeployed`, `TransientError`,
    `UnusableSetting` for another state, and `TimeoutError` where Lambda has not followed.
    """
    if state not in STATES:
        raise UnusableSetting("say which: make maintenance STATE=ON, or STATE=OFF")
    stack.act_as_function()
    if state == "ON":
        bootstrap.maintenance().begin()
    switched = _turn(stack, state == "OFF", pause)
    if state == "OFF":
        bootstrap.maintenance().end()
    return switched


def _turn(stack: Deployed, enabled: bool, pause: Callable[[float], None]) -> Switched:
    """Let functions read all queues or none, and return once each reading is as it should be."""
    functions, wanted = stack.client("lambda"), "Enabled" if enabled else "Disabled"
    turned: dict[str, None] = {}
    for _ in range(SETTLING_SECONDS // PAUSE_SECONDS):
        found = list(readings_of(stack))
        others = [each for each in found if each.state != wanted]
        if not others:
            return Switched(len(found), list(turned))
        for each in others:
            turned[each.queue] = None
            if each.state in ("Enabled", "Disabled"):  # the others are on their way
                functions.update_event_source_mapping(UUID=each.id, Enabled=enabled)
        pause(PAUSE_SECONDS)
    raise TimeoutError


def said_of(state: str, switched: Switched) -> str:
    """Report to the operator, with the queues that were not as they should be."""
    turned = _TURNED if switched.turned else _UNTURNED
    return f"{_SAID[state].format(count=switched.count)}\n{turned[state].format(queues=' '.join(switched.turned))}"


def main(environ: Mapping[str, str] = os.environ) -> int:
    """Switch as the settings say; the exit code."""
    state = environ.get("STATE", "").upper()
    try:
        switched = switch(deployed(environ), state)
    except (UnusableSetting, NotDeployed, TransientError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except TimeoutError:
        print(f"error: Lambda has not followed within {SETTLING_SECONDS} seconds; say it again", file=sys.stderr)
        return 1
    except (BotoCoreError, ClientError) as error:
        print(f"error: AWS does not answer ({type(error).__name__}); say it again", file=sys.stderr)
        return 1
    print(said_of(state, switched))
    return 0


if __name__ == "__main__":
    sys.exit(main())
