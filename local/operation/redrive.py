"""`make redrive`: put the dead letters of a queue back into it, once what made them fail is mended.

`QUEUE` is the queue's name in the template, with or without `Dead`. A letter is put back before it is taken away, so
that a command that is killed loses none; its consumer may then see one twice, which does nothing twice.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from botocore.exceptions import BotoCoreError, ClientError

from local.machine.settings import UnusableSetting
from local.operation.deployed import Deployed, NotDeployed, deployed

AT_ONCE = 10
"""Messages in one call, SQS's limit."""
WAIT_SECONDS = 2
"""With less than one SQS looks at some of its servers only, and may find nothing though something is there."""


def dead_letter_queues(stack: Deployed) -> list[str]:
    """The queues that have one, by their names in the template."""
    return sorted(name for name in stack.resources if f"{name}Dead" in stack.resources)


def redrive(stack: Deployed, queue: str) -> int:
    """Move every letter that lies there now; how many. Raises `NotDeployed`, and `UnusableSetting` for no queue."""
    name = queue.removesuffix("Dead")
    known = dead_letter_queues(stack)
    if name not in known:
        raise UnusableSetting(f"QUEUE={queue} is none of {', '.join(known)}")
    sqs, dead, alive = stack.client("sqs"), stack.resources[f"{name}Dead"], stack.resources[name]
    moved: set[str] = set()
    while True:
        answer = sqs.receive_message(
            QueueUrl=dead, MaxNumberOfMessages=AT_ONCE, WaitTimeSeconds=WAIT_SECONDS, MessageAttributeNames=["All"]
        )
        # One that failed again meanwhile has another id; one that came twice was put back already.
        letters = [letter for letter in answer.get("Messages", []) if letter["MessageId"] not in moved]
        if not letters:
            return len(moved)
        for letter in letters:
            attributes = {"MessageAttributes": letter["MessageAttributes"]} if letter.get("MessageAttributes") else {}
            sqs.send_message(QueueUrl=alive, MessageBody=letter["Body"], **attributes)
            sqs.delete_message(QueueUrl=dead, ReceiptHandle=letter["ReceiptHandle"])
            moved.add(letter["MessageId"])


def main(environ: Mapping[str, str] = os.environ) -> int:
    """Redrive as the settings say; the exit code."""
    queue = environ.get("QUEUE", "")
    try:
        if not queue:
            raise UnusableSetting("say which queue: make redrive QUEUE=AcceptedOrders")
        moved = redrive(deployed(environ), queue)
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
