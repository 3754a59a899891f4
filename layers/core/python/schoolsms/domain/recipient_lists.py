"""A list of recipients as French spreadsheets save it: CSV, whatever its separator and encoding (R3, R22)."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from schoolsms.domain.errors import RefusedError
from schoolsms.domain.placeholders import normalise_name
from schoolsms.domain.recipients import Recipient

MAX_ROWS = 30_000
"""Recipients in a list."""

MAX_LIST_BYTES = 20_000_000

MOST_COLUMNS = 100
LONGEST_CELL = 5_000
LONGEST_PHONE_SHOWN = 64

# How columns of mobile numbers are headed, the likeliest first: a "numéro" may also be a pupil's.
_PHONE_HEADINGS = (
    *("portable", "mobile", "telephone portable", "telephone mobile", "tel portable", "tel mobile", "gsm"),
    *("numero de portable", "numero de mobile", "numero portable", "numero mobile", "n portable"),
    *("telephone", "tel", "numero de telephone", "numero telephone", "n de telephone", "n telephone", "n tel"),
    *("phone", "phone number", "mobile phone", "numero"),
)
_SEPARATORS = ";\t,"
_no_letters = re.compile(r"[\W_]+")
_announced_separator = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
# A spreadsheet is kept from eating the leading zero by an apostrophe or a formula.
_kept_as_text = re.compile(r"=\"(.*)\"|'(.*)", re.DOTALL)
_media = (b"%PDF", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\xd0\xcf\x11\xe0", b"{\\rtf")


@dataclass(frozen=True)
class ListedRecipients:
    """Who stands in a list, and in which row as the spreadsheet numbers them: the headings are row 1."""

    recipients: Sequence[Recipient]
    rows: Sequence[int]


def parse_list(content: bytes) -> ListedRecipients:
    """Raises RefusedError, in French, for what is no list. Numbers and variables are judged later, as JSON's are."""
    text = _text(content)
    announced = _announced_separator.match(text)
    if announced:  # for the spreadsheet alone, which does not show it
        text = text[announced.end() :]
    records = _records(text, announced[1] if announced else _separator(text))
    headings_row, headings = next(records, (1, []))
    phone_column, names = _columns(headings, headings_row)
    recipients: list[Recipient] = []
    rows: list[int] = []
    for row, cells in records:
        if len(recipients) == MAX_ROWS:
            raise _invalid(f"La liste a plus de {MAX_ROWS} destinataires : partagez-la en plusieurs.")
        if any(cell.strip() for cell in cells[len(headings) :]):
            raise _invalid(f"Ligne {row} : il y a plus de cases que de titres. Un séparateur est-il mal placé ?")
        recipients.append(_recipient(cells, phone_column, names, row))
        rows.append(row)
    if not recipients:
        raise _invalid("La liste est vide : elle a une ligne de titres, puis une ligne par destinataire.")
    return ListedRecipients(recipients, rows)


def _text(content: bytes) -> str:
    """R3: text only."""
    if content.startswith(_media):
        raise _invalid("Ce fichier n'est pas un CSV : dans votre tableur, enregistrez-le sous « CSV ».")
    encodings = ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", text):
            return text
    raise _invalid("Ce fichier n'est pas un CSV : il contient autre chose que du texte.")


def _separator(text: str) -> str:
    """The one the headings hold most of."""
    headings = re.sub(r'"[^"]*"', "", next((line for line in text.splitlines() if line.strip()), ""))
    return max(_SEPARATORS, key=headings.count)


def _records(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Rows that hold something, numbered as a spreadsheet does: empty ones count, lines within quotes do not."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    row = 0
    while True:
        row += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise _invalid(f"Ligne {row} : ce n'est pas du CSV, un guillemet n'est pas fermé ou mal placé.") from None
        if any(cell.strip() for cell in cells):
            yield row, cells


def _columns(headings: Sequence[str], row: int) -> tuple[int, Mapping[int, str]]:
    """Where the number stands, and the variables by column."""
    if len(headings) > MOST_COLUMNS:
        raise _invalid(f"La liste a plus de {MOST_COLUMNS} colonnes : gardez celles dont le message a besoin.")
    keys = [" ".join(_no_letters.sub(" ", normalise_name(heading)).split()) for heading in headings]
    phone_column = next((keys.index(known) for known in _PHONE_HEADINGS if known in keys), None)
    if phone_column is None:
        raise _invalid(
            f"Ligne {row} : aucune colonne de numéros. Donnez-lui pour titre « téléphone », « portable » ou « mobile »."
        )
    names: dict[int, str] = {}
    for column, heading in enumerate(headings):
        name = heading.strip()
        if column != phone_column and name and name not in names.values():
            names[column] = name
    return phone_column, names


def _recipient(cells: Sequence[str], phone_column: int, names: Mapping[int, str], row: int) -> Recipient:
    if any(len(cell) > LONGEST_CELL for cell in cells):
        raise _invalid(f"Ligne {row} : une case dépasse {LONGEST_CELL} caractères.")
    phone = cells[phone_column].strip() if phone_column < len(cells) else ""
    # A row that a spreadsheet cut after its last filled cell has the others empty.
    variables = {name: cells[column].strip() if column < len(cells) else "" for column, name in names.items()}
    return Recipient(_plain(phone)[:LONGEST_PHONE_SHOWN], variables)


def _plain(phone: str) -> str:
    kept = _kept_as_text.fullmatch(phone)
    return (kept[1] or kept[2] or "") if kept else phone


def _invalid(detail: str) -> RefusedError:
    return RefusedError(detail, "invalid-list")
