"""10,000 messages, 5 % of each bad behaviour of the phone network: `python -m tests.benchmarks.outcomes [messages]`.

All in one request, whose window is made to end once nothing changes any more: so this also tells how long closing
10,000 messages takes.
"""

import sys
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from local.phone_network.rules import rule_for
from local.players.client import eventually
from local.stack.process import Stack
from tests.benchmarks.measuring.tables import aim, note, table
from tests.support.journeys.faults.line import FaultLine, open_line
from tests.support.journeys.faults.proxy import FaultProxy
from tests.support.journeys.outcomes import EXPECTED, mixed_phones, outcomes, received_twice

MESSAGES = 10_000
CONSENTS_A_LIST = 2_000
PATIENCE_SECONDS = 1_800
LONGEST_CLOSING_SECONDS = 900

BEHAVIOURS = {
    "01": "unreachable",
    "02": "no receipt ever",
    "03": "503 at first",
    "04": "invalid",
    "05": "no answer in time",
    "06": "receipts doubled, in disorder",
    "07": "primary provider always 503",
    "08": "every provider always 503",
    "09": "delivered late",
    "10": "ordinary",
}


def run(messages: int = MESSAGES) -> bool:
    """Print the table; whether all ended as documented."""
    with TemporaryDirectory() as folder, Stack(Path(folder)) as stack:
        return _run(open_line(stack, FaultProxy(), packs=-(-messages // 1_000)), mixed_phones(messages))


def _run(line: FaultLine, phones: list[str]) -> bool:
    for start in range(0, len(phones), CONSENTS_A_LIST):
        assert line.school.consent(*phones[start : start + CONSENTS_A_LIST]).status == 200
    stock, began = line.school.balance(), time.monotonic()
    line.send("all", phones)
    # Cheap to look at, while to read what becomes of 10,000 messages would take its time from the cloud.
    expected = sum(map(_records, phones))
    eventually(lambda: _recorded(line.stack) >= expected, PATIENCE_SECONDS)
    line.settle_mixed("all", phones, PATIENCE_SECONDS)
    delivered, ending = time.monotonic() - began, time.monotonic()
    line.end_window("all")
    closed = time.monotonic() - ending
    statuses = {phones[index]: status for index, status in line.states(line.requests["all"]).items()}
    counts = Counter((phone[-2:], statuses[phone]) for phone in phones)
    rows = [(f"{ending} {BEHAVIOURS[ending]}", count, status) for (ending, status), count in sorted(counts.items())]
    table(f"{len(phones):,} messages in one request, by what their phones do", ("phone", "messages", "end"), rows)
    note(f"{delivered:.0f} s until nothing changed any more, {closed:.1f} s to close the request")
    failed = sum(status == "failed" for status in statuses.values())
    entries = line.school.ledger()
    adds_up = line.school.balance() == stock - len(phones) + failed == sum(entry["amount"] for entry in entries)
    twice = received_twice(line.stack)
    return all(
        [
            aim("all end as documented", held=outcomes(phones, statuses) == EXPECTED),
            aim(f"no phone got an SMS twice: {len(twice)}", held=not twice),
            aim(f"the ledger adds up, {failed} SMS back in stock, {len(entries)} entries", held=adds_up),
            aim(
                f"closed within {LONGEST_CLOSING_SECONDS} s, as its function must: {closed:.1f}",
                held=closed <= LONGEST_CLOSING_SECONDS,
            ),
        ]
    )


def _records(phone: str) -> int:
    """How much the network will record of a message: that it was taken, and each of its receipts."""
    rule = rule_for(phone)
    return 0 if rule.invalid or rule.busy == "always" else 1 + len(rule.receipts)


def _recorded(stack: Stack) -> int:
    return (stack.state_dir / "network.jsonl").read_bytes().count(b"\n")


if __name__ == "__main__":
    sys.exit(0 if run(int((sys.argv[1:] or [str(MESSAGES)])[0])) else 1)
