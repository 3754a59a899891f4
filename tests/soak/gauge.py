"""Memory, open files and disk of a running stack, sample by sample, and whether they stay flat."""

import os
import statistics
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

EVERY_SECONDS = 10.0
PAGE_KIB = os.sysconf("SC_PAGE_SIZE") // 1024

LAUNCHER, CLOUD, FUNCTION = "launcher", "cloud", "function"
COMMANDS = {LAUNCHER: b"local.stack", CLOUD: b"patches.py", FUNCTION: b"awslambdaric"}

KEPT = ("cloud", "s3", "outbox", "phones.jsonl", "network.jsonl")
"""Files that the stack keeps by design, because they are its data: they grow, and are judged, by message."""

FLAT = 1.15
"""The later half may have this many times the first half's median."""

SLACK_KIB = 8 * 1024
"""Memory that a process may have more besides: a dozen of them on a busy machine differ by as much."""

SLACK_FILES = 8
SLACK_DISK_KIB = 24 * 1024
"""Logs are cut at 10 MB a function and kept once more; those of a busy one fill while it runs."""

MOST_KIB_A_MESSAGE = {LAUNCHER: 8.0, CLOUD: 120.0, "data": 60.0}
"""Bytes that an SMS may leave in the stores of the embedded cloud and of the phone network, which never forget."""


@dataclass(frozen=True)
class Sample:
    """`kib` and `files` are the largest of the processes of a kind; disk is in KiB."""

    seconds: float
    messages: int
    kib: Mapping[str, int]
    files: Mapping[str, int]
    functions: int
    data_kib: int
    other_kib: int


def sample(launcher: int, folder: Path, seconds: float, messages: int) -> Sample:
    """Look at the stack whose launcher is the process of that number."""
    kib: dict[str, int] = {}
    files: dict[str, int] = {}
    functions = 0
    for process in _descendants(launcher):
        try:
            kind = _kind((process / "cmdline").read_bytes())
            resident = int((process / "statm").read_text().split()[1]) * PAGE_KIB
            opened = len(os.listdir(process / "fd"))
        except OSError:
            continue  # it ended meanwhile
        if kind:
            kib[kind] = max(kib.get(kind, 0), resident)
            files[kind] = max(files.get(kind, 0), opened)
            functions += kind == FUNCTION
    data = sum(_disk_kib(folder / name) for name in KEPT)
    return Sample(seconds, messages, kib, files, functions, data, _disk_kib(folder) - data)


def trouble(samples: Sequence[Sample], warm_seconds: float) -> Iterator[str]:
    """Yield what is not flat once the stack is warm; a line each."""
    warm = [each for each in samples if each.seconds >= warm_seconds]
    if len(warm) < 4:
        yield f"only {len(warm)} samples after the first {warm_seconds:g} s: too short to tell"
        return
    first, last = warm[: len(warm) // 2], warm[len(warm) // 2 :]
    sent = max(1, last[-1].messages - first[0].messages)

    def medians(of: Callable[[Sample], float]) -> tuple[float, float]:
        return statistics.median(map(of, first)), statistics.median(map(of, last))

    before, after = medians(lambda each: each.kib.get(FUNCTION, 0))
    if after > before * FLAT + SLACK_KIB:
        yield f"functions grew from {before:.0f} to {after:.0f} KiB"
    for kind in COMMANDS:
        before, after = (statistics.median(each.files.get(kind, 0) for each in half) for half in (first, last))
        if after > before * FLAT + SLACK_FILES:
            yield f"open files of a {kind} grew from {before:.0f} to {after:.0f}"
    before, after = medians(lambda each: each.other_kib)
    if after > before * FLAT + SLACK_DISK_KIB:
        yield f"logs and scratch files grew from {before:.0f} to {after:.0f} KiB"
    for kind, most in MOST_KIB_A_MESSAGE.items():
        grown = _of(last[-1], kind) - _of(first[0], kind)
        if grown / sent > most:
            yield f"{kind} grew by {grown / sent:.1f} KiB for each SMS, more than {most:g}"


def _of(taken: Sample, kind: str) -> int:
    return taken.data_kib if kind == "data" else taken.kib.get(kind, 0)


def _kind(command: bytes) -> str | None:
    return next((kind for kind, mark in COMMANDS.items() if mark in command), None)


def _descendants(launcher: int) -> Iterator[Path]:
    """The folders in /proc of a process and all that it started, directly or not."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
        children.setdefault(parent, []).append(int(folder.name))
    ahead = [launcher]
    while ahead:
        process = ahead.pop()
        yield Path("/proc") / str(process)
        ahead += children.get(process, [])


def _disk_kib(path: Path) -> int:
    if path.is_file():
        return _blocks(path)
    return sum(_blocks(each) for each in path.rglob("*"))


def _blocks(path: Path) -> int:
    try:
        return path.stat().st_blocks // 2
    except OSError:
        return 0


class Gauge:
    """Takes samples in a thread of its own, until it is ended."""

    def __init__(self, launcher: int, folder: Path, messages: Callable[[], int]) -> None:
        """`messages` says how many there are so far."""
        self.samples: list[Sample] = []
        self._launcher, self._folder, self._messages = launcher, folder, messages
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def begin(self) -> None:
        self._thread.start()

    def end(self) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        count = 0
        while not self._ended.wait(EVERY_SECONDS):
            count += 1
            seconds = count * EVERY_SECONDS
            self.samples.append(sample(self._launcher, self._folder, seconds, self._messages()))
