"""`make bench`: the benchmarks, as tables and as `BENCHMARKS.md`. The exit code is 1 when an aim was missed.

QUICK=1 runs those that take no minute: counting, order forms, starts beside the floor alone, connections.
"""

import os
import sys
import warnings
from datetime import UTC, datetime

from tests.benchmarks import (
    accepting,
    connecting,
    contending,
    counting,
    delivering,
    handoffs,
    judging,
    reading,
    reserving,
    starting,
)
from tests.benchmarks.measuring.instructions import ROOT
from tests.benchmarks.measuring.report import commit_of, report
from tests.benchmarks.measuring.tables import note, said

ALL = (
    counting.run,
    reserving.run,
    delivering.run,
    reading.run,
    judging.run,
    accepting.run,
    starting.run,
    connecting.run,
    contending.run,
    handoffs.run,
)
QUICK = (counting.run, judging.run, starting.run_quick, connecting.run)


def main() -> int:
    """Run them all."""
    warnings.simplefilter("ignore")  # peers written for older libraries
    quick = os.environ.get("QUICK", "") not in ("", "0")
    held = [run() for run in (QUICK if quick else ALL)]
    if not all(held):
        note("an aim was missed")
    page = report(said, datetime.now(UTC), commit=commit_of(ROOT), quick=quick)
    (ROOT / "BENCHMARKS.md").write_text(page, "utf-8")
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
