"""Recognises fields that people struck out to say that nothing is in them: strokes, dots, « néant » (R7)."""

import re

from schoolsms.domain.orders.forms.stipulations import bare

_STROKES = re.compile(r"[\s\-‐‑‒–—―−_/\\|.…·:∅Øø]+")
"""Signs that strike a field out. Not « x » or « ✓ », which tick it as often."""

_WORDS = frozenset(
    ("neant", "rien", "aucun", "aucune", "zero", "nul", "ras", "r.a.s", "sans objet", "s.o", "n/a", "nc")
)
_ZERO = re.compile(r"0+([.,]0+)?")
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")


def is_zero(written: str) -> bool:
    """Whether a quantity orders nothing: blank, struck out, « néant » or a zero.

    A school strikes out the rows that it does not use, so that nobody can write in them after it signed.
    """
    return not written.strip() or _says_nothing(written) or _ZERO.fullmatch(written.strip()) is not None


def is_filled_in(written: str) -> bool:
    """Whether a required field says something: two different letters or digits at least, and no « néant ».

    « . », « x », « - » and « xxx » only make a viewer take the field for filled in.
    """
    signs = {sign.casefold() for sign in _LETTER_OR_DIGIT.findall(written)}
    return len(signs) > 1 and not _says_nothing(written)


def _says_nothing(written: str) -> bool:
    return _STROKES.fullmatch(written) is not None or bare(written).rstrip(". ") in _WORDS
