"""Messages to badly behaving numbers, 5 % of each kind of local/phone_network/rules.py, and what they must become."""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from local.stack.process import Stack

NO_RECEIPT = "02"
"""The last digits of numbers to which SMS go like any other, but whose provider never tells what became of them.

For many messages of which only the handing over matters: receipts take more processor than all before them.
"""

SHARE = 20
"""One in so many of each bad behaviour, `01` to `09`; the others are ordinary."""

EXPECTED: Mapping[str, tuple[str, ...]] = {
    "01": ("undeliverable",),
    "02": ("expired",),
    "03": ("delivered",),
    "04": ("failed",),
    "05": ("delivered",),
    "06": ("delivered",),
    "07": ("delivered",),
    "08": ("failed",),
    "09": ("delivered",),
    "10": ("delivered",),
}
"""The statuses at the end of the window, by the last two digits of a number."""

WAITING: Mapping[str, tuple[str, ...]] = {**EXPECTED, "02": ("sent",), "08": ("queued",)}
"""The same before that end, once the providers have done what they do."""


def mixed_phones(count: int) -> list[str]:
    """That many numbers (E.164), their behaviours well mixed."""
    endings = [f"{number % SHARE:02d}" if 1 <= number % SHARE <= 9 else "10" for number in range(count)]
    return [f"+3367{number:05d}{ending}" for number, ending in enumerate(endings)]


def outcomes(phones: Sequence[str], statuses: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Which statuses there are of each behaviour."""
    found = defaultdict(set)
    for phone in phones:
        found[phone[-2:]].add(statuses.get(phone, "lost"))
    return {ending: tuple(sorted(found[ending])) for ending in sorted(found)}


def received_twice(stack: Stack) -> dict[str, int]:
    """The phones that got more than one SMS, by the record of the simulated network."""
    lines = (stack.state_dir / "phones.jsonl").read_text().splitlines()
    received = Counter(json.loads(line)["phone"] for line in lines)
    return {phone: count for phone, count in received.items() if count > 1}
