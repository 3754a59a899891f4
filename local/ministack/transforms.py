"""Templates as SAM transforms them, kept by digest: the half of a stack's start that is the same for every stack.

MiniStack gives SAM no parameters, so what comes out follows from the template, the region and the versions alone.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from local.machine.built import locked
from local.machine.state_files import write_whole

Transform = Callable[[dict[str, Any], dict[str, Any], Any], dict[str, Any]]

KEPT = 8
NAME = "samtranslator.translator.transform"


def remembered(work: Callable[[], Transform], folder: Path, made_by: str) -> Transform:
    """The transform that `work` gives, done once a template: `folder` keeps what came out, `made_by` the versions."""

    def transform(template: dict[str, Any], parameters: dict[str, Any], policies: Any) -> dict[str, Any]:
        if parameters:
            return work()(template, parameters, policies)
        asked = json.dumps([made_by, os.environ.get("AWS_DEFAULT_REGION"), template])
        kept = folder / f"{hashlib.sha256(asked.encode()).hexdigest()[:16]}.json"
        folder.mkdir(parents=True, exist_ok=True)
        with locked(folder / ".lock"):
            with suppress(OSError, ValueError):
                found: dict[str, Any] = json.loads(kept.read_bytes())
                os.utime(kept)
                return found
            made = work()(template, parameters, policies)
            written = json.dumps(made)
            if json.loads(written) == made:
                write_whole(kept, written.encode())
                _forget_old_ones(folder)
            return made

    return transform


def patch(folder: Path) -> None:
    """Have MiniStack remember. SAM itself is imported only where something is to do."""

    def import_sam() -> Transform:
        standing_in = sys.modules.pop(NAME)
        try:
            from samtranslator.translator.transform import transform  # type: ignore[import-not-found]
        finally:
            sys.modules[NAME] = standing_in
        found: Transform = transform
        return found

    made_by = " ".join(version(each) for each in ("aws-sam-translator", "ministack"))
    sys.modules[NAME] = SimpleNamespace(transform=remembered(import_sam, folder, made_by))  # type: ignore[assignment]


def _forget_old_ones(folder: Path) -> None:
    for each in sorted(folder.glob("*.json"), key=lambda file: file.stat().st_mtime)[:-KEPT]:
        each.unlink(missing_ok=True)
