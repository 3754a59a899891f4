"""Consents as a French spreadsheet lists them: a number and the fields of its proof in each row (R44)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from schoolsms.domain.consents import Collected, number
from schoolsms.domain.errors import RefusedError
from schoolsms.domain.phone_headings import heading_key, phone_columns
from schoolsms.domain.placeholders import without_unseen
from schoolsms.domain.spreadsheets import invalid_list, plain_cell, records_of

MAX_ROWS = 5_000
"""Rows of one import: what is written within the time of a call."""

LONGEST: Mapping[str, int] = {"wording": 1000, "version": 50, "channel": 100, "collected_by": 200}
"""Characters of each field of a proof, as in `contracts_consents`."""

_HEADINGS: Mapping[str, Sequence[str]] = {
    "wording": ("wording", "formulation", "texte", "libelle", "mention"),
    "version": ("version", "version du texte"),
    "channel": ("channel", "canal", "moyen"),
    "collected_by": ("collected by", "recueilli par", "collecte par"),
    "collected_at": ("collected at", "recueilli le", "collecte le", "date de recueil", "date"),
}
_FRENCH = {
    "phone": "téléphone",
    "wording": "formulation",
    "version": "version",
    "channel": "canal",
    "collected_by": "recueilli par",
    "collected_at": "recueilli le",
}
_french_date = re.compile(
    r"(\d{1,2})/(\d{1,2})/(\d{4})(?:[ T]+(?:à )?(\d{1,2})[:h](\d{2})?(?::(\d{2}))?)?", re.ASCII
).fullmatch
_control = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True)
class ListedConsent:
    """A row that can be recorded; `phone` in E.164."""

    row: int
    phone: str
    collected: Collected


@dataclass(frozen=True)
class RowError:
    """A row that cannot, and why; `phone` as it is written there."""

    row: int
    phone: str
    code: str
    detail: str


def parse_consents(content: bytes, home: str = "FR") -> Iterator[ListedConsent | RowError]:
    """Row by row, numbers as typed in the territory `home`. Raises RefusedError for what is no list."""
    records = list(records_of(content))
    if len(records) < 2:
        raise invalid_list("La liste est vide : elle a une ligne de titres, puis une ligne par destinataire.")
    if len(records) > MAX_ROWS + 1:
        raise invalid_list(f"La liste a plus de {MAX_ROWS} lignes : partagez-la en plusieurs.")
    columns = _columns(records[0][1])
    return (_read(row, cells, columns, home) for row, cells in records[1:])


def _columns(headings: Sequence[str]) -> Mapping[str, int]:
    keys = [heading_key(heading) for heading in headings]
    found = {
        field: keys.index(known)
        for field, names in _HEADINGS.items()
        if (known := next((name for name in names if name in keys), None)) is not None
    }
    if phones := phone_columns(headings):
        if phones.rivals:  # a proof of consent is of one number, and nobody can tell of which
            both = " et ".join(f"« {without_unseen(headings[at])[:40]} »" for at in (phones.used, phones.rivals[0]))
            raise invalid_list(
                f"La liste a deux colonnes de numéros, {both} : gardez celle des numéros qui consentent."
            )
        found["phone"] = phones.used
    if missing := [f"« {french} »" for field, french in _FRENCH.items() if field not in found]:
        raise invalid_list(f"Il manque à la liste ces colonnes : {', '.join(missing)}.")
    return found


def _read(row: int, cells: Sequence[str], columns: Mapping[str, int], home: str) -> ListedConsent | RowError:
    values = {name: plain_cell(cells[at].strip()) if at < len(cells) else "" for name, at in columns.items()}
    shown = values["phone"][:64]
    try:
        phone = number(values["phone"], home)
        for field, longest in LONGEST.items():
            _check(values[field], _FRENCH[field], longest)
        at = _day_or_instant(values["collected_at"])
    except RefusedError as refused:
        return RowError(row, shown, refused.code, refused.detail)
    collected = Collected(values["wording"], values["version"], values["channel"], values["collected_by"], at)
    return ListedConsent(row, phone, collected)


def _check(value: str, name: str, longest: int) -> None:
    if not value:
        raise RefusedError(f"La colonne « {name} » est vide.", "missing-field")
    if len(value) > longest or _control.search(value):
        raise RefusedError(
            f"La colonne « {name} » a {longest} caractères au plus, sur une seule ligne.", "invalid-field"
        )


def _day_or_instant(written: str) -> datetime | date:
    """`24/11/2026`, `2026-11-24`, or with an hour; without a zone it is the school's own."""
    try:
        if found := _french_date(written):
            day, month, year, hour, minute, second = (int(each) if each else 0 for each in found.groups())
            if found[4] is None:
                return date(year, month, day)
            return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - the school's own clock
        if len(written) == len("2026-11-24"):
            return date.fromisoformat(written)
        return datetime.fromisoformat(written)
    except ValueError:
        raise RefusedError("La date de recueil est illisible : écrivez 24/11/2026.", "invalid-date") from None
