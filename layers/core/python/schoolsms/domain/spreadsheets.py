"""Lists as French spreadsheets save them: CSV, whatever its separator and encoding (R3)."""

import csv
import io
import re
from collections.abc import Iterator

from schoolsms.domain.errors import RefusedError
from schoolsms.domain.placeholders import normalise_name

# How columns of mobile numbers are headed, the likeliest first: a "numéro" may also be a pupil's.
PHONE_HEADINGS = (
    *("portable", "mobile", "telephone portable", "telephone mobile", "tel portable", "tel mobile", "gsm"),
    *("numero de portable", "numero de mobile", "numero portable", "numero mobile", "n portable"),
    *("telephone", "tel", "numero de telephone", "numero telephone", "n de telephone", "n telephone", "n tel"),
    *("phone", "phone number", "mobile phone", "numero"),
)
_SEPARATORS = ";\t,"
_announced_separator = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
# A spreadsheet is kept from eating the leading zero by an apostrophe or a formula.
_kept_as_text = re.compile(r"=\"(.*)\"|'(.*)", re.DOTALL)
_no_letters = re.compile(r"[\W_]+")
_media = (b"%PDF", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\xd0\xcf\x11\xe0", b"{\\rtf")


def records_of(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold something, each with its number; the first one has the headings. Raises RefusedError."""
    text = _text(content)
    announced = _announced_separator.match(text)
    if announced:  # for the spreadsheet alone, which does not show it
        text = text[announced.end() :]
    return _records(text, announced[1] if announced else _separator(text))


def heading_key(heading: str) -> str:
    """What a heading says, however it is spelled: no case, no accents, no signs."""
    return " ".join(_no_letters.sub(" ", normalise_name(heading)).split())


def plain_cell(phone: str) -> str:
    """What stands in a cell that is kept as text."""
    kept = _kept_as_text.fullmatch(phone)
    return (kept[1] or kept[2] or "") if kept else phone


def invalid_list(detail: str) -> RefusedError:
    """The refusal of a file that is no list; `detail` says why, in French."""
    return RefusedError(detail, "invalid-list")


def _text(content: bytes) -> str:
    """R3: text only."""
    if content.startswith(_media):
        raise invalid_list("Ce fichier n'est pas un CSV : dans votre tableur, enregistrez-le sous « CSV ».")
    encodings = ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", text):
            return text
    raise invalid_list("Ce fichier n'est pas un CSV : il contient autre chose que du texte.")


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
            raise invalid_list(
                f"Ligne {row} : ce n'est pas du CSV, un guillemet n'est pas fermé ou mal placé."
            ) from None
        if any(cell.strip() for cell in cells):
            yield row, cells
