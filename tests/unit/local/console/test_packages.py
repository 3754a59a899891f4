"""The npm packages of the console are pinned, and nothing says from where they come."""

import json
import re
from typing import Any

from local.console.build import SOURCES
from local.machine.environments import NPM_FILES

LOCK: dict[str, Any] = json.loads((SOURCES / "package-lock.json").read_text("utf-8"))
PACKAGE: dict[str, Any] = json.loads((SOURCES / "package.json").read_text("utf-8"))


def test_each_is_pinned_and_locked_to_what_it_contains() -> None:
    wanted = PACKAGE["dependencies"] | PACKAGE["devDependencies"]
    assert [each for each in wanted.values() if not re.fullmatch(r"\d+\.\d+\.\d+", each)] == []
    locked = {path.removeprefix("node_modules/"): each for path, each in LOCK["packages"].items() if path}
    assert {name: locked[name]["version"] for name in wanted} == wanted
    assert [name for name, each in locked.items() if "integrity" not in each] == []


def test_no_file_names_a_registry() -> None:
    assert [name for name, each in LOCK["packages"].items() if "resolved" in each] == []
    assert [file.name for file in NPM_FILES if re.search(r"registry\.|registry *=", file.read_text("utf-8"))] == []
    assert "omit-lockfile-registry-resolved=true" in (SOURCES / ".npmrc").read_text("utf-8")
