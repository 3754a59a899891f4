"""Texts with variables written `((prenom))` (R19): compiled once, rendered for each recipient."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter

# Word processors and telephones write these signs for those of a keyboard.
_TYPED = str.maketrans({**dict.fromkeys("‘’ʼ´`′", "'"), **dict.fromkeys("‐‑‒–—―−", "-")})
# Of the look of the sign before; and letters in name only, which show nothing.
_SELECTORS_AND_FILLERS = frozenset("\u034f\u115f\u1160\u3164\uffa0" + "".join(map(chr, range(0xFE00, 0xFE10))))
_VARIABLE = re.compile(r"\(\((?=\s*[^()\s])([^()\n\r]+)\)\)")


@dataclass(frozen=True, slots=True)
class MissingVariable:
    """The recipient gives no value for this variable, named as the text writes it."""

    name: str


@dataclass(frozen=True, slots=True)
class Template:
    """`names` are the distinct variables in order of appearance, each as first written."""

    names: tuple[str, ...]
    _literals: tuple[str, ...]  # one more than the variables between them
    _slots: tuple[str, ...]

    @property
    def places(self) -> int:
        """Number of times a value is put in, repeated names counted again."""
        return len(self._slots)

    @property
    def fixed_length(self) -> int:
        """Characters that are in every rendering."""
        return sum(map(len, self._literals))

    def with_fixed(self, change: Callable[[str], str]) -> str:
        """The text again, its fixed pieces changed, its variables left in their places."""
        pieces = [""] * (2 * len(self._slots) + 1)
        pieces[::2] = map(change, self._literals)
        pieces[1::2] = [f"(({name}))" for name in self._slots]
        return "".join(pieces)

    def knows(self, name: str) -> bool:
        """Whether a value of that name has a place here."""
        return name in self._slots or normalise_name(name) in map(normalise_name, self._slots)

    def values(self, variables: Mapping[str, str]) -> list[str] | MissingVariable:
        """The value of `variables` for each place."""
        try:
            return [variables[name] for name in self._slots]
        except KeyError:
            return _values_by_meaning(self._slots, variables)

    def getter(self) -> Callable[[Mapping[str, str]], Sequence[str]]:
        """A quick `values`, for many recipients: it raises KeyError unless each name is spelt as in the text."""
        if len(self._slots) > 1:
            return itemgetter(*self._slots)
        return lambda variables: [variables[name] for name in self._slots]

    def filled(self, values: Sequence[str]) -> str:
        """One pass: the text of a value, `((x))` included, stays text."""
        pieces = self.pieces()
        pieces[1::2] = values
        return "".join(pieces)

    def pieces(self) -> list[str]:
        """The fixed pieces, each with an empty one behind it for the value of its place, but for the last."""
        pieces = [""] * (2 * len(self._slots) + 1)
        pieces[::2] = self._literals
        return pieces

    def render(self, variables: Mapping[str, str]) -> str | MissingVariable:
        """The text for who has these `variables`."""
        values = self.values(variables)
        return values if isinstance(values, MissingVariable) else self.filled(values)


def compile_template(text: str) -> Template:
    """Names are trimmed and compare without case or accents; anything ill-formed stays text."""
    pieces = _VARIABLE.split(text)
    slots = [name.strip() for name in pieces[1::2]]
    names = {normalise_name(name): name for name in reversed(slots)}
    return Template(
        names=tuple(dict.fromkeys(names[normalise_name(name)] for name in slots)),
        _literals=tuple(pieces[::2]),
        _slots=tuple(slots),
    )


def without_variables(text: str) -> str:
    """`text` with each variable as so many line ends: what is left stays in its place."""
    return _VARIABLE.sub(lambda found: "\n" * len(found[0]), text)


def names(text: str) -> tuple[str, ...]:
    """The distinct variables of a text, in order of appearance."""
    return compile_template(text).names


def render(text: str, variables: Mapping[str, str]) -> str | MissingVariable:
    """Compiles and renders; for many recipients compile once."""
    return compile_template(text).render(variables)


@lru_cache(maxsize=1024)
def normalise_name(name: str) -> str:
    """The key under which `Prénom`, ` prenom ` and `PRENOM` are one variable, and `l’âge` is `l'age`.

    Invisible characters make no difference: soft hyphens, marks, line ends, two spaces for one, or no-break ones.
    """
    # Some signs are a space with an accent once they are taken apart: first what a keyboard has for them.
    decomposed = unicodedata.normalize("NFKD", " ".join(name.casefold().split()).translate(_TYPED))
    decomposed = decomposed.casefold().translate(_TYPED)  # № is an N and an o now
    return " ".join(
        "".join(char for char in decomposed if not (unicodedata.combining(char) or _is_unseen(char))).split()
    )


def without_unseen(name: str) -> str:
    """`name` as it is seen: on one line, single spaces, no invisible marks. Its accents stay."""
    return " ".join("".join(char for char in name if not _is_unseen(char)).split())


def _is_unseen(char: str) -> bool:
    return char in _SELECTORS_AND_FILLERS or (unicodedata.category(char) in ("Cf", "Cc") and not char.isspace())


def _values_by_meaning(slots: tuple[str, ...], variables: Mapping[str, str]) -> list[str] | MissingVariable:
    by_key: dict[str, str] = {}
    for name, value in variables.items():
        by_key.setdefault(normalise_name(name), value)
    values = []
    for slot in slots:
        # The spelling of the text wins, so that a value never depends on the other variables.
        if slot in variables:
            values.append(variables[slot])
        elif (key := normalise_name(slot)) in by_key:
            values.append(by_key[key])
        else:
            return MissingVariable(slot)
    return values
