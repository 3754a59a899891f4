"""`make redrive`: put the dead letters of a queue back into it, once what made them fail is repaired.

`QUEUE` is the queue's name in the template, with or without `Dead`. `LIST=1` only lists them, by ids. A letter is put
back before it is taken away, so that a command that is killed loses none; its consumer may then see one twice, which
does nothing twice.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping

from botocore.exceptions import BotoCoreError, ClientError

from local.machine.settings import UnusableSetting
from local.operation.deployed.dead_letters import MOST, Letter, dead_letter_queues, letter_of, letters_in, receive
from local.operation.deployed.stack import Deployed, NotDeployed, deployed


def redrive(stack: Deployed, queue: str, say: Callable[[Letter], None] = lambda _: None) -> int:
    """Move every letter that lies there now, and `say` each; how many.

    Raises `NotDeployed`, and `UnusableSetting` for no queue.
    """
    sqs, name = stack.client("sqs"), _known(stack, queue)
    dead, alive = stack.resources[f"{name}Dead"], stack.resources[name]
    moved: set[str] = set()
    while True:
        received = receive(sqs, dead)
        # One that failed again meanwhile has another id; one that came twice was put back already.
        letters = [letter for letter in received if letter["MessageId"] not in moved]
        if not letters:
            return len(moved)
        for letter in letters:
            attributes = {"MessageAttributes": letter["MessageAttributes"]} if letter.get("MessageAttributes") else {}
            sqs.send_message(QueueUrl=alive, MessageBody=letter["Body"], **attributes)
            sqs.delete_message(QueueUrl=dead, ReceiptHandle=letter["ReceiptHandle"])
            moved.add(letter["MessageId"])
            say(letter_of(letter))


def listed(stack: Deployed, queue: str) -> list[Letter]:
    """About `MOST` at most of the letters that lie there; they stay.

    Raises `NotDeployed`, and `UnusableSetting` for no queue.
    """
    return letters_in(stack.client("sqs"), stack.resources[f"{_known(stack, queue)}Dead"])


def _known(stack: Deployed, queue: str) -> str:
    name, known = queue.removesuffix("Dead"), dead_letter_queues(stack)
    if name not in known:
        raise UnusableSetting(f"QUEUE={queue} is none of {', '.join(known)}")
    return name


def main(environ: Mapping[str, str] = os.environ) -> int:
    """Redrive as the settings say; the exit code."""
    queue, only_list = environ.get("QUEUE", ""), environ.get("LIST", "") not in ("", "0")
    try:
        if not queue:
            raise UnusableSetting("say which queue: make redrive QUEUE=AcceptedOrders")
        stack = deployed(environ)
        if only_list:
            letters = listed(stack, queue)
            for letter in letters:
                print(letter.says())
            more = ", and perhaps more: no more are listed at once" if len(letters) >= MOST else ""
            print(f"{queue.removesuffix('Dead')}: {len(letters)} dead letters{more}")
            return 0
        moved = redrive(stack, queue, lambda letter: print(letter.says(), flush=True))
    except (UnusableSetting, NotDeployed) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except (BotoCoreError, ClientError) as error:
        print(f"error: SQS does not answer ({type(error).__name__}); say it again", file=sys.stderr)
        return 1
    print(f"{queue.removesuffix('Dead')}: {moved} dead letters put back")
    return 0


if __name__ == "__main__":
    sys.exit(main())
