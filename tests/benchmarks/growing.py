"""The purge night and the 8 o'clock peak of 10,000 schools and 100 M SMS a year, on a modelled clock.

`python -m tests.benchmarks.growing` prints both. Our own settings are read from the template and the code; quotas are
AWS's defaults for eu-west-3, times are estimates on the safe side, and both are named where they stand.
"""

import heapq
import math
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from schoolsms.application.history.watch_school_years import APART
from tests.support.template import resources

SCHOOLS = 10_000
SMS_A_YEAR = 100_000_000
BUSY_DAY = 3 * SMS_A_YEAR / 180
"""SMS of a day of snow: three times those of each of the 180 days on which schools work."""

AT_EIGHT = 0.3
"""Their share that is planned for eight o'clock, to the second: the worst that senders can do."""

RECIPIENTS = 200
"""Of one request. With fewer there are more executions, with more there are more pages of each."""

PAGE = 50

# AWS's defaults in eu-west-3, a second where it is not said.
FUNCTIONS_AT_ONCE = 1_000
START_MILLISECONDS = 30
"""Of a call of StartExecution, and of what `watch_school_years` reads of a school before it."""

TRANSITIONS_BUCKET, TRANSITIONS = 800, 500
TABLE_WRITES = 40_000

# Estimates.
REMOVED_A_SECOND = 500
"""Items that a step of a purge removes: ten requests at a time, 25 items a call of 50 ms."""

ITEMS_A_MESSAGE = 1.1
PAGE_SECONDS = 2.0
"""Handing over a page: five rounds of ten messages, each a claim, a call of the provider, two writes."""

RECEIPT_BATCH_SECONDS = 0.5
"""Recording ten receipts, of which each is asked for at its provider."""

TRANSITIONS_A_START = 2


@dataclass(frozen=True)
class PurgeNight:
    """The most steps at once, the most writes a second, and the time until the last school is done."""

    functions: int
    writes: int
    lasts: timedelta


def purge_night(apart: timedelta = APART, schools: int = SCHOOLS) -> PurgeNight:
    """All of `schools` end in one night; their purges begin `apart`, no faster than they are started."""
    gap = max(apart.total_seconds(), START_MILLISECONDS / 1000)
    works = SMS_A_YEAR / SCHOOLS * ITEMS_A_MESSAGE / REMOVED_A_SECOND
    most, running = 0, list[float]()
    for number in range(schools):
        begins = number * gap
        while running and running[0] <= begins:
            heapq.heappop(running)
        heapq.heappush(running, begins + works)
        most = max(most, len(running))
    return PurgeNight(most, most * REMOVED_A_SECOND, timedelta(seconds=round((schools - 1) * gap + works)))


@dataclass(frozen=True)
class EightOClock:
    """Requests and SMS due at eight, the most of them started a second, and when the last is queued, sent, recorded."""

    requests: int
    sms: int
    starts: float
    queued: timedelta
    sent: timedelta
    recorded: timedelta


def eight_o_clock() -> EightOClock:
    """Every planned request is due in the same second: Step Functions lets so many go on, dispatchers work them off."""
    sms = int(BUSY_DAY * AT_EIGHT)
    requests = math.ceil(sms / RECIPIENTS)
    wakes = list(_wakes(requests))
    pages = [at for at in wakes for _ in range(math.ceil(RECIPIENTS / PAGE))]
    sent = list(_worked_off(pages, most_at_once("QueuedMessages"), PAGE_SECONDS))
    batches = [at for at in sent for _ in range(PAGE // 10)]
    recorded = _worked_off(batches, most_at_once("Receipts"), RECEIPT_BATCH_SECONDS)
    ends = (wakes[-1], sent[-1], max(recorded))
    return EightOClock(requests, sms, TRANSITIONS / TRANSITIONS_A_START, *(timedelta(seconds=round(at)) for at in ends))


def _wakes(requests: int) -> Iterator[float]:
    """Seconds after eight at which each execution has gone through its transitions: a bucket that is filled again."""
    for number in range(1, requests + 1):
        beyond = number * TRANSITIONS_A_START - TRANSITIONS_BUCKET
        yield max(0.0, beyond / TRANSITIONS)


def _worked_off(arrivals: Iterable[float], workers: int, seconds: float) -> Iterator[float]:
    """When each piece of work is done, which takes `seconds` of one of `workers`, in order of arrival."""
    free = [0.0] * workers
    for at in arrivals:
        done = max(at, heapq.heappop(free)) + seconds
        heapq.heappush(free, done)
        yield done


def most_at_once(queue: str) -> int:
    """The most functions that work on a queue of the template."""
    for function in resources("AWS::Serverless::Function").values():
        for event in function.get("Events", {}).values():
            if event["Type"] == "SQS" and event["Properties"]["Queue"] == {"Fn::GetAtt": f"{queue}.Arn"}:
                return int(event["Properties"]["ScalingConfig"]["MaximumConcurrency"])
    raise LookupError(queue)


def main() -> None:
    """Print both, and the purge night as it was before schools took turns."""
    for apart in (timedelta(0), APART):
        night = purge_night(apart)
        sys.stdout.write(
            f"purge night, begun {apart.total_seconds():g} s apart: {night.functions} functions at once"
            f" of {FUNCTIONS_AT_ONCE}, {night.writes} writes/s of {TABLE_WRITES}, {night.lasts} in all\n"
        )
    peak = eight_o_clock()
    sys.stdout.write(
        f"eight o'clock: {peak.sms} SMS in {peak.requests} requests; {peak.starts:g} start a second;"
        f" all queued after {peak.queued}, handed over after {peak.sent}, receipts recorded after {peak.recorded}\n"
    )


if __name__ == "__main__":
    main()
