"""Find the column of a list that has the mobile numbers, by the words of its heading in any order."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from schoolsms.domain.texts.placeholders import normalise_name

MOBILE = frozenset(("portable", "port", "mobile", "mob", "cellulaire", "cell", "gsm"))
PHONE = frozenset(("telephone", "telephonique", "tel", "phone"))
NUMBER = frozenset(("numero", "num", "nr", "no", "n", "number"))
MESSAGE = frozenset(("sms", "texto"))
# Whose number it is, and what it is for. Not what makes it another thing: a fixed line, a fax, a computer, an answer.
_WORDS_AROUND = """
a au aux autre d de des du e eme en er ere et l la le les nd of ou pour premier premiere s second seconde the un une
accompagnateur accompagnatrice accueil adulte apprenti apprentie assistant assistante beau belle conjoint conjointe
contact contacter correspondant correspondante ele eleve enfant enseignant etudiant familial familiale famille
fille fils financier financiere frere grand legal legale legaux m madame maitre maman mere mme monsieur papa parent
parental parentale payeur pere personne principal principale prof professeur referent rep representant resp responsable
rl soeur stage stagiaire tuteur tutrice
appel appeler cas chiffre coordonnees format international joindre national obligatoire preference perso personnel
personnelle primary prive privee pro professionnel professionnelle urgence valeur value
"""
AROUND = frozenset(_WORDS_AROUND.split())
_KNOWN = MOBILE | PHONE | NUMBER | AROUND | MESSAGE
_COUNTRY_CODE = frozenset(("indicatif", "ind"))
_AROUND_CODE = frozenset(("pays", "telephonique", "international"))
_tokens = re.compile(r"[a-z]+|[0-9]+").findall
# « TelPortableResp1 » and « numtel », as programs head their exports.
PART = "telephone|tel|phone|portable|mobile|numero|number|num|gsm|port|responsable|resp|parent|eleve|legal|pere|mere"
_run_together = re.compile(f"(?:{PART})+").fullmatch
_parts = re.compile(PART).findall
_no_letters = re.compile(r"[\W_]+")


_MERE_NUMBER = 2


class PhoneColumns(NamedTuple):
    """The column that has the numbers, the others headed as such, and those of them that might be meant as well."""

    used: int
    unused: Sequence[int]
    rivals: Sequence[int]


def heading_key(heading: str) -> str:
    """The words of a heading, however it is spelled: no case, no accents, no signs."""
    return " ".join(_no_letters.sub(" ", normalise_name(heading)).split())


def phone_columns(headings: Sequence[str]) -> PhoneColumns | None:
    """The mobiles', else the telephones', else the column headed « numéro »; the leftmost of several. None: no such."""
    ranks = {column: rank for column, heading in enumerate(headings) if (rank := _rank(heading)) is not None}
    if not ranks:
        return None
    used = min(ranks, key=lambda column: (ranks[column], column))
    # A « numéro » beside telephones is something else's.
    unused = [column for column, rank in ranks.items() if column != used and rank < _MERE_NUMBER]
    return PhoneColumns(used, unused, [column for column in unused if ranks[column] == ranks[used]])


def country_code_column(headings: Sequence[str], used: int) -> int | None:
    """The column left of the numbers that has their country codes, headed « Indicatif », if there is one."""
    words = heading_key(headings[used - 1]).split() if used else []
    if not words or words[0] not in _COUNTRY_CODE:
        return None
    return used - 1 if all(word in _KNOWN or word in _AROUND_CODE or word.isdigit() for word in words[1:]) else None


def with_country_code(code: str, phone: str) -> str:
    """The number that `phone` is where one dials `code` before it; France's is read without it as well."""
    digits = re.sub(r"^(?:\+|00)", "", code.strip())
    if digits == "33" or not (digits.isascii() and digits.isdecimal()) or not phone or phone.startswith(("+", "00")):
        return phone
    return f"+{digits}{phone.removeprefix('0')}"


def _rank(heading: str) -> int | None:
    words = [part for token in _tokens(heading_key(heading)) for part in _words(token)]
    if not all(word in _KNOWN or word.isdigit() for word in words):
        return None
    if not MOBILE.isdisjoint(words):
        return 0
    if not PHONE.isdisjoint(words) or not (NUMBER.isdisjoint(words) or MESSAGE.isdisjoint(words)):
        return 1
    return _MERE_NUMBER if words and NUMBER.issuperset(words) else None


def _words(token: str) -> Sequence[str]:
    """The words of a token, in the singular."""
    singular = token if token in _KNOWN else token.removesuffix("s")
    return _parts(singular) if singular not in _KNOWN and _run_together(singular) else [singular]
