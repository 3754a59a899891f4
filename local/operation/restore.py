"""`make restore`: put back into the accounts table what it lacks and `FROM`, a table restored to a point in time, has.

Nothing is overwritten: items that differ are named with the attributes that do, for a person to look at, because the
live ones may be newer. Values are not shown, because they may be personal. A balance that the entries since then
explain does not differ. `ONLY` is how the partitions begin that are looked at, `LEDGER#0750655E` or `INVOICE`; all of
them without it. `DRY=1` writes nothing. It may be said again after an interruption. Exit 1 if something differs, 2 if
it could not be done.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
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


NOT_DONE = 2
DIFFERENCES = 1

BALANCE = "BALANCE"
"""Sort key of a school's balance, which each entry of its ledger changes."""
MOVES = frozenset(("balance_sms", "last_seq", "spent_on", "spent_sms", "last_credit"))
"""Attributes of a balance that an entry changes."""


@dataclass
class Restored:
    """Names of the items that were put back, how many were there alike, and those that are there and differ."""

    put: list[str] = field(default_factory=list)
    alike: int = 0
    differ: list[str] = field(default_factory=list)


def restore(
    stack: Deployed, source: str, only: str = "", *, dry: bool = False, say: Callable[[str], None] = lambda _: None
) -> Restored:
    """Put back what is missing, or with `dry` only `say` what that is; each item in a line.

    Raises `NotDeployed`, and `UnusableSetting` if `source` is no table to restore from.
    """
    client, live = stack.client("dynamodb"), stack.resources["AccountsTable"]
    if source == live:
        raise UnusableSetting(f"FROM={source} is the accounts table itself: name the one restored beside it")
    done = Restored()
    for items in _slices(client, source, only):
        there = _there(client, live, items)
        for item in items:
            name, standing = _name(item), there.get(_name(item))
            if standing is None:
                if not dry:
                    # Should the service write it in this moment, its item stays.
                    client.put_item(TableName=live, Item=item, ConditionExpression="attribute_not_exists(pk)")
                say(f"{'would put back' if dry else 'put back'}: {name}")
                done.put.append(name)
            elif standing == item or _is_explained(client, live, item, standing):
                done.alike += 1
            else:
                say(f"differs: {name} in {_differences(item, standing)}")
                done.differ.append(name)
    return done


def _is_explained(client: Any, table: str, before: Item, now: Item) -> bool:
    """Whether both are one balance, and the entries made since then lead from the one to the other (R18)."""
    changed = {name for name in before.keys() | now.keys() if before.get(name) != now.get(name)}
    if before["sk"]["S"] != BALANCE or changed - MOVES:
        return False
    sms, seq = int(before["balance_sms"]["N"]), int(before["last_seq"]["N"])
    values = {":pk": before["pk"], ":seq": before["last_seq"]}
    asked = {"KeyConditionExpression": "pk = :pk AND seq > :seq", "ExpressionAttributeValues": values}
    pages = client.get_paginator("query").paginate(TableName=table, IndexName="by_seq", ConsistentRead=True, **asked)
    for entry in (entry for page in pages for entry in page["Items"]):
        sms, seq = sms + int(entry["amount"]["N"]), seq + 1
        if (int(entry["seq"]["N"]), int(entry["balance_after"]["N"])) != (seq, sms):
            return False
    return (sms, seq) == (int(now["balance_sms"]["N"]), int(now["last_seq"]["N"]))


def _differences(before: Item, now: Item) -> str:
    """The names of the attributes that differ, and where those are that only one of the two has."""
    said = []
    for name in sorted(before.keys() | now.keys()):
        if name not in now:
            said.append(f"{name} (only in FROM)")
        elif name not in before:
            said.append(f"{name} (only live)")
        elif before[name] != now[name]:
            said.append(name)
    return ", ".join(said)


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
    """Restore as the settings say; the exit code."""
    source, dry = environ.get("FROM", ""), environ.get("DRY", "") not in ("", "0")
    try:
        if not source:
            raise UnusableSetting(
                "say from which table: make restore FROM=<restored table> [ONLY=LEDGER#0750655E] [DRY=1]"
            )
        done = restore(deployed(environ), source, environ.get("ONLY", ""), dry=dry, say=print)
    except (UnusableSetting, NotDeployed) as error:
        print(f"error: {error}", file=sys.stderr)
        return NOT_DONE
    except (BotoCoreError, ClientError) as error:
        print(f"error: DynamoDB does not answer as it should ({error}); say it again", file=sys.stderr)
        return NOT_DONE
    put = f"{len(done.put)} items {'would be ' if dry else ''}put back"
    print(f"{put}, {done.alike} are there alike, {len(done.differ)} differ and stay")
    return DIFFERENCES if done.differ else 0


if __name__ == "__main__":
    sys.exit(main())
