"""Every test, in two processes: the journeys wait for their stacks most of the time, the others want a processor."""

import subprocess
import sys
from pathlib import Path

JOURNEYS = Path("tests/journeys")
TOLD = Path(".local/journeys.log")


def main() -> int:
    """The exit status: 0 only if both passed. What the journeys say is shown once they have ended."""
    pytest = [sys.executable, "-m", "pytest"]
    with TOLD.open("wb") as told, subprocess.Popen([*pytest, str(JOURNEYS)], stdout=told, stderr=told) as journeys:
        others = subprocess.run([*pytest, f"--ignore={JOURNEYS}"], check=False)
    sys.stdout.write(TOLD.read_text("utf-8", errors="replace"))
    sys.stdout.write(f"journeys: exit {journeys.returncode}, all others: exit {others.returncode}\n")
    return journeys.returncode or others.returncode


if __name__ == "__main__":
    sys.exit(main())
