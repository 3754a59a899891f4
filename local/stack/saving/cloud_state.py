"""Generations of the embedded cloud's state on disk: a file each, whole or not there at all.

`<folder>/00000007.jsonl` has a header, a line a service and a last line `end`. A generation is
written beside the others, synced, then renamed, so that a kill, a full disk or a power cut leaves the one before it.
The newest two are kept while the cloud runs, the newest after a clean stop. Standard library only, because
MiniStack's environment has nothing of the project.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

FORMAT = 1
END = b"end\n"
KEPT = 2
SUFFIX, UNFINISHED = ".jsonl", ".unfinished"
MONEY_FIRST = ("dynamodb", "sqs", "stepfunctions", "s3", "secretsmanager", "lambda")
"""Written before the other services, because they hold what cannot be made again by a deployment."""

Hook = Callable[[dict[str, Any]], Any]


class UnreadableState(Exception):
    """The state cannot be read. The message is one line: which file, why, what to do."""


@dataclass(frozen=True)
class Generation:
    """One complete save: a file, or the folder of a version that wrote a file a service."""

    path: Path

    def read(self, hook: Hook | None = None) -> Iterator[tuple[str, Any]]:
        """Yield each service with its state; `hook` decodes JSON objects. Raises `UnreadableState`."""
        path = self.path
        try:
            if path.is_dir():
                for path in sorted(self.path.glob("*.json")):
                    yield path.stem, json.loads(path.read_bytes(), object_hook=hook)
            else:
                yield from self._read_lines(hook)
        except (OSError, ValueError, LookupError, TypeError) as error:
            raise unreadable(path, error) from error

    def _read_lines(self, hook: Hook | None) -> Iterator[tuple[str, Any]]:
        with self.path.open("rb") as lines:
            header = json.loads(next(lines, b"{}"))
            if not isinstance(header, dict) or "format" not in header:
                raise ValueError("its beginning is missing")
            if header["format"] > FORMAT:
                raise ValueError("a newer version wrote it")
            for line in lines:
                if line == END:
                    return
                name, _, state = line.partition(b" ")
                yield name.decode(), json.loads(state, object_hook=hook)
        raise ValueError("its end is missing")


def newest(folder: Path) -> Generation | None:
    """The last complete generation of `folder`, None for a new one. Raises `UnreadableState`."""
    try:
        numbered = _numbered(folder)
        return Generation(numbered[-1]) if numbered else _of_older_version(folder)
    except OSError as error:
        raise unreadable(folder, error) from error


def write(folder: Path, services: Iterable[tuple[str, Any]], dumps: Callable[[Any], bytes], now: float) -> Generation:
    """Write one more generation and drop those that are too old; raises OSError and leaves the others as they are.

    `dumps` makes one line of JSON of a service's state.
    """
    folder.mkdir(parents=True, exist_ok=True)
    numbered = _numbered(folder)
    number = int(numbered[-1].stem) + 1 if numbered else 1
    draft, final = folder / f"{number:08d}{UNFINISHED}", folder / f"{number:08d}{SUFFIX}"
    try:
        with draft.open("wb") as file:
            file.write(json.dumps({"format": FORMAT, "saved_at": now}).encode() + b"\n")
            for service, state in sorted(services, key=_urgency):
                file.writelines((service.encode(), b" ", dumps(state), b"\n"))
            file.write(END)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(final)
        _sync(folder)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    _drop_old(folder)
    return Generation(final)


def keep_newest_only(folder: Path) -> None:
    """Drop all generations but the newest: an older one may still hold what was purged since (R38)."""
    for old in _numbered(folder)[:-1]:
        old.unlink(missing_ok=True)


def unreadable(path: Path, error: BaseException) -> UnreadableState:
    """The refusal to go on with a state of which `path` cannot be read."""
    reason = (error.strerror if isinstance(error, OSError) and error.strerror else str(error)) or type(error).__name__
    before = _numbered(path.parent)[:-1] if path.suffix == SUFFIX else []
    advice = [
        "repair that file",
        *(f"remove it to go back to the save before it ({each.name})" for each in before[-1:]),
        "move STATE_DIR away, or remove it (make clean), to start with nothing",
    ]
    return UnreadableState(
        f"the saved state cannot be read: {path}: {' '.join(reason.split())}. Nothing was changed: "
        + "; or ".join(advice)
    )


def _urgency(service: tuple[str, Any]) -> tuple[int, str]:
    name = service[0]
    return (MONEY_FIRST.index(name) if name in MONEY_FIRST else len(MONEY_FIRST), name)


def _numbered(folder: Path) -> list[Path]:
    found = [folder / name for name in _names(folder) if name.endswith(SUFFIX)]
    return sorted(each for each in found if each.stem.isdigit())


def _names(folder: Path) -> list[str]:
    # Not Path.glob: it takes a folder that may not be read for an empty one.
    return os.listdir(folder) if folder.exists() else []


def _of_older_version(folder: Path) -> Generation | None:
    """Format of versions before generations: the services' files in `folder` itself, one after the other."""
    names = _names(folder)
    if not any(name.endswith(".json") for name in names):
        return None
    for half in (name for name in names if name.endswith(".json.tmp")):
        raise unreadable(folder / half, ValueError("an older version was killed while it wrote this"))
    return Generation(folder)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _drop_old(folder: Path) -> None:
    numbered = _numbered(folder)
    for old in numbered[:-KEPT]:
        old.unlink(missing_ok=True)
    if len(numbered) >= KEPT:
        for file in folder.glob("*.json"):
            file.unlink(missing_ok=True)


class Pulse:
    """A small file that says, while the cloud runs, since when changes are not saved; a clean stop removes it."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "running"

    def beat(self, now: float, unsaved_since: float | None) -> None:
        """Say that all is well at `now`; errors are left alone, because a full disk is reported by the save."""
        text = json.dumps({"at": now, "unsaved_since": unsaved_since, "pid": os.getpid()}).ljust(120).encode()
        try:
            # In place, so that a full disk does not end it.
            descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT, 0o644)
            try:
                os.pwrite(descriptor, text, 0)
            finally:
                os.close(descriptor)
        except OSError:
            return

    def stop(self) -> None:
        self.path.unlink(missing_ok=True)

    def loss(self, beat_seconds: float) -> str | None:
        """Say what the last run lost, as a sentence; None if it was stopped cleanly or never ran."""
        try:
            last = json.loads(self.path.read_bytes())
            at, since = float(last["at"]), last["unsaved_since"]
        except FileNotFoundError:
            return None
        except (OSError, ValueError, LookupError, TypeError):
            return "the embedded cloud was killed at its last run; what it did in its last 5 s may be lost"
        end = at + beat_seconds
        since = at if since is None else float(since)
        return (
            f"the embedded cloud was killed at about {_clock(at)}: up to {max(0.0, end - since):.1f} s are lost, "
            f"what it did since {_clock(since)}. SMS and mails of that time may go out once more"
        )


def running_cloud(folder: Path) -> int:
    """The process id of the cloud that runs on `folder`; raises OSError if none does."""
    return int(json.loads(Pulse(folder).path.read_bytes())["pid"])


def _clock(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
