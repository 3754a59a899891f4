"""From `console/` to `functions/console/public/`: bundled, with hashed names, compressed once.

The function packages the folder as it is. A build is made again only when its sources changed.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from local.console.api_types import WRITTEN as TYPES
from local.machine.built import digest_of, locked
from local.machine.children import Children
from local.machine.progress import last_error
from local.machine.settings import LOCAL, ROOT, environment_node

SOURCES = ROOT / "console"
PUBLIC = ROOT / "functions" / "console" / "public"
RECIPE = "1"  # change it when this file builds differently from the same sources
WORK = LOCAL / "console"


class ConsoleFailed(Exception):
    """The console could not be built or has errors; the message ends with what the tool said."""


def build_console(children: Children) -> None:
    """Build, or find built. Raises `ConsoleFailed`, or `Stopped` when the launcher stops."""
    WORK.mkdir(parents=True, exist_ok=True)
    with locked(WORK / "lock"):
        digest, stamp = sources_digest(), WORK / "stamp"
        if PUBLIC.is_dir() and stamp.exists() and stamp.read_text() == digest:
            return
        draft = WORK / "draft"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir()
        run_node(["build.mjs", str(draft)], children)
        stamp.unlink(missing_ok=True)
        shutil.rmtree(PUBLIC, ignore_errors=True)
        PUBLIC.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(draft, PUBLIC)
        stamp.write_text(digest)


def run_node(arguments: list[str], children: Children) -> str:
    """Run node in `console/`; what it printed. Raises `ConsoleFailed`."""
    try:
        node = str(environment_node())
    except FileNotFoundError as error:
        raise ConsoleFailed(str(error)) from None
    code, output = children.run([node, *arguments], os.environ, SOURCES)
    if code:
        raise ConsoleFailed(f"the console could not be built: {last_error(output)}\n{output}")
    return output


def sources_digest() -> str:
    """Names what a build is made from."""
    # The types leave nothing in what is built.
    return digest_of(RECIPE, (file for file in sources() if file != TYPES), SOURCES)


def sources() -> list[Path]:
    """Every file of the console that is ours; `node_modules` is a link, which may lead nowhere yet."""
    found = []
    for folder, folders, files in os.walk(SOURCES):
        folders[:] = sorted(set(folders) - {"node_modules"})
        found += [Path(folder, name) for name in sorted(set(files) - {"node_modules"})]
    return found
