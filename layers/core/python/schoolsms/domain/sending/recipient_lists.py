"""A list of recipients as French spreadsheets save it: CSV, whatever its separator and encoding (R3, R22)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from schoolsms.domain.sending.recipients import Recipient, UnusedNumbers
from schoolsms.domain.texts.files.phone_headings import (
    PhoneColumns,
    country_code_column,
    phone_columns,
    with_country_code,
)
from schoolsms.domain.texts.files.spreadsheets import invalid_list, plain_cell, records_of
from schoolsms.domain.texts.placeholders import compile_template, normalise_name, without_unseen

MAX_ROWS = 30_000
"""Recipients in a list."""

MOST_COLUMNS = 100
LONGEST_CELL = 5_000
LONGEST_PHONE_SHOWN = 64


@dataclass(frozen=True)
class ListedRecipients:
    """The recipients of a list, and the row of each as the spreadsheet numbers it: the headings are row 1.

    `unused`: columns of numbers beside the one that is sent to. `same_named`: pairs of columns, as they are headed,
    that both have values and that a text names alike.
    """

    recipients: Sequence[Recipient]
    rows: Sequence[int]
    unused: Sequence[UnusedNumbers] = ()
    same_named: Sequence[tuple[str, str]] = ()

    def check_names(self, text: str) -> None:
        """Raises RefusedError if `text` names two columns at once: nobody can tell whose value it means."""
        template = compile_template(text)
        for one, other in self.same_named:
            if template.knows(one):
                raise invalid_list(
                    f"Le message utilise une variable que deux colonnes de la liste portent, « {one[:40]} » et "
                    f"« {other[:40]} » : renommez l'une d'elles dans la liste."
                )


def parse_list(content: bytes) -> ListedRecipients:
    """Raises RefusedError, in French, for what is no list. Numbers and variables are judged later, as JSON's are."""
    records = records_of(content)
    headings_row, headings = next(records, (1, []))
    phones, names = _columns(headings, headings_row)
    recipients: list[Recipient] = []
    rows: list[int] = []
    unused = dict.fromkeys(phones.unused, 0)
    filled: set[int] = set()
    code_column = country_code_column(headings, phones.used)
    repeated = _repeated(headings, phones.used)
    for row, cells in records:
        if len(recipients) == MAX_ROWS:
            raise invalid_list(f"La liste a plus de {MAX_ROWS} destinataires : partagez-la en plusieurs.")
        if any(cell.strip() for cell in cells[len(headings) :]):
            raise invalid_list(f"Ligne {row} : il y a plus de cases que de titres. Un séparateur est-il mal placé ?")
        recipient = _recipient(cells, phones.used, names, row)
        if code_column is not None and code_column < len(cells):
            recipient = recipient._replace(phone=with_country_code(cells[code_column], recipient.phone))
        recipients.append(recipient)
        rows.append(row)
        filled.update(column for column in repeated if column < len(cells) and cells[column].strip())
        for column in unused:
            unused[column] += column < len(cells) and bool(cells[column].strip())
    if not recipients:
        raise invalid_list("La liste est vide : elle a une ligne de titres, puis une ligne par destinataire.")
    used = without_unseen(headings[phones.used])
    said = [UnusedNumbers(without_unseen(headings[column]), count, used) for column, count in unused.items() if count]
    return ListedRecipients(recipients, rows, said, _same_named(headings, sorted(filled)))


def _repeated(headings: Sequence[str], phone_column: int) -> Sequence[int]:
    """The columns of variables whose name, as a text may spell it, is another's too."""
    keys = [normalise_name(heading) if column != phone_column else "" for column, heading in enumerate(headings)]
    return [column for column, key in enumerate(keys) if key and keys.count(key) > 1]


def _same_named(headings: Sequence[str], columns: Sequence[int]) -> Sequence[tuple[str, str]]:
    """The first two of `columns` that have the same name, for each name."""
    by_key: dict[str, list[str]] = {}
    for column in columns:
        by_key.setdefault(normalise_name(headings[column]), []).append(without_unseen(headings[column]))
    return [(same[0], same[1]) for same in by_key.values() if len(same) > 1]


def _columns(headings: Sequence[str], row: int) -> tuple[PhoneColumns, Mapping[int, str]]:
    """The columns of numbers, and the names of the variables by column."""
    if len(headings) > MOST_COLUMNS:
        raise invalid_list(f"La liste a plus de {MOST_COLUMNS} colonnes : gardez celles dont le message a besoin.")
    phones = phone_columns(headings)
    if phones is None:
        raise invalid_list(
            f"Ligne {row} : aucune colonne de numéros. La première ligne est celle des titres : nommez-y la colonne "
            "« téléphone », « portable » ou « mobile »."
        )
    names: dict[int, str] = {}
    for column, heading in enumerate(headings):
        name = without_unseen(heading)
        if column != phones.used and name and name not in names.values():
            names[column] = name
    return phones, names


def _recipient(cells: Sequence[str], phone_column: int, names: Mapping[int, str], row: int) -> Recipient:
    if any(len(cell) > LONGEST_CELL for cell in cells):
        raise invalid_list(f"Ligne {row} : une case dépasse {LONGEST_CELL} caractères.")
    # On one line, so that what is cut off is no second number behind many spaces.
    phone = " ".join(cells[phone_column].split()) if phone_column < len(cells) else ""
    # An empty cell is no value: "Bonjour ," is worse than a refusal that names the row. A spreadsheet cuts a row after
    # its last filled cell.
    values = {name: cells[column].strip() for column, name in names.items() if column < len(cells)}
    variables = {name: value for name, value in values.items() if value}
    return Recipient(plain_cell(phone)[:LONGEST_PHONE_SHOWN], variables)
