"""Every test, in three processes: the journeys wait for their stacks most of the time, the others want a processor."""

import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

JOURNEYS = Path("tests/journeys")
AFTERMATH = JOURNEYS / "test_aftermath.py"
"""What a process's stacks put out is looked through once all its journeys have ended, so it goes with each half."""

PYTEST = [sys.executable, "-m", "pytest"]


def main() -> int:
    """The exit status: 0 only if all passed. What the journeys say is shown once they have ended."""
    files = sorted(set(JOURNEYS.glob("test_*.py")) - {AFTERMATH})
    with ExitStack() as ended:
        halves = [
            _start([*files[start::2], AFTERMATH], Path(f".local/journeys-{start}.log"), ended) for start in (0, 1)
        ]
        others = subprocess.run([*PYTEST, f"--ignore={JOURNEYS}"], check=False).returncode
    for journeys, told in halves:
        sys.stdout.write(told.read_text("utf-8", errors="replace"))
        others = others or journeys.returncode
    return others


def _start(files: list[Path], told: Path, ended: ExitStack) -> tuple[subprocess.Popen[bytes], Path]:
    """Run `files`, telling into `told`; `ended` waits for it."""
    out = ended.enter_context(told.open("wb"))
    return ended.enter_context(subprocess.Popen([*PYTEST, *map(str, files)], stdout=out, stderr=out)), told


if __name__ == "__main__":
    sys.exit(main())
