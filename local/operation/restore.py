"""`make restore`: put back into the accounts table what it lacks and `FROM`, a table restored to a point in time, has.

Nothing is overwritten: items that differ are counted and named, for a person to look at, because the live ones may be
newer. `ONLY` is how the partitions begin that are looked at, `LEDGER#0750655E` or `INVOICE`; all of them without it. It
may be said again after an interruption.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from local.machine.settings import UnusableSetting
from local.operation.deployed import Deployed, NotDeployed, deployed

KEYS_A_READ = 100
"""Keys in one BatchGetItem, DynamoDB's limit."""

Item = dict[str, Any]
"""An item as the client has it: `{"pk": {"S": …}, …}`."""


SWITCH = "MAINTENANCE"
"""Key of the operator's switch, which is as it is now and not as it was then (R49)."""


@dataclass
class Restored:
    """How many items were put back and how many were there alike; the keys of those that are there and differ."""

    put: int = 0
    alike: int = 0
    differ: list[str] = field(default_factory=list)


def restore(stack: Deployed, source: str, only: str = "") -> Restored:
    """Put back what is missing. Raises `NotDeployed`, and `UnusableSetting` if `source` is no table to restore from."""
    client, live = stack.client("dynamodb"), stack.resources["AccountsTable"]
    if source == live:
        raise UnusableSetting(f"FROM={source} is the accounts table itself: name the one restored beside it")
    done = Restored()
    for items in _slices(client, source, only):
        there = _there(client, live, items)
        for item in items:
            standing = there.get(_name(item))
            if standing is None:
                # Should the service write it in this moment, its item stays.
                client.put_item(TableName=live, Item=item, ConditionExpression="attribute_not_exists(pk)")
                done.put += 1
            elif standing == item:
                done.alike += 1
            else:
                done.differ.append(_name(item))
    return done


def _slices(client: Any, table: str, only: str) -> Iterator[list[Item]]:
    for page in client.get_paginator("scan").paginate(TableName=table, ConsistentRead=True):
        items = [item for item in page["Items"] if item["pk"]["S"].startswith(only) and item["pk"]["S"] != SWITCH]
        for start in range(0, len(items), KEYS_A_READ):
            yield items[start : start + KEYS_A_READ]


def _there(client: Any, table: str, items: Sequence[Item]) -> Mapping[str, Item]:
    """Return the live items of the same keys, by name."""
    keys = [{"pk": item["pk"], "sk": item["sk"]} for item in items]
    asked: Any = {table: {"Keys": keys, "ConsistentRead": True}}
    found: dict[str, Item] = {}
    while asked:
        answer = client.batch_get_item(RequestItems=asked)
        found |= {_name(item): item for item in answer["Responses"].get(table, ())}
        asked = answer.get("UnprocessedKeys")
    return found


def _name(item: Item) -> str:
    return f"{item['pk']['S']} {item['sk']['S']}"


def main(environ: Mapping[str, str] = os.environ) -> int:
    """Restore as the settings say; the exit code: 1 too if something differs."""
    source = environ.get("FROM", "")
    try:
        if not source:
            raise UnusableSetting("say from which table: make restore FROM=<restored table> [ONLY=LEDGER#0750655E]")
        done = restore(deployed(environ), source, environ.get("ONLY", ""))
    except (UnusableSetting, NotDeployed) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except (BotoCoreError, ClientError) as error:
        print(f"error: DynamoDB does not answer as it should ({error}); say it again", file=sys.stderr)
        return 1
    for name in done.differ:
        print(f"differs: {name}")
    print(f"{done.put} items put back, {done.alike} were there alike, {len(done.differ)} differ and stay")
    return 1 if done.differ else 0


if __name__ == "__main__":
    sys.exit(main())
