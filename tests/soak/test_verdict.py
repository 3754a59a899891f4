"""A soak sees each thing that it is there to see: its verdict, by made-up ends and samples."""

from dataclasses import replace

import pytest

from tests.soak import gauge, verdict
from tests.soak.gauge import CLOUD, FUNCTION, LAUNCHER, Sample
from tests.soak.verdict import Found, SchoolsBooks

ORDINARY, UNREACHABLE, ALWAYS_BUSY = ("+33670000010", "a"), ("+33670000101", "a"), ("+33670000108", "a")
STATUSES = {ORDINARY: "delivered", UNREACHABLE: "undeliverable", ALWAYS_BUSY: "failed"}
BOOKS = SchoolsBooks("0750001X", 498, [("credit", 500), ("debit", -3), ("release", 1)], 3, 1, 500)


def right() -> Found:
    return Found(dict(STATUSES), {ORDINARY: 1}, list(STATUSES), [BOOKS])


def test_what_ended_well_is_no_trouble() -> None:
    found = right()
    assert list(verdict.trouble(found)) == []
    assert found.by_status == {"delivered": 1, "undeliverable": 1, "failed": 1}


@pytest.mark.parametrize(
    ("statuses", "received", "named"),
    [
        ({}, {ORDINARY: 2}, "1 messages came twice"),
        ({}, {ORDINARY: 0}, "1 messages are delivered and never came"),
        ({ORDINARY: "failed"}, {}, "1 messages are failed, thus given back, and came"),
        ({ORDINARY: "queued"}, {}, "1 messages are queued, which is no end"),
        ({ORDINARY: "undeliverable"}, {}, "1 messages to numbers in 10 are undeliverable"),
        ({UNREACHABLE: "delivered"}, {UNREACHABLE: 1}, "1 messages to numbers in 01 are delivered"),
        ({}, {("+33670000210", "b"): 1}, "1 messages arrived that nobody asked for"),
        ({ORDINARY: "expired"}, {}, "only 0 of 1 messages to ordinary numbers are delivered"),
    ],
)
def test_a_message_that_ended_otherwise_is_counted(
    statuses: dict[verdict.Sent, str], received: dict[verdict.Sent, int], named: str
) -> None:
    found = right()
    found.statuses = STATUSES | statuses
    found.received = {ORDINARY: 1} | received
    assert named in list(verdict.trouble(found))


def test_a_message_that_no_history_has_is_lost() -> None:
    found = right()
    found.statuses = {}
    assert "3 messages are lost, which is no end" in list(verdict.trouble(found))


@pytest.mark.parametrize(
    ("books", "named"),
    [
        (replace(BOOKS, balance=499), "0750001X: entries are 498 SMS together, the balance is 499"),
        (replace(BOOKS, asked_sms=4), "0750001X: debits are -3 SMS instead of -4"),
        (replace(BOOKS, failed_sms=2), "0750001X: releases are 1 SMS instead of 2"),
        (replace(BOOKS, credited_sms=1000), "0750001X: credits are 500 SMS instead of 1000"),
        (replace(BOOKS, entries=[*BOOKS.entries, ("gift", 0)]), "0750001X: entries of kind gift"),
    ],
)
def test_a_school_whose_ledger_says_something_else_is_named(books: SchoolsBooks, named: str) -> None:
    found = right()
    found.books = [books]
    assert list(verdict.trouble(found)) == [named]


def flat(seconds: float) -> Sample:
    """Sizes of a stack that grows by its data, and by nothing else."""
    messages = int(seconds * 5)
    kib = {FUNCTION: 60_000, LAUNCHER: 90_000 + messages, CLOUD: 150_000 + 20 * messages}
    return Sample(seconds, messages, kib, {FUNCTION: 12, LAUNCHER: 30, CLOUD: 60}, 9, 10 * messages, 20_000)


SAMPLES = [flat(each * 10.0) for each in range(1, 121)]


def grown(later: Sample, **more: int) -> Sample:
    """`later` with so much more of something from the middle of the time on."""
    if later.seconds < SAMPLES[-1].seconds / 2:
        return later
    kib = {kind: later.kib[kind] + more.get(kind, 0) for kind in later.kib}
    files = {kind: later.files[kind] + more.get("files", 0) for kind in later.files}
    data, logs = later.data_kib + more.get("data", 0), later.other_kib + more.get("logs", 0)
    return replace(later, kib=kib, files=files, data_kib=data, other_kib=logs)


def test_a_stack_that_keeps_its_messages_and_nothing_else_is_flat() -> None:
    assert list(gauge.trouble(SAMPLES, 300)) == []


@pytest.mark.parametrize(
    ("more", "named"),
    [
        ({FUNCTION: 40_000}, "functions grew from 60000 to 100000 KiB"),
        ({"files": 100}, "open files of a launcher grew from 30 to 130"),
        ({"logs": 60_000}, "logs and scratch files grew from 20000 to 80000 KiB"),
        ({LAUNCHER: 60_000}, "launcher grew by"),
        ({CLOUD: 600_000}, "cloud grew by"),
        ({"data": 400_000}, "data grew by"),
    ],
)
def test_what_grows_once_it_is_warm_is_named(more: dict[str, int], named: str) -> None:
    said = list(gauge.trouble([grown(each, **more) for each in SAMPLES], 300))
    assert [line for line in said if line.startswith(named)] != []


def test_too_short_a_soak_says_so() -> None:
    assert list(gauge.trouble(SAMPLES[:5], 300)) == ["only 0 samples after the first 300 s: too short to tell"]
