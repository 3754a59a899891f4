"""UAI: the national code of a school, seven digits and a check letter."""

import re

from schoolsms.domain.errors import RefusedError

_form = re.compile(r"[0-9]{7}[A-Za-z]").fullmatch
_CHECK_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"

# By department prefix; everything else, Corsica's 620 and 720 included, is metropolitan France.
# Schools of Saint-Barthélemy and Saint-Martin mostly bear Guadeloupe's 971: for those the operator
# sets the country by hand. Mind that the Pacific prefixes are not the postal ones.
_TERRITORIES = {
    "971": "GP",
    "972": "MQ",
    "973": "GF",
    "974": "RE",
    "975": "PM",
    "976": "YT",
    "977": "BL",
    "978": "MF",
    "983": "NC",
    "984": "PF",
    "987": "WF",
}


def upper_case_uai(raw: str) -> str | None:
    """In upper case, or None for what has not the form of a UAI; its check letter may be wrong.

    The form is checked first, because Unicode makes an S of more letters than s.
    """
    return raw.upper() if _form(raw) else None


def normalise_uai(raw: str) -> str | None:
    """Trimmed and upper-case, or None when it is not a UAI or its check letter is wrong."""
    uai = upper_case_uai(raw.strip())
    return uai if uai and _CHECK_LETTERS[int(uai[:7]) % 23] == uai[7] else None


def checked_uai(raw: str) -> str:
    """As `normalise_uai`. Raises RefusedError."""
    uai = normalise_uai(raw)
    if uai is None:
        raise RefusedError("Ce code UAI est incorrect : 7 chiffres, puis une lettre qui les vérifie.", "invalid-uai")
    return uai


def department_prefix(uai: str) -> str:
    """The three first digits: 075 Paris, 620 and 720 Corsica, 971 to 976 overseas departments."""
    return uai[:3]


def territory(uai: str) -> str:
    """ISO 3166 code of the territory a normalised UAI belongs to."""
    return _TERRITORIES.get(department_prefix(uai), "FR")
