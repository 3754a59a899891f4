"""Search for a school as people write it: by words of its name, its town or its UAI, without case and accents."""

from __future__ import annotations

import re
from dataclasses import dataclass

from schoolsms.domain.errors import RefusedError
from schoolsms.domain.french import without_accents
from schoolsms.domain.schools.schools import School, SchoolState

LONGEST = 100
_word = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class SchoolSearch:
    """The folded `words` that must all occur, in any order, and the state; None for any."""

    words: tuple[str, ...] = ()
    state: SchoolState | None = None

    @classmethod
    def of(cls, written: str | None, state: str | None) -> SchoolSearch:
        """Raises RefusedError."""
        if written and len(written) > LONGEST:
            raise RefusedError(f"Une recherche a {LONGEST} caractères au plus.", "search-too-long")
        return cls(words_of(written or ""), _state(state))

    def finds(self, school: School) -> bool:
        """Whether the school is meant: each word is part of a word of its name or town, or of its UAI."""
        if self.state not in (None, school.state):
            return False
        theirs = words_of(f"{school.name} {school.address.city} {school.uai}") if self.words else ()
        return all(any(word in each for each in theirs) for word in self.words)


def words_of(text: str) -> tuple[str, ...]:
    """The words of `text`, folded: `Lycée Cœur-d'Or` → lycee, coeur, d, or."""
    return tuple(_word.findall(without_accents(text).casefold().replace("œ", "oe").replace("æ", "ae")))


def _state(written: str | None) -> SchoolState | None:
    match written or None:
        case None | "active" | "suspended" | "terminated" as known:
            return known
        case _:
            raise RefusedError("L'état d'un établissement est active, suspended ou terminated.", "unknown-state")
