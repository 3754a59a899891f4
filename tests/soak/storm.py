"""The faults of a soak: killed functions, cut and throttled calls, providers that are down, clocks that jump."""

import itertools
import random
import threading
from collections import Counter
from pathlib import Path
from typing import Any

from local.stack.process import Stack
from tests.support.journeys.faults.proxy import Fault, FaultProxy, Kind
from tests.support.journeys.faults.scenarios import TRIES
from tests.support.journeys.provider_side import aws

CLAIM = ("UpdateItem", "claimed_by")
HANDOFF = ("UpdateItem", "HANDOFF#")
SENT = ("UpdateItem", '":sent":{')
UNCLAIM = ("UpdateItem", '":to":{"S":"queued"}')
SENT_ALONE = ("UpdateItem", '":to":{"S":"sent"}')
SETTLED = ("UpdateItem", '":to":{"S":"delivered"}')
EXPIRED = ("UpdateItem", '":to":{"S":"expired"}')
STORED = ("BatchWriteItem", "PAGE#")
MONEY = ("TransactWriteItems", "ENTRY#")
STARTED = ("StartExecution",)
QUEUED = ("SendMessageBatch",)
RECEIPT = ("SendMessage", "-Receipts-")
OFFERED = ("provider",)
ASKED = ("provider-asked",)
NOTICE = ("SendMessage", "-Notices-")

FAULTS: tuple[tuple[Kind, tuple[str, ...], int], ...] = (
    *(
        (kind, step, 1)
        for kind in ("killed-before", "killed-after")
        for step in (CLAIM, UNCLAIM, HANDOFF, SENT, SENT_ALONE, SETTLED, EXPIRED)
    ),
    *((kind, step, 1) for kind in ("killed-before", "killed-after") for step in (STORED, MONEY, STARTED, QUEUED)),
    *((kind, step, 1) for kind in ("killed-before", "killed-after") for step in (RECEIPT, OFFERED, ASKED, NOTICE)),
    *(("cut-after", step, 1) for step in (CLAIM, SENT, SETTLED, MONEY, STORED, STARTED, OFFERED)),
    *(("throttled", step, TRIES + 2) for step in (CLAIM, HANDOFF, SENT, SETTLED, EXPIRED, MONEY)),
    *((kind, OFFERED, 3) for kind in ("unavailable", "too-many")),
    *((kind, OFFERED, 1) for kind in ("cut-before", "half", "slow")),
    *((kind, ASKED, 2) for kind in ("unavailable", "half")),
    # A receipt that is lost: neither the provider's first call nor its next ones bring it.
    ("unavailable", RECEIPT, 4 * TRIES),
)
"""A kind, the calls that it befalls, and how many of them. Each comes as often as the others."""

PROVIDERS = {"ovh": '"receivers"', "aws": '"DestinationPhoneNumber"'}
"""Bytes in the body of a message handed over, by provider."""

FAULT_EVERY_SECONDS = 4.0
DOWN_EVERY_SECONDS = 100.0
DOWN_SECONDS = 25.0
JUMP_EVERY_SECONDS = 60.0
JUMP_SECONDS = 12.0
JUMPS = (45, -45, 90, -20, 3600)
"""Seconds by which the clocks of functions are wrong, in turn: longer than a claim lasts, and backwards."""

LIBRARY = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1")


SHUT_IN = "IngestOrderEmail"
"""The function whose child process reads documents: the kernel keeps the library from it."""


class FunctionClocks:
    """The clock of all functions, wrong by as many seconds as wanted. Does nothing where libfaketime is missing."""

    def __init__(self, stack: Stack, folder: Path) -> None:
        self.can_jump = LIBRARY.exists()
        self._file = folder / "clock"
        self.set(0)
        if self.can_jump:
            self._preload(aws(stack, "lambda"))

    def set(self, seconds: int) -> None:
        """Functions follow within a second."""
        draft = self._file.with_suffix(".draft")
        draft.write_text(f"{seconds:+d}\n")
        draft.replace(self._file)

    def _preload(self, functions: Any) -> None:
        faked = {
            "LD_PRELOAD": str(LIBRARY),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "DONT_FAKE_MONOTONIC": "1",
        }
        for page in functions.get_paginator("list_functions").paginate():
            for each in page["Functions"]:
                if SHUT_IN in each["FunctionName"]:
                    continue
                variables = each.get("Environment", {}).get("Variables", {}) | faked
                functions.update_function_configuration(
                    FunctionName=each["FunctionName"], Environment={"Variables": variables}
                )


class Storm:
    """Injects faults, seeded by `seed`, until it is ended. `hits` counts those that befell a call, by what they are."""

    def __init__(self, proxy: FaultProxy, clocks: FunctionClocks, seed: int) -> None:
        self._proxy, self._clocks, self._random = proxy, clocks, random.Random(seed)
        self._ended = threading.Event()
        self._injected: list[tuple[str, Fault]] = []
        self._threads = [
            threading.Thread(target=each, daemon=True) for each in (self._strike, self._take_down, self._jump)
        ]
        self.jumps = 0

    def begin(self) -> None:
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """From now on nothing goes wrong any more."""
        self._ended.set()
        for thread in self._threads:
            thread.join()
        self._proxy.faults.clear()
        self._clocks.set(0)

    @property
    def hits(self) -> Counter[str]:
        found: Counter[str] = Counter()
        for name, fault in self._injected:
            found[name] += fault.hits
        return found

    def _strike(self) -> None:
        while not self._ended.wait(FAULT_EVERY_SECONDS):
            kind, step, times = self._random.choice(FAULTS)
            self._inject(kind, step, times)
            # Those that befell all their calls would be looked at for each call to come.
            self._proxy.faults[:] = [each for each in self._proxy.faults if each.hits < each.times]
            self._proxy.carried.clear()

    def _take_down(self) -> None:
        for provider in itertools.cycle(PROVIDERS):
            if self._ended.wait(DOWN_EVERY_SECONDS):
                return
            fault = self._proxy.inject("unavailable", "provider", PROVIDERS[provider], times=1_000_000)
            self._injected.append((f"{provider} is down", fault))
            self._ended.wait(DOWN_SECONDS)
            fault.times = 0

    def _jump(self) -> None:
        for seconds in itertools.cycle(JUMPS):
            if self._ended.wait(JUMP_EVERY_SECONDS) or not self._clocks.can_jump:
                return
            self._clocks.set(seconds)
            self.jumps += 1
            self._ended.wait(JUMP_SECONDS)
            self._clocks.set(0)

    def _inject(self, kind: Kind, step: tuple[str, ...], times: int) -> None:
        self._injected.append((kind, self._proxy.inject(kind, *step, times=times)))
