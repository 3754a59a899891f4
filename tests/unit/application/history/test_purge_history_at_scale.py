"""R38: a million messages go within the limits of the state machine, and no step takes over two minutes."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from schoolsms.application.ports.core import Slice
from schoolsms.domain.history.purges import Attempt, Counts, PurgeableRequest, Remains
from schoolsms.domain.sending.send_requests import MessageState
from tests.fakes.core import ManualClock
from tests.fakes.history.purges import FakePurges
from tests.support.builders import NOW, UAI
from tests.support.worlds.school_year_world import PURGED_AT, YEAR, Year

SLICE = 20
CALL = timedelta(milliseconds=3)
"""Processor time of one call. Ten run at once, which hides DynamoDB's longer latency."""
WAITED = 4
"""Duration of a call that runs alone, as a multiple of CALL."""
EVENTS_A_STEP, MOST_EVENTS = 9, 25_000
"""Of a state machine's history: the task 5, the choice 2, the wait 2."""


@dataclass
class ManyRequests:
    """`left` requests of `messages` each, and in the index of numbers a place of each.

    Every call takes its time on `clock`.
    """

    left: int
    messages: int
    clock: ManualClock
    purges: FakePurges

    def __post_init__(self) -> None:
        self.places = self.left
        states = [MessageState(index, "delivered") for index in range(self.messages)]
        pages = -(-self.messages // 50)
        request = PurgeableRequest(UAI, YEAR, "ATTEMPT", self.messages, 0, self.messages, NOW, False, False, states)
        self.remains = Remains(request, [f"MESSAGE#{index}" for index in range(self.messages + pages + 1)])

    def requests(self, uai: str, school_year: str, after: str | None) -> Slice[str]:
        self._calls(WAITED)
        first = int(after) if after else self.left
        ids = [str(number) for number in range(first, max(first - SLICE, 0), -1)]
        return Slice(ids, str(first - SLICE) if first > SLICE else None)

    def numbered(self, uai: str, school_year: str, after: str | None) -> Slice[Attempt]:
        self._calls(WAITED)
        first = int(after) if after else self.places
        attempts = [Attempt(str(number), "ATTEMPT", str(number)) for number in range(first, max(first - SLICE, 0), -1)]
        return Slice(attempts, str(first - SLICE) if first > SLICE else None)

    def look(self, request_id: str) -> Remains:
        if int(request_id) > self.left:
            self._calls(1)
            return Remains(None, [])
        self._calls(1 + self.messages // 5_000)
        return self.remains

    def count(self, request_id: str, request: PurgeableRequest) -> None:
        self._calls(1)
        self.purges.add(UAI, YEAR, request.counts)

    def delete_request(self, request_id: str, remains: Remains) -> None:
        self._calls(len(remains.keys) // 25 + 2)
        self.left = int(request_id) - 1

    def remove_pages(self, attempt: Attempt) -> int:
        self._calls(2)
        return 0

    def remove_number(self, uai: str, school_year: str, attempt: Attempt) -> None:
        self._calls(1)
        self.places = int(attempt.place) - 1

    def remove_replies(self, uai: str, school_year: str) -> int:
        self._calls(1)
        return 0

    def forget_recent(self, uai: str, before: datetime) -> int:
        return 0

    def _calls(self, number: int) -> None:
        self.clock.advance(number * CALL)


@pytest.mark.slow
@pytest.mark.parametrize(("requests", "messages"), [(34, 30_000), (100, 10_000), (20_000, 50)])
def test_a_million_messages_are_purged_within_the_limits(requests: int, messages: int) -> None:
    year = Year()
    year.clock.time = PURGED_AT
    history = ManyRequests(requests, messages, year.clock, year.purges)
    purging = replace(year.purging, history=history)  # type: ignore[arg-type]
    steps, done, sent = 0, False, requests * messages
    while not done:
        before = year.clock.now()
        done = purging.step(UAI, YEAR).done
        steps += 1
        assert year.clock.now() - before < timedelta(minutes=2)

    certificate = year.purges.get(UAI, YEAR).certificate
    assert certificate
    assert certificate.before == Counts(requests, 0, sent, {"delivered": sent})
    assert (history.left, history.places) == (0, 0)
    assert steps * EVENTS_A_STEP < MOST_EVENTS
    assert year.clock.now() - PURGED_AT < timedelta(hours=1)
