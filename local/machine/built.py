"""Build a thing once from its sources and keep it, one at a time, known by a digest of its sources."""

from __future__ import annotations

import fcntl
import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock that `path` is, for which other processes wait."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def digest_of(recipe: str, files: Iterable[Path], root: Path) -> str:
    """Name what a build is made from: `recipe`, and the files by their paths below `root` and what they hold."""
    digest = hashlib.sha256(recipe.encode())
    for file in files:
        digest.update(f"{file.relative_to(root)} {hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()
