"""Every test, in five processes: those with stacks wait most of the time, the others want a processor.

A stack that nobody speaks to takes next to nothing, so those who wait do so side by side: two halves of the journeys,
and the browser. Papers and all else take what these leave, because a stack without a processor is late for its windows.
"""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

JOURNEYS = Path("tests/journeys")
BROWSER = Path("tests/browser")
"""The console in Chromium, on a stack of its own."""

ALONE = (JOURNEYS / "whole/test_faults.py", JOURNEYS / "whole/test_demo.py", Path("tests/unit/local/test_stack.py"))
"""Each on stacks of its own, one after the other."""

AFTERMATH = JOURNEYS / "whole/test_aftermath.py"
"""Looks through what the shared stacks of its process put out, so it goes with each half of the journeys."""

SECOND_HALF = "test_purge.py"
"""The first file of the journeys that run after those of `ALONE`, so that both halves end at about the same time."""

PAPERS = (Path("tests/corpus"), Path("tests/integration/adapters"))
"""Order forms, and all else that adapters read and write."""

PYTEST = [sys.executable, "-m", "pytest"]
WHAT_IS_LEFT = ["nice", "-n", "5", *PYTEST]
"""pytest on what the processes with stacks leave of the processors."""


def main() -> int:
    """The exit status: 0 only if all passed. What the journeys say is shown once they have ended, what failed last."""
    shared = sorted(set(JOURNEYS.rglob("test_*.py")) - {*ALONE, AFTERMATH}, key=lambda file: file.name)
    first = [each for each in shared if each.name < SECOND_HALF]
    second = [each for each in shared if each.name >= SECOND_HALF]
    beside_the_others = {
        "journeys": [*PYTEST, *map(str, [*first, AFTERMATH])],
        "stacks": [*PYTEST, *map(str, [*ALONE, *second, AFTERMATH])],
        "browser": [*PYTEST, str(BROWSER)],
        "papers": [*WHAT_IS_LEFT, *map(str, PAPERS)],
    }
    with ExitStack() as ended:
        beside = [_start(command, Path(f".local/{name}.log"), ended) for name, command in beside_the_others.items()]
        others = Path(".local/others.log")
        status = _run([f"--ignore={each}" for each in (JOURNEYS, BROWSER, *ALONE, *PAPERS)], others)
    for started, log in beside:
        sys.stdout.write(log.read_text("utf-8", errors="replace"))
        status = status or started.returncode
    for log in (others, *(log for _, log in beside)):
        sys.stdout.writelines(_summary(log))
    return status


def _start(command: Sequence[str], log: Path, ended: ExitStack) -> tuple[subprocess.Popen[bytes], Path]:
    """Start `command` with its output in `log`; `ended` waits for it."""
    out = ended.enter_context(log.open("wb"))
    return ended.enter_context(subprocess.Popen(command, stdout=out, stderr=out)), log


def _run(arguments: list[str], log: Path) -> int:
    """Run pytest with its output on the terminal and in `log`. Returns the exit status."""
    with (
        log.open("wb") as out,
        subprocess.Popen([*WHAT_IS_LEFT, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as run,
    ):
        assert run.stdout
        for line in run.stdout:
            out.write(line)
            sys.stdout.buffer.write(line)
            sys.stdout.flush()
    return run.returncode


def _summary(log: Path) -> Iterator[str]:
    """The lines by which pytest names what failed, and its last one."""
    lines = log.read_text("utf-8", errors="replace").splitlines(keepends=True)
    yield f"{log.stem}:\n"
    yield from (line for line in lines if line.startswith(("FAILED ", "ERROR ")))
    yield from lines[-1:]


if __name__ == "__main__":
    sys.exit(main())
