"""Every test, in five processes: those with stacks wait most of the time, the others want a processor.

A stack that nobody speaks to takes next to nothing, so those who wait do so side by side: two halves of the journeys,
and the browser. Papers and all else take what these leave, because a stack without a processor is late for its windows.
"""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest

JOURNEYS = Path("tests/journeys")
BROWSER = Path("tests/browser")
"""The console in Chromium, on a stack of its own."""

ALONE = (JOURNEYS / "whole/test_faults.py", JOURNEYS / "whole/test_demo.py", Path("tests/unit/local/test_stack.py"))
"""Each on stacks of its own, one after the other."""

AFTERMATH = JOURNEYS / "whole/test_aftermath.py"
"""Looks through what the shared stacks of its process put out, so it goes with each half of the journeys."""

SECOND_HALF = "test_purge.py"
"""The first file of the journeys that run after those of `ALONE`, so that both halves end at about the same time."""

ADAPTERS = Path("tests/integration/adapters")
PAPER_FOLDERS = (
    Path("tests/corpus"),
    *(ADAPTERS / each for each in ("order_forms", "invoices", "mail", "providers", "s3", "dynamodb/history")),
)
"""Order forms, and as much of what adapters read and write beside them as makes papers and others end together."""

PAPERS, OTHERS = "papers", "others"
"""The groups that wait for nothing but a processor."""

LOGS = Path(".local")

NICE = ["nice", "-n", "5"]
"""On what the processes with stacks leave of the processors."""

FEW = 5
"""So many failed tests of a group may have wanted only a processor; more are no accident."""

SOME_FAILED = pytest.ExitCode.TESTS_FAILED


def main() -> int:
    """The exit status: 0 only if all passed. What the journeys say is shown once they have ended, what failed last.

    A few tests that failed beside all others run once more when nothing else does. The log names those that pass then.
    """
    groups = _groups()
    with ExitStack() as ended:
        beside = {name: _start(name, groups[name], ended) for name in groups if name != OTHERS}
        statuses = {OTHERS: _run(_pytest(OTHERS, groups[OTHERS]), _log(OTHERS))}
    for name, started in beside.items():
        sys.stdout.write(_text(_log(name)))
        statuses[name] = started.returncode
    for name in statuses:
        sys.stdout.writelines(_summary(name, _log(name)))
    ended_with = [_once_more(name, status, groups[name]) for name, status in statuses.items()]
    return next(filter(None, ended_with), 0)


def _groups() -> dict[str, list[str]]:
    """Arguments of pytest for each process, by the name of its log."""
    shared = sorted(set(JOURNEYS.rglob("test_*.py")) - {*ALONE, AFTERMATH}, key=lambda file: file.name)
    first = [each for each in shared if each.name < SECOND_HALF]
    second = [each for each in shared if each.name >= SECOND_HALF]
    return {
        "journeys": [*map(str, first), str(AFTERMATH)],
        "stacks": [*map(str, [*ALONE, *second]), str(AFTERMATH)],
        "browser": [str(BROWSER)],
        PAPERS: [*map(str, PAPER_FOLDERS)],
        OTHERS: [f"--ignore={each}" for each in (JOURNEYS, BROWSER, *ALONE, *PAPER_FOLDERS)],
    }


def _pytest(name: str, arguments: Sequence[str]) -> list[str]:
    """The command of a group, which remembers what failed apart from the other groups."""
    nice = NICE if name in (PAPERS, OTHERS) else []
    return [*nice, sys.executable, "-m", "pytest", "-o", f"cache_dir={LOGS}/failed/{name}", *arguments]


def _start(name: str, arguments: Sequence[str], ended: ExitStack) -> subprocess.Popen[bytes]:
    """Start a group with its output in its log; `ended` waits for it."""
    out = ended.enter_context(_log(name).open("wb"))
    return ended.enter_context(subprocess.Popen(_pytest(name, arguments), stdout=out, stderr=out))


def _run(command: Sequence[str], log: Path) -> int:
    """Run `command` with its output on the terminal and in `log`. Returns the exit status."""
    with (
        log.open("wb") as out,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as run,
    ):
        assert run.stdout
        for line in run.stdout:
            out.write(line)
            sys.stdout.buffer.write(line)
            sys.stdout.flush()
    return run.returncode


def _once_more(name: str, status: int, arguments: Sequence[str]) -> int:
    """The exit status of a group: what failed of it, if it is little, has run again with the machine to itself.

    The aftermath does not, because it would look through stacks that nobody used.
    """
    failed = _failed(_log(name))
    if status != SOME_FAILED or len(failed) > FEW or any(each.startswith(str(AFTERMATH)) for each in failed):
        return status
    _say(f"{name}: once more, with nothing beside: {', '.join(failed)}")
    again = ["--last-failed", "--last-failed-no-failures=none"]
    status = _run([*_pytest(name, arguments), *again], _log(f"{name}-again"))
    if status == 0:
        _say(f"UNSTEADY, to be mended: {', '.join(failed)}")
    return status


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _log(name: str) -> Path:
    return LOGS / f"{name}.log"


def _text(log: Path) -> str:
    return log.read_text("utf-8", errors="replace")


def _failed(log: Path) -> list[str]:
    """The tests that pytest names as failed."""
    named = (line.partition(" ") for line in _text(log).splitlines())
    return sorted({rest.partition(" - ")[0] for word, _, rest in named if word in ("FAILED", "ERROR")})


def _summary(name: str, log: Path) -> Iterator[str]:
    """The lines by which pytest names what failed, and its last one."""
    lines = _text(log).splitlines(keepends=True)
    yield f"{name}:\n"
    yield from (line for line in lines if line.startswith(("FAILED ", "ERROR ")))
    yield from lines[-1:]


if __name__ == "__main__":
    sys.exit(main())
