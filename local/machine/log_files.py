"""Log files that do not grow without end: a file and the one before it."""

from __future__ import annotations

import os
import shutil
import threading
from pathlib import Path

MOST_BYTES = 10_000_000

_lock = threading.Lock()


def append(path: Path, line: bytes, most: int = MOST_BYTES) -> None:
    """Append `line`; a file that has reached `most` bytes becomes `<name>.1` in place of the one there."""
    with _lock:
        with path.open("ab") as log:
            log.write(line)
            full = log.tell() >= most
        if full:
            path.replace(_before(path))


def cut(path: Path, descriptor: int, most: int = MOST_BYTES) -> None:
    """Move what `path` has to `<name>.1`, and empty it, once it has `most` bytes.

    For a file that stays open for appending, as `descriptor`: a line written meanwhile may be lost.
    """
    if os.fstat(descriptor).st_size >= most:
        shutil.copyfile(path, _before(path))
        os.ftruncate(descriptor, 0)


def _before(path: Path) -> Path:
    return path.with_name(f"{path.name}.1")
