"""Small files under `STATE_DIR`: written whole or not at all, and refused with what to do when they cannot be read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class UnusableState(Exception):
    """A file of the state cannot be used. The message is one line: which, why, what to do."""


def write_whole(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Write `path` so that a kill leaves it as it was or as it should be. Raises OSError."""
    draft = path.with_name(f".{path.name}.unfinished")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)
    draft.replace(path)


def check_folder(state_dir: Path) -> None:
    """Make `STATE_DIR` and write a file into it, to know before anything is built; raises `UnusableState`."""
    with refusing(state_dir, "make it a folder one may write to, or choose another with STATE_DIR=…"):
        state_dir.mkdir(parents=True, exist_ok=True)
        probe = state_dir / ".writable"
        probe.touch()
        probe.unlink()


@contextmanager
def refusing(path: Path, advice: str) -> Iterator[None]:
    """Raise `UnusableState` for whatever is wrong with `path` inside."""
    try:
        yield
    except (OSError, ValueError, LookupError, TypeError) as error:
        reason = (error.strerror if isinstance(error, OSError) and error.strerror else str(error)) or repr(error)
        raise UnusableState(
            f"{path} cannot be used: {' '.join(reason.split())}. Nothing was changed: {advice}"
        ) from error
