"""`make restore`: put back into the accounts table what it lacks and `FROM`, a table restored to a point in time, has.

Nothing is overwritten: items that differ are named with the attributes that do, for a person to look at, because the
live ones may be newer. Values are not shown, because they may be personal. A missing balance or sequence of invoices
comes back as the live entries or papers moved it on; one that differs as they explain is alike. Templates come back
only if `ONLY` names them, because schools delete them, and are counted, because a key is words of a school. `ONLY` is
how the partitions begin that are looked at, `LEDGER#0750655E` or `INVOICE`; all of them without it. `DRY=1` writes
nothing. It may be repeated after an interruption. Exit 1 if something differs, 2 if it could not be done.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from local.machine.settings import UnusableSetting
from local.operation.deployed.moving_items import Item, MovingItems, NotMovedOn
from local.operation.deployed.stack import Deployed, NotDeployed, deployed

KEYS_A_READ = 100
"""Keys in one BatchGetItem, DynamoDB's limit."""

SWITCH = "MAINTENANCE"
"""Key of the operator's switch, which is as it is now and not as it was then (R49)."""

TEMPLATES = "TEMPLATES#"
"""How the partitions of templates begin. The keys of all other items are ids, days and digests."""

NOT_DONE = 2
DIFFERENCES = 1


@dataclass
class Restored:
    """Names of the items that were put back, how many were there alike, and those that are there and differ.

    A template has the name of its partition; `left_out` counts those that are missing and that `ONLY` does not name.
    """

    put: list[str] = field(default_factory=list)
    alike: int = 0
    differ: list[str] = field(default_factory=list)
    left_out: int = 0


@dataclass
class _Restoring:
    """One run; `done` is what came of it so far."""

    client: Any
    live: str
    moving: MovingItems
    dry: bool
    say: Callable[[str], None]
    done: Restored = field(default_factory=Restored)

    def put_back(self, item: Item) -> None:
        name = _shown(item)
        try:
            moved = self.moving.moved_on(item)
            if not self.dry:
                # Should the service write it in this moment, its item stays.
                self.client.put_item(TableName=self.live, Item=moved, ConditionExpression="attribute_not_exists(pk)")
        except NotMovedOn as why:
            self.differs(name, f"and is missing, {why}")
        except self.client.exceptions.ConditionalCheckFailedException:
            self.differs(name, "and was written meanwhile: repeat the command")
        else:
            if not name.startswith(TEMPLATES):
                since = f", moved on in {_differences(item, moved)}" if moved != item else ""
                self.say(f"{self.verb}: {name}{since}")
            self.done.put.append(name)

    def compare(self, item: Item, standing: Item) -> None:
        if standing == item or self.moving.explains(item, standing):
            self.done.alike += 1
        else:
            self.differs(_shown(item), f"in {_differences(item, standing)}")

    def differs(self, name: str, how: str) -> None:
        self.say(f"differs: {name} {how}")
        self.done.differ.append(name)

    @property
    def verb(self) -> str:
        return "would put back" if self.dry else "put back"


def restore(
    stack: Deployed, source: str, only: str = "", *, dry: bool = False, say: Callable[[str], None] = lambda _: None
) -> Restored:
    """Put back what is missing, or with `dry` only `say` what that is; each item in a line, templates together.

    Raises `NotDeployed`, and `UnusableSetting` if `source` is no table to restore from.
    """
    client, live = stack.client("dynamodb"), stack.resources["AccountsTable"]
    if source == live:
        raise UnusableSetting(f"FROM={source} is the accounts table itself: name the one restored beside it")
    run = _Restoring(client, live, MovingItems(client, source, live), dry, say)
    for items in _slices(client, source, only):
        there = _there(client, live, items)
        for item in items:
            standing = there.get(_name(item))
            if item["pk"]["S"].startswith(TEMPLATES) and not only.startswith(TEMPLATES):
                run.done.left_out += standing is None
            elif standing is not None:
                run.compare(item, standing)
            else:
                run.put_back(item)
    for partition, count in Counter(name for name in run.done.put if name.startswith(TEMPLATES)).items():
        say(f"{run.verb}: {count} of {partition}")
    if run.done.left_out:
        say(f"left out: {run.done.left_out} templates, which schools may have deleted; ONLY={TEMPLATES} puts them back")
    return run.done


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
    """The whole key, which tells the item from all others."""
    return f"{item['pk']['S']} {item['sk']['S']}"


def _shown(item: Item) -> str:
    """The name to print: no key of a template, which may name a person."""
    return item["pk"]["S"] if item["pk"]["S"].startswith(TEMPLATES) else _name(item)


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
        print(f"error: DynamoDB does not answer as it should ({error}); repeat the command", file=sys.stderr)
        return NOT_DONE
    put = f"{len(done.put)} items {'would be ' if dry else ''}put back"
    print(f"{put}, {done.alike} are there alike, {len(done.differ)} differ and stay")
    return DIFFERENCES if done.differ else 0


if __name__ == "__main__":
    sys.exit(main())
