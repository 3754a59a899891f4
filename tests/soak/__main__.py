"""`make soak`: a stack of its own under load and faults for `MINUTES`; exit 1 if anything is lost, doubled or grows.

Senders are held up while the queues are long, so the load is what the embedded cloud bears. `SEED` makes the faults
others. The report is printed, and kept as `.local/soak/report.txt`; the stack's state stays beside it.
"""

import os
import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from local.machine.settings import LOCAL
from local.players.client import InVain, eventually
from local.stack.process import Stack
from tests.soak import gauge, verdict
from tests.soak.gauge import Gauge
from tests.soak.load import Load
from tests.soak.report import counted, growth, table
from tests.soak.storm import FunctionClocks, Storm
from tests.soak.verdict import Found, SchoolsBooks
from tests.support.journeys.faults.line import give_again_soon
from tests.support.journeys.faults.proxy import FaultProxy, proxying
from tests.support.journeys.operating import operate
from tests.support.journeys.provider_side import aws
from tests.support.journeys.redriving import is_worked_off, name_of

FOLDER = LOCAL / "soak"
WINDOW_SECONDS = 150
"""So that windows end, and what is in them is closed, all the time."""

WEIGHTS = "ovh:60,aws:40"
WARM_MINUTES = 10.0
SETTLE_SECONDS = 900.0


class Soak:
    """One soak; `say` gets each line of its report, `wrong` collects what does not hold."""

    def __init__(self, stack: Stack, proxy: FaultProxy, say: Callable[[str], None]) -> None:
        self._stack, self._proxy, self._say = stack, proxy, say
        self._load = Load(stack)
        self.wrong: list[str] = []

    def run(self, minutes: float, seed: int) -> None:
        """Everything, for that long under load."""
        stack, load, warm = self._stack, self._load, min(WARM_MINUTES, minutes / 3) * 60
        give_again_soon(stack)
        clocks = FunctionClocks(stack, FOLDER)
        if not clocks.can_jump:
            self._say("clocks do not jump: libfaketime is not installed")
        load.prepare()
        storm = Storm(self._proxy, clocks, seed)
        measured = Gauge(stack.process_id, stack.state_dir, lambda: load.messages)
        for each in (load, storm, measured):
            each.begin()
        _await_end(minutes * 60)
        for each in (load, storm, measured):
            each.end()
        self._say(f"{minutes:g} minutes, seed {seed}: {load.messages} SMS in {len(load.requests)} requests, ")
        self._say(f"{load.messages / minutes / 60:.1f} SMS a second; orders by mail: {load.orders.total()}")
        self._say(f"answers by status (0: none): {counted(load.answers)}")  # type: ignore[arg-type]
        self._say(f"calls befallen: {counted(storm.hits)}; clock jumps: {storm.jumps}")  # type: ignore[arg-type]
        for line in (*table(measured.samples), *growth(measured.samples, warm)):
            self._say(line)
        self.wrong += [*load.wrong, *gauge.trouble(measured.samples, warm)]
        self._settle()
        self._judge()

    def _settle(self) -> None:
        """Put back what lies dead, and wait until every request is finished."""
        try:
            self._redrive()
            self._load.wait_until_settled(SETTLE_SECONDS)
            self._redrive()
            eventually(lambda: not list(self._lying("Dead-", dead=True)), SETTLE_SECONDS)
            eventually(lambda: not list(self._lying("", dead=False)), SETTLE_SECONDS)
        except InVain as error:
            self.wrong.append(f"what was begun does not end: {error}")

    def _lying(self, mark: str, *, dead: bool) -> Iterator[str]:
        """The queues in which something is."""
        sqs = aws(self._stack, "sqs")
        for url in sqs.list_queues()["QueueUrls"]:
            if mark in url and ("Dead-" in url) is dead and not is_worked_off(sqs, url):
                yield name_of(url)

    def _redrive(self) -> None:
        for name in list(self._lying("Dead-", dead=True)):
            _, said = operate(self._stack, "redrive", QUEUE=name)
            self._say(said.splitlines()[-1])

    def _judge(self) -> None:
        found = self._found()
        self.wrong += verdict.trouble(found)
        self._say(f"messages at the end: {counted(found.by_status)}")  # type: ignore[arg-type]
        for books in found.books:
            self._say(
                f"{books.uai}: credited {books.credited_sms}, debited {books.asked_sms},"
                f" given back {books.failed_sms}, balance {books.balance}"
            )
        code, said = operate(self._stack, "audit", SCHOOL="ALL")
        self._say(f"make audit: {said.strip()}")
        if code:
            self.wrong.append(f"make audit exits with {code}")

    def _found(self) -> Found:
        statuses: dict[verdict.Sent, str] = {}
        books = []
        for school in self._load.schools:
            failed: Counter[str] = Counter()
            for each in school.history():
                statuses[each["phone"], each["text"]] = each["status"]
                failed[each["status"]] += each["sms_count"]
            own = [each for each in self._load.requests if each.id and each.school is school]
            costs = sum(school.sender.get(f"/v1/send-requests/{each.id}").json["cost_sms"] for each in own)
            credited = sum(order["sms"] for order in school.orders() if order["state"] == "credited")
            entries = [(entry["kind"], entry["amount"]) for entry in school.ledger()]
            books.append(SchoolsBooks(school.uai, school.balance(), entries, costs, failed["failed"], credited))
        asked = [(phone, each.text) for each in self._load.requests if each.id for phone in each.phones]
        return Found(statuses, verdict.received(self._stack.state_dir / "phones.jsonl"), asked, books)


def _await_end(seconds: float) -> None:
    """Wait that long: it is the length of the soak, not a time after which something must be so."""
    time.sleep(seconds)


def main() -> int:
    """Soak as the settings say; the exit code."""
    minutes, seed = float(os.environ.get("MINUTES") or 30), int(os.environ.get("SEED") or 1)
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    with (FOLDER / "report.txt").open("w", encoding="utf-8") as kept:

        def say(line: str) -> None:
            for out in (sys.stdout, kept):
                out.write(f"{line}\n")
                out.flush()

        with proxying() as proxy:
            stack = Stack(
                Path(FOLDER / "state"),
                delivery_window_seconds=WINDOW_SECONDS,
                functions_via=proxy.url,
                provider_weights=WEIGHTS,
            )
            proxy.cloud, proxy.network = stack.aws_endpoint, stack.url
            with stack:
                soak = Soak(stack, proxy, say)
                soak.run(minutes, seed)
        for line in soak.wrong:
            say(f"WRONG   {line}")
        say(f"{len(soak.wrong)} things are wrong" if soak.wrong else "nothing is lost, nothing came twice, all adds up")
    return 1 if soak.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
