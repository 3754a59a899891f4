"""The text of the conditions, taken apart into headings and paragraphs, to be laid out as a page (R4)."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_HEADING = re.compile(r"\s?(\d{1,2}) \. +\S(?: \S)*(?: {1,2}\S| ’ \S)*")
_TITLES = (
    "Définitions",
    "Objet et durée",
    "Commande du service",
    "Renouvellement",
    "Conditions d’acheminement",
    "Droit et limites d’utilisation",
    "Conditions financières",
    "Protection des données",
)
"""The headings by their numbers: the published file spaces their letters out, and not always their words."""

_STARTS_A_DEFINITION = re.compile(r"[A-Z][\w ]* (?:: )?désigne")


class Piece(NamedTuple):
    """One heading or paragraph. `level`: 1 of the document, 2 of a clause, 0 of a paragraph."""

    level: int
    text: str


def pieces(text: str) -> Iterator[Piece]:
    """Headings and paragraphs, each on one line."""
    title, *lines = text.strip().split("\n")
    yield Piece(1, _one_line([title]))
    paragraph: list[str] = []
    for line in [*lines, ""]:
        heading = _HEADING.fullmatch(line.rstrip())
        if (heading or not line.strip() or _STARTS_A_DEFINITION.match(line)) and paragraph:
            yield Piece(0, _one_line(paragraph))
            paragraph = []
        if heading:
            yield Piece(2, f"{heading[1]}. {_TITLES[int(heading[1]) - 1]}")
        elif line.strip():
            paragraph.append(line)


def _one_line(lines: list[str]) -> str:
    """An address that is broken after its hyphen is put together again."""
    return " ".join(" ".join(lines).split()).replace("commande- sms@", "commande-sms@")
