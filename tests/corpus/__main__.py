"""`python -m tests.corpus`: judge the corpus and print a table of right, review and wrong."""

import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from tests.corpus.cases import cases
from tests.corpus.judging import Result, judge


def main() -> int:
    """1 when anything is wrong."""
    started = time.monotonic()
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(judge, cases()))
    for result in results:
        print(_line(result))  # noqa: T201
    counts = Counter(result.outcome for result in results)
    shown = ", ".join(f"{outcome} {counts[outcome]}" for outcome in ("right", "review", "wrong"))
    print(f"{len(results)} forms: {shown} ({time.monotonic() - started:.0f} s)")  # noqa: T201
    return 1 if counts["wrong"] else 0


def _line(result: Result) -> str:
    why = "; ".join(result.reading.alterations)
    expected = " or ".join(result.case.expected)
    return f"{result.outcome:<7} {result.verdict:<10} ({expected:<10}) {result.case.name:<62} {why}".rstrip()


if __name__ == "__main__":
    sys.exit(main())
