"""The history as a file: whole however it was made, of one school and year, in memory that does not grow (R36)."""

import csv
import io
import weakref
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import cast

import pytest

from schoolsms.application.history import export_history
from schoolsms.application.history.export_history import PART_BYTES, ExportHistory
from schoolsms.application.ports.core import SendRequests, Slice
from schoolsms.application.ports.history.exports import Export
from schoolsms.domain.errors import NotFoundError, TransientError
from schoolsms.domain.history.history_messages import HistorySearch
from schoolsms.domain.schools.access import Caller, Forbidden
from schoolsms.domain.sending.send_requests import PAGE_SIZE, Line, MessageState, SendRequest
from tests.fakes.history.exports import FakeExportQueue, FakeExports
from tests.support.builders import A_MANAGER, A_SENDER, OPERATOR, SCHOOL, STRANGER, UAI
from tests.support.faults.fault_injection import Died, dies, interrupted
from tests.support.paging import found
from tests.support.sending import Sending, phone, phones
from tests.support.worlds.school_year_world import YEAR, YEAR_END

ALL = HistorySearch()


class Exporting:
    """A school that exports what it sent."""

    def __init__(self, stock: int = 10_000) -> None:
        self.sending = Sending(stock=stock)
        self.exports = FakeExports()
        self.queue = FakeExportQueue()
        self.using = ExportHistory(self.sending.reading, self.exports, self.queue, self.sending.clock)

    def begun(self, search: HistorySearch = ALL) -> Export:
        begun = self.using.download(A_MANAGER, search)
        assert isinstance(begun, Export)
        return begun

    def run(self) -> None:
        """All that is due."""
        for _ in range(1_000):
            if not self.queue.due:
                return
            self.using.run(*self.queue.due.pop())
        raise AssertionError("the export never ends")

    def rows(self, export: Export) -> list[list[str]]:
        return read(self.exports.files[export.id])


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))[1:]


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of a page or so, and nothing of any length at once."""
    monkeypatch.setattr(export_history, "INLINE_LOOKS", 0)
    monkeypatch.setattr(export_history, "PART_BYTES", 5_000)


@pytest.fixture
def long() -> Exporting:
    """Three requests, of 250 messages together."""
    exporting = Exporting()
    for count in (120, 5, 125):
        exporting.sending.accepted(*phones(count))
        exporting.sending.clock.advance(timedelta(seconds=1))
    return exporting


def ids(rows: list[list[str]]) -> list[str]:
    return [row[7] for row in rows]


def test_a_small_history_is_answered_at_once(long: Exporting) -> None:
    content = long.using.download(A_MANAGER, HistorySearch(phone=phone(3)))
    assert isinstance(content, bytes)
    assert [row[1] for row in read(content)] == [f"'{phone(3)}"] * 3
    assert long.queue.due == []


@pytest.mark.usefixtures("tiny")
def test_a_long_one_is_made_later_and_is_what_the_pages_show(long: Exporting) -> None:
    export = long.begun()
    assert long.using.show(A_MANAGER, export.id) == (export, None)
    long.run()

    shown, url = long.using.show(A_MANAGER, export.id)
    assert (shown.state, shown.rows) == ("ready", 250)
    assert url == f"https://files.test/{UAI}/{export.id}/historique-sms-2026-27.csv"
    assert ids(long.rows(export)) == [message.id for message in found(long.sending)]


@pytest.mark.usefixtures("tiny")
def test_after_a_death_the_next_run_continues_at_the_same_place(long: Exporting) -> None:
    export = long.begun()
    long.queue.due.clear()

    def die() -> None:
        raise TransientError("died")

    for _ in range(3):
        long.exports.before_add[:] = [die, lambda: None]
        with pytest.raises(TransientError):
            long.using.run(UAI, export.id)
    long.using.run(UAI, export.id)
    assert ids(long.rows(export)) == [message.id for message in found(long.sending)]


@pytest.mark.usefixtures("tiny")
def test_a_run_ends_in_time_and_another_goes_on(long: Exporting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_history, "RUN_FOR", timedelta(0))
    export = long.begun()
    long.using.run(*long.queue.due.pop())
    assert long.queue.due == [(UAI, export.id)]
    long.run()
    assert len(long.rows(export)) == 250


@pytest.mark.usefixtures("tiny")
def test_two_at_once_make_one_whole_file(long: Exporting) -> None:
    export = long.begun()
    long.exports.before_add[:] = [lambda: long.using.run(UAI, export.id), lambda: None]
    for _ in range(5):
        try:
            long.using.run(UAI, export.id)
            break
        except TransientError:
            continue
    assert ids(long.rows(export)) == [message.id for message in found(long.sending)]


@pytest.mark.usefixtures("tiny")
def test_a_file_whose_parts_are_all_there_is_finished_by_whoever_follows(long: Exporting) -> None:
    """Died, or S3 failed, after the last part, which is smaller than any before it may be."""
    long.exports.least = 5_000
    export = long.begun()
    with pytest.raises(Died):
        replace(long.using, exports=interrupted(long.exports, before={"finish": dies})).run(UAI, export.id)
    long.using.run(UAI, export.id)
    assert long.using.show(A_MANAGER, export.id)[0].state == "ready"
    assert ids(long.rows(export)) == [message.id for message in found(long.sending)]


@pytest.mark.usefixtures("tiny")
def test_a_file_that_was_finished_and_not_said_so_is_made_again(long: Exporting) -> None:
    """Died between the two."""
    export = long.begun()
    long.run()
    finished = long.exports.known[UAI, export.id]
    long.exports.save(replace(finished, state="running"))
    with pytest.raises(TransientError):
        long.using.run(UAI, export.id)
    long.using.run(UAI, export.id)
    assert long.using.show(A_MANAGER, export.id)[0].state == "ready"
    assert len(long.rows(export)) == 250


@pytest.mark.usefixtures("tiny")
def test_what_is_done_or_gone_is_not_done_again(long: Exporting) -> None:
    export = long.begun()
    long.run()
    files = dict(long.exports.files)
    long.using.run(UAI, export.id)
    assert long.using.run(UAI, "NOBODYSAAAAAAA") is None
    assert long.exports.files == files


@pytest.mark.usefixtures("tiny")
def test_an_export_taken_away_while_it_is_made_makes_no_file(long: Exporting) -> None:
    """R38, R45: the purge, or an erasure, took it; with its upload, or just before that."""
    for with_its_upload in (False, True):
        export = long.begun(HistorySearch(author="petit"))

        def take(with_its_upload: bool = with_its_upload) -> None:
            long.exports.known.clear()
            if with_its_upload:
                long.exports.uploads.clear()

        long.exports.before_add[:] = [take]
        assert long.using.run(UAI, export.id) is None
        assert (long.exports.files, long.exports.known) == ({}, {})


@pytest.mark.usefixtures("tiny")
def test_an_export_ends_with_its_year(long: Exporting) -> None:
    """R37: neither finished nor shown."""
    export = long.begun()
    long.sending.clock.time = YEAR_END
    long.run()
    assert long.exports.known[UAI, export.id].state == "failed"
    assert long.exports.files == {}
    with pytest.raises(NotFoundError):
        long.using.show(A_MANAGER, export.id)


@pytest.mark.usefixtures("tiny")
@pytest.mark.parametrize("parts", [0, 1, 2])
def test_what_was_looked_for_is_not_kept_beyond_its_year(long: Exporting, parts: int) -> None:
    """R38: it may be a number; wherever the export was when its year ended."""
    export = long.begun(HistorySearch(author="petit", until=YEAR_END))

    def ends() -> None:
        long.sending.clock.time = YEAR_END

    if parts:
        long.exports.before_add[:] = [ends, *[lambda: None] * (parts - 1)]
    else:
        ends()
    long.run()

    assert long.exports.known == {(UAI, export.id): Export(export.id, UAI, YEAR, HistorySearch(), "failed")}
    assert long.exports.files == {}


@pytest.mark.usefixtures("tiny")
def test_an_export_is_its_school_s_and_its_managers(long: Exporting) -> None:
    """R2, R36."""
    export = long.begun()
    long.sending.schools.put(replace(SCHOOL, uai=STRANGER.school))
    with pytest.raises(NotFoundError):
        long.using.show(STRANGER, export.id)
    nobodys = long.using.download(STRANGER, ALL)
    assert isinstance(nobodys, bytes)
    assert read(nobodys) == []
    for caller in (A_SENDER, OPERATOR, Caller("", "", "", frozenset())):
        with pytest.raises(Forbidden):
            long.using.show(caller, export.id)
        with pytest.raises(Forbidden):
            long.using.download(caller, ALL)


# ------------------------------------------------------------------ hundreds of thousands


REQUESTS = 25
"""Enough for several parts of 6 MiB, so that one that was kept would be seen."""


class Page(list[Line]):
    """A list that tells when it is forgotten."""


class HundredsOfThousands:
    """Requests of 10,000 messages, made as they are read; `alive` pages and the most there were at a time."""

    def __init__(self, request: SendRequest) -> None:
        self._lines = [Line(n, "+33612345650", request.text, "gsm", 1, 1, False) for n in range(PAGE_SIZE)]
        self.alive = self.most = 0
        self._requests = [
            replace(
                request, id=f"REQUEST{n:07d}", accepted=10_000, accepted_at=request.accepted_at + timedelta(hours=n)
            )
            for n in reversed(range(REQUESTS))
        ]

    def of_school_year(self, uai: str, school_year: str, before: str | None, most: int) -> Slice[SendRequest]:
        left = [each for each in self._requests if before is None or each.order_key < before]
        return Slice(left[:most], left[most - 1].order_key if len(left) > most else None)

    def lines(self, request: SendRequest, page: int) -> Sequence[Line]:
        made = Page(self._lines)
        self.alive += 1
        self.most = max(self.most, self.alive)
        weakref.finalize(made, self._forgotten)
        return made

    def states(self, request_id: str, first: int, last: int) -> dict[int, MessageState]:
        return {}

    def _forgotten(self) -> None:
        self.alive -= 1


class Sizes(FakeExports):
    """Keeps of each part how long it is."""

    def add(self, export: Export, content: bytes) -> str:
        return f"{len(content)}-{content.count(b'REQUEST') // 2}"

    def finish(self, export: Export) -> None:
        self.files[export.id] = ",".join(export.parts).encode()


@pytest.mark.slow
def test_hundreds_of_thousands_of_messages_pass_through_some_pages_and_one_part() -> None:
    exporting = Exporting()
    store = HundredsOfThousands(exporting.sending.accepted())
    exporting.using = replace(
        exporting.using,
        reading=replace(exporting.sending.reading, requests=cast(SendRequests, store)),
        exports=Sizes(),
    )
    export = exporting.begun()
    exporting.run()

    made = exporting.using.show(A_MANAGER, export.id)[0]
    sizes = [tuple(map(int, part.split("-"))) for part in made.parts]
    assert (made.state, made.rows) == ("ready", REQUESTS * 10_000)
    assert sum(rows for _, rows in sizes) == REQUESTS * 10_000
    assert len(sizes) > 3
    assert max(size for size, _ in sizes) < PART_BYTES + 100_000
    assert min(size for size, _ in sizes[:-1]) >= PART_BYTES
    assert store.most <= 3
