"""`python -m tests.corpus`: judge the corpus and print a table of right, review and wrong.

`python -m tests.corpus --second 200` does so with 200 forms by chance, on which nothing was tuned; `--second 0 17 117`
with those of these numbers. `python -m tests.corpus FOLDER` writes the documents there instead, for a look at them.
"""

import re
import sys
import time
from collections import Counter
from pathlib import Path

from tests.corpus.cases import cases
from tests.corpus.judging import Result, judged
from tests.corpus.second import second

_ENDINGS = {b"%PDF": "pdf", b"\xff\xd8\xff\xe0": "jpg", b"\x89PNG": "png"}


def main(arguments: list[str]) -> int:
    """1 when anything is wrong."""
    chosen = cases()
    if arguments[:1] == ["--second"]:
        count, *numbers = map(int, arguments[1:] or ["200"])
        chosen = second(count, numbers)
    elif arguments:
        return _written(Path(arguments[0]))
    started = time.monotonic()
    counts: Counter[str] = Counter()
    for result in judged(chosen):
        counts[result.outcome] += 1
        print(_line(result), flush=True)  # noqa: T201
    shown = ", ".join(f"{outcome} {counts[outcome]}" for outcome in ("right", "review", "wrong"))
    print(f"{counts.total()} forms: {shown} ({time.monotonic() - started:.0f} s)")  # noqa: T201
    return 1 if counts["wrong"] else 0


def _written(folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    for number, case in enumerate(cases(), start=1):
        document = case.document()
        slug = re.sub(r"[^a-z0-9]+", "-", case.name.lower()).strip("-")
        (folder / f"{number:02}-{slug}.{_ENDINGS.get(document[:4], 'tif')}").write_bytes(document)
    return 0


def _line(result: Result) -> str:
    why = "; ".join(result.reading.alterations)
    expected = " or ".join(result.case.expected)
    return f"{result.outcome:<7} {result.verdict:<10} ({expected:<10}) {result.case.name:<62} {why}".rstrip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
