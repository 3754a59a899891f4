"""CSV as a spreadsheet in French opens it: UTF-8 with its mark, semicolons, dates as one writes them in France.

A cell that a spreadsheet would take for a formula gets an apostrophe before it, as one types it to mean text. Nothing
that somebody wrote is computed, and a number stays `'+33612345678`, with all its digits. Our own imports read it so.
"""

import csv
import io
import re
from collections.abc import Iterable
from datetime import datetime, time, tzinfo

BYTE_ORDER_MARK = "\ufeff"

# Some programs ignore white or invisible characters before a formula.
_formula = re.compile(r"[\t\r\n]|[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]*[=+\-@＝＋－＠]").match


def cell(written: str) -> str:
    """`written`, as text whatever it begins with."""
    return f"'{written}" if _formula(written) else written


def moment(at: datetime, zone: tzinfo) -> str:
    """An instant on the clocks of `zone`."""
    return at.astimezone(zone).strftime("%d/%m/%Y %H:%M:%S")


def day_or_moment(at: datetime, zone: tzinfo) -> str:
    """A day, which is kept as its first instant, without an hour; any other instant as `moment`.

    The hour of the latter is kept, because our import reads it, and it decides between a STOP and a consent of a day.
    """
    local = at.astimezone(zone)
    return local.strftime("%d/%m/%Y") if local.time() == time() else moment(at, zone)


def lines(rows: Iterable[Iterable[str]]) -> str:
    """Each row as a line of the file."""
    page = io.StringIO(newline="")
    csv.writer(page, delimiter=";", lineterminator="\r\n").writerows(rows)
    return page.getvalue()
