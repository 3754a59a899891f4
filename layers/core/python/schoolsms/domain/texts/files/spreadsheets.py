"""Lists as French spreadsheets save them: CSV, whatever its separator and encoding (R3)."""

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from schoolsms.domain.errors import RefusedError
from schoolsms.domain.texts.files.encodings import announced_separator, decoded
from schoolsms.domain.texts.files.phone_headings import phone_columns

_SEPARATORS = ";\t,"
RECORDS_LOOKED_AT, CHARACTERS_LOOKED_AT = 100, 300_000
"""Rows by which the separator is found, within the first characters."""

# A spreadsheet is kept from eating the leading zero by a formula, whose value it shows, or an apostrophe.
_formula = re.compile(r'="(.*)"', re.DOTALL).fullmatch
_may_be_number = re.compile(r"[^a-zA-Z]*(?:[eE][+0-9]+)?").fullmatch
_media = (b"%PDF", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\xd0\xcf\x11\xe0", b"{\\rtf")


def records_of(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not empty, each with its number; the first one has the headings. Raises RefusedError."""
    if content.startswith(_media):  # R3: text only
        raise invalid_list("Ce fichier n'est pas un CSV : dans votre tableur, enregistrez-le sous « CSV ».")
    text = decoded(content)
    announced = announced_separator(text)
    if announced:  # for the spreadsheet alone, which does not show it
        text = text[announced.end() :]
    return _records(text, announced[1] if announced else _separator(text))


def plain_cell(cell: str) -> str:
    """A cell without the apostrophe that keeps it text."""
    return cell.removeprefix("'")


def invalid_list(detail: str) -> RefusedError:
    """The refusal of a file that is no list; `detail` says why, in French."""
    return RefusedError(detail, "invalid-list")


class _Agreement(NamedTuple):
    """Agreement of rows on a separator, best criterion first; `agreeing` and `numbers` are shares of the rows."""

    has_phones: bool
    agreeing: float
    numbers: float
    columns: int


def _separator(text: str) -> str:
    """The one by which the headings name a column of numbers, and as many rows as possible have cells for them."""
    beginning = text[:CHARACTERS_LOOKED_AT]
    return max(_SEPARATORS, key=lambda separator: _agreement(beginning, separator))


def _agreement(text: str, separator: str) -> _Agreement:
    rows: list[list[str]] = []
    try:
        rows.extend(cells for _, cells in islice(_records(text, separator), RECORDS_LOOKED_AT))
    except RefusedError:  # its quotes make no sense by this separator; if by none, reading it says where
        rows.append([])
    headings, *others = rows or [[]]
    phones = phone_columns(headings)
    if phones is None or not others or _has_lone_quote(headings[phones.used]):
        return _Agreement(phones is not None and not others, 0, 0, len(headings))
    return _Agreement(
        has_phones=True,
        agreeing=sum(_agrees(cells, len(headings)) for cells in others) / len(others),
        numbers=sum(
            _may_be_number(cell) is not None for cells in others for cell in cells[phones.used : phones.used + 1]
        )
        / len(others),
        columns=len(headings),
    )


def _agrees(cells: list[str], headings: int) -> bool:
    """Spreadsheets cut a row after its last filled cell, down to one, which agrees with nothing but a lone heading."""
    if any(map(_has_lone_quote, cells)):
        return False
    if len(cells) == 1:
        return headings == 1 and not any(separator in cells[0] for separator in _SEPARATORS)
    return 0 < max((number for number, cell in enumerate(cells, 1) if cell.strip()), default=0) <= headings


def _has_lone_quote(cell: str) -> bool:
    """As where one of a pair is in another cell, because the separator is another."""
    return cell.count('"') % 2 == 1


def _records(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not empty, numbered as a spreadsheet does: empty ones count, lines within quotes do not."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True, skipinitialspace=True)
    has_formulas = '="' in text
    row = 0
    while True:
        row += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise _misquoted(row) from None
        if any(map(_is_misquoted, cells)):
            raise _misquoted(row)
        if any(cell.strip() for cell in cells):
            yield row, [_shown(cell) for cell in cells] if has_formulas else cells


def _shown(cell: str) -> str:
    """A cell as a spreadsheet shows it: `="6A"` is the text 6A."""
    formula = _formula(cell)
    return formula[1].replace('""', '"') if formula else cell


def _is_misquoted(cell: str) -> bool:
    """Whether quotes meant for the cell are part of it, since a no-break space or a tab is before them."""
    return '"' in cell and not cell.startswith('"') and cell.lstrip().startswith('"') and cell.rstrip().endswith('"')


def _misquoted(row: int) -> RefusedError:
    return invalid_list(f"Ligne {row} : ce n'est pas du CSV, un guillemet n'est pas fermé ou mal placé.")
