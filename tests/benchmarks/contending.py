"""200 requests of one school at the same moment: each debits the one balance, on the embedded cloud (R16)."""

import statistics
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from local.players.client import Client
from local.players.school import SchoolPlayer
from local.stack.process import Stack
from tests.benchmarks.measuring.tables import aim, table

DEBITS = 200
MOST_SECONDS = 10
"""For 95 of 100."""


def run() -> bool:
    """Print the table; whether the aims were held."""
    with TemporaryDirectory() as folder, Stack(Path(folder)) as stack:
        school = SchoolPlayer(Client(stack.url, stack.smtp_port), 1)
        school.register()
        school.credit(P500=1)
        phones = [f"+3366{number:05d}02" for number in range(DEBITS)]
        assert school.consent(*phones).status == 200
        answers = _all_at_once(school, phones)
        spent = 500 - school.balance()
    statuses = Counter(status for status, _ in answers)
    seconds = sorted(took for _, took in answers)
    slowest = statistics.quantiles(seconds, n=20)[-1]
    rows = [("of 95 in 100", slowest), ("median", statistics.median(seconds)), ("the last", seconds[-1])]
    table(f"Seconds until one of {DEBITS} debits of one school at once is answered", ("", "s"), rows)
    answered = ", ".join(f"{count} × {status}" for status, count in sorted(statuses.items()))
    return all(
        [
            aim(f"none refused for contention: {answered}", held=statuses == {202: DEBITS}),
            aim(f"as many SMS debited as accepted: {spent}", held=spent == statuses[202]),
            aim(f"95 of 100 within {MOST_SECONDS} s: {slowest:.1f}", held=slowest <= MOST_SECONDS),
        ]
    )


def _all_at_once(school: SchoolPlayer, phones: list[str]) -> list[tuple[int, float]]:
    """Status and seconds of one request to each of `phones`, all begun together and asked once only."""
    together = threading.Barrier(len(phones))

    def ask(phone: str) -> tuple[int, float]:
        together.wait()
        began = time.monotonic()
        answer = school.send("Rentrée décalée à 10 h.", [phone], idempotency_key=phone)
        return answer.status, time.monotonic() - began

    with ThreadPoolExecutor(len(phones)) as threads:
        return list(threads.map(ask, phones))
