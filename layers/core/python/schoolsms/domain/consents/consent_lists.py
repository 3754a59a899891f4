"""Consents as a French spreadsheet lists them: a number and the fields of its proof in each row (R44)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from schoolsms.domain.consents.consents import Collected, number
from schoolsms.domain.errors import RefusedError
from schoolsms.domain.texts.files.phone_headings import (
    country_code_column,
    heading_key,
    phone_columns,
    with_country_code,
)
from schoolsms.domain.texts.files.spreadsheets import invalid_list, plain_cell, records_of
from schoolsms.domain.texts.placeholders import normalise_name, without_unseen

MAX_ROWS = 5_000
"""The most rows of one import, because all are written within the time of one call."""

LONGEST: Mapping[str, int] = {"wording": 1000, "version": 50, "channel": 100, "collected_by": 200}
"""The most characters of each field of a proof, as in `api/bodies/consents.py`."""

_HEADINGS: Mapping[str, Sequence[str]] = {
    "wording": (
        *("wording", "formulation", "formulation acceptee", "texte", "texte accepte", "texte du consentement"),
        *("libelle", "mention"),
    ),
    "version": ("version", "version du texte"),
    "channel": ("channel", "canal", "moyen"),
    "collected_by": ("collected by", "recueilli par", "recueillie par", "collecte par", "collectee par"),
    "collected_at": (
        *("collected at", "recueilli le", "recueillie le", "collecte le", "collectee le"),
        *("date de recueil", "date du recueil", "date de collecte", "date de la collecte", "date du consentement"),
        "date",
    ),
}
_HEADINGS_SHOWN = 8
_NEW_HOLDER = ("new holder", "nouveau titulaire", "nouvelle titulaire")
_YES = frozenset(("oui", "o", "x", "yes", "true", "vrai", "1"))
_NO = frozenset(("", "non", "n", "no", "false", "faux", "0"))
_FRENCH = {
    "phone": "téléphone",
    "wording": "formulation",
    "version": "version",
    "channel": "canal",
    "collected_by": "recueilli par",
    "collected_at": "recueilli le",
}
_hour = r"(?:,?[ T]+(?:à )?(\d{1,2}) ?[:h] ?(\d{2})?(?::(\d{2}))?)?"
_french_date = re.compile(rf"(\d{{1,2}})([/.-])(\d{{1,2}})\2(\d{{4}}|\d{{2}}){_hour}", re.ASCII).fullmatch
# As Excel's long and short dates: « mardi 1 septembre 2026 », « 24-nov-26 ».
_spelled_date = re.compile(
    rf"(?:[a-z]{{5,8}} )?(\d{{1,2}})(?:er)?([ -])([a-z]{{3,9}})\.?[ -](\d{{4}}|\d{{2}}){_hour}", re.ASCII
).fullmatch
_MONTHS = (
    *("janvier", "fevrier", "mars", "avril", "mai", "juin"),
    *("juillet", "aout", "septembre", "octobre", "novembre", "decembre"),
)
_CENTURY = 2000
"""Of a year of two figures."""

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
    width = len(records[0][1])
    return (_read(row, cells, columns, width, home) for row, cells in records[1:])


def _columns(headings: Sequence[str]) -> Mapping[str, int]:
    keys = [heading_key(heading) for heading in headings]
    found = {
        field: keys.index(known)
        for field, names in _HEADINGS.items()
        if (known := next((name for name in names if name in keys), None)) is not None
    }
    for field, at in found.items():
        if keys.count(keys[at]) > 1:
            raise invalid_list(
                f"La liste a deux colonnes « {without_unseen(headings[at])[:40]} » : gardez celle qui dit "
                f"« {_FRENCH[field]} »."
            )
    if new_holder := next((name for name in _NEW_HOLDER if name in keys), None):
        found["new_holder"] = keys.index(new_holder)
    if phones := phone_columns(headings):
        if phones.rivals:  # a proof of consent is for one number, and nobody can tell which
            both = " et ".join(f"« {without_unseen(headings[at])[:40]} »" for at in (phones.used, phones.rivals[0]))
            raise invalid_list(
                f"La liste a deux colonnes de numéros, {both} : gardez celle des numéros qui consentent."
            )
        found["phone"] = phones.used
        if (code := country_code_column(headings, phones.used)) is not None:
            found["country_code"] = code
    if missing := [f"« {french} »" for field, french in _FRENCH.items() if field not in found]:
        read = ", ".join(f"« {without_unseen(heading)[:40]} »" for heading in headings[:_HEADINGS_SHOWN] if heading)
        raise invalid_list(
            f"Il manque à la liste ces colonnes : {', '.join(missing)}. Sa première ligne se lit : {read}. Donnez ces "
            "titres à la première ligne, puis importez la liste à nouveau."
        )
    return found


def _read(
    row: int, cells: Sequence[str], columns: Mapping[str, int], width: int, home: str
) -> ListedConsent | RowError:
    values = {name: plain_cell(cells[at].strip()) if at < len(cells) else "" for name, at in columns.items()}
    values["phone"] = with_country_code(values.get("country_code", ""), values["phone"])
    shown = values["phone"][:64]
    try:
        phone = number(values["phone"], home)
        if any(cell.strip() for cell in cells[width:]):  # a wording cut at a separator is no proof
            raise RefusedError("Il y a plus de cases que de titres : un séparateur est-il mal placé ?", "invalid-field")
        for field, longest in LONGEST.items():
            _check(values[field], _FRENCH[field], longest)
        at, new_holder = _day_or_instant(values["collected_at"]), _is_yes(values.get("new_holder", ""))
    except RefusedError as refused:
        return RowError(row, shown, refused.code, refused.detail)
    fields = (values["wording"], values["version"], values["channel"], values["collected_by"], at)
    collected = Collected(*fields, new_holder)
    return ListedConsent(row, phone, collected)


def _is_yes(written: str) -> bool:
    answer = normalise_name(written)
    if answer not in _YES | _NO:
        raise RefusedError("La colonne « nouveau titulaire » attend oui ou non.", "invalid-field")
    return answer in _YES


def _check(value: str, name: str, longest: int) -> None:
    if not value:
        raise RefusedError(f"La colonne « {name} » est vide.", "missing-field")
    if len(value) > longest or _control.search(value):
        raise RefusedError(
            f"La colonne « {name} » a {longest} caractères au plus, sur une seule ligne.", "invalid-field"
        )


def _day_or_instant(written: str) -> datetime | date:
    """`24/11/2026`, `24/11/26`, `24 novembre 2026`, `2026-11-24`, or with an hour, of the school's own clock."""
    try:
        return _date_as_written(" ".join(written.split()))
    except ValueError:
        raise RefusedError("La date de recueil est illisible : écrivez 24/11/2026.", "invalid-date") from None


def _date_as_written(written: str) -> datetime | date:
    """Raises ValueError."""
    if found := _french_date(written) or _spelled_date(normalise_name(written)):
        day, _, month, year, *hour = found.groups()
        number = int(month) if month.isdecimal() else _month(month)
        at = date(int(year) if len(year) > len("26") else _CENTURY + int(year), number, int(day))
        if hour[0] is None:
            return at
        hours, minutes, seconds = (int(each or 0) for each in hour)
        return datetime.combine(at, time(hours, minutes, seconds))
    return date.fromisoformat(written) if len(written) == len("2026-11-24") else datetime.fromisoformat(written)


def _month(name: str) -> int:
    """The one month that begins so, `name` in small letters without accents. Raises ValueError."""
    (found,) = (number for number, month in enumerate(_MONTHS, 1) if month.startswith(name))
    return found
