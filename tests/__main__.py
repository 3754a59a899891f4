"""Every test, in four processes: the journeys wait for their stacks most of the time, the others want a processor.

No more stacks run at once than are needed, because each takes its share of the processors: two that the journeys share,
and one for what wants a stack of its own. Papers and all else are a process each, so that both processors are used to
the end.
"""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

JOURNEYS = Path("tests/journeys")
ALONE = (JOURNEYS / "test_faults.py", JOURNEYS / "test_demo.py", Path("tests/unit/local/test_stack.py"))
"""Each on stacks of its own, one after the other."""

AFTERMATH = JOURNEYS / "test_aftermath.py"
"""Looks through what the shared stacks of its process put out, so it goes with each half of the journeys."""

SECOND_HALF = "test_purge.py"
"""The first file of the journeys that run after those of `ALONE`, so that both halves end at about the same time."""

PAPERS = (Path("tests/corpus"), Path("tests/integration/adapters"))
"""Order forms, and all else that adapters read and write."""

PYTEST = [sys.executable, "-m", "pytest"]


def main() -> int:
    """The exit status: 0 only if all passed. What the journeys say is shown once they have ended, what failed last."""
    shared = sorted(set(JOURNEYS.glob("test_*.py")) - {*ALONE, AFTERMATH})
    first = [each for each in shared if each.name < SECOND_HALF]
    second = [each for each in shared if each.name >= SECOND_HALF]
    beside_the_others = {
        "journeys": [*first, AFTERMATH],
        "stacks": [*ALONE, *second, AFTERMATH],
        "papers": PAPERS,
    }
    with ExitStack() as ended:
        beside = [_start(files, Path(f".local/{name}.log"), ended) for name, files in beside_the_others.items()]
        others = Path(".local/others.log")
        status = _run([f"--ignore={each}" for each in (JOURNEYS, *ALONE, *PAPERS)], others)
    for started, log in beside:
        sys.stdout.write(log.read_text("utf-8", errors="replace"))
        status = status or started.returncode
    for log in (others, *(log for _, log in beside)):
        sys.stdout.writelines(_summary(log))
    return status


def _start(files: Sequence[Path], log: Path, ended: ExitStack) -> tuple[subprocess.Popen[bytes], Path]:
    """Start pytest on `files` with its output in `log`; `ended` waits for it."""
    out = ended.enter_context(log.open("wb"))
    return ended.enter_context(subprocess.Popen([*PYTEST, *map(str, files)], stdout=out, stderr=out)), log


def _run(arguments: list[str], log: Path) -> int:
    """Run pytest with its output on the terminal and in `log`. Returns the exit status."""
    with (
        log.open("wb") as out,
        subprocess.Popen([*PYTEST, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as run,
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
