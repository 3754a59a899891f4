"""Tables on a terminal and in a report, and aims that were held or missed."""

from collections.abc import Iterable, Sequence

said: list[str] = []
"""Every line of this run."""


def say(line: str) -> None:
    """Print a line, and keep it for the report."""
    print(line, flush=True)
    said.append(line)


def table(title: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print it: the first column is words, the others are figures."""
    lines = [[_shown(cell) for cell in row] for row in (header, *rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    say("")
    say(title)
    for number, line in enumerate(lines):
        first, *figures = (cell for cell in line)
        padded = [figure.rjust(width) for figure, width in zip(figures, widths[1:], strict=True)]
        say("  " + "  ".join([first.ljust(widths[0]), *padded]).rstrip())
        if number == 0:
            say("  " + "  ".join("-" * width for width in widths))


def aim(words: str, *, held: bool) -> bool:
    """Print an aim of performance; whether it was held."""
    say(f"  {'held  ' if held else 'MISSED'}  {words}")
    return held


def note(words: str) -> None:
    """Something the reader of a table must know."""
    say(f"  note    {words}")


def _shown(cell: object) -> str:
    if isinstance(cell, float):
        return f"{cell:,.1f}" if cell >= 10 else f"{cell:,.2f}"
    return f"{cell:,}" if isinstance(cell, int) else str(cell)
