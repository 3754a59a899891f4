"""Find variables that are half written, or written as other programs write them: `((prenom`, `{{prenom}}`, `[prenom]`.

They stay in the text as they are, so that a family would read « Bonjour {{prenom}} » (R19).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from schoolsms.domain.texts.placeholders import compile_template, normalise_name, without_variables

_NAME = r"[^\W_](?:[^()\[\]{}\n\r,;.:!?]{0,60}?[^\W_])?"
# Each with its variable's name as a group, the longest marks first; `((prenom` without an end has one word of it.
_MARKS = re.compile(
    rf"\{{\{{\s*(?P<two_braces>{_NAME})\s*\}}\}}|\{{\s*(?P<brace>{_NAME})\s*\}}|\[\s*(?P<bracket>{_NAME})\s*\]"
    rf"|\(\(\s*(?P<half_closed>{_NAME})\s*\)(?!\))|\(\(\s*(?P<unclosed>[^\W_][\w'’-]{{0,39}})"
    rf"|(?<!\()\(\s*(?P<half_opened>{_NAME})\s*\)\)"
)
_CERTAIN = frozenset(("two_braces", "brace", "half_closed", "unclosed"))
"""Nothing else looks like these. Texts have brackets and parentheses of their own, « [Collège Valéry] »: those count
where they name a variable that is given."""
_LONG = re.compile(r"\S{4,}")

MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class _Mark:
    written: str
    at: int
    certain: bool
    name: str

    def names_one_of(self, given: Iterable[str]) -> bool:
        """Whether it has all words of a variable, or a long one: « [prénom de l'élève] » means « prenom »."""
        words = set(self.name.split())
        return any(words.issuperset(name.split()) or words & set(_LONG.findall(name)) for name in given)


@dataclass(frozen=True, slots=True)
class HalfWritten:
    """The marks in a text that look like variables and are none; one without any is false."""

    _marks: tuple[_Mark, ...]
    _used: frozenset[str]
    _known: dict[tuple[str, ...], str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self._marks)

    def beside(self, variables: Mapping[str, str]) -> str:
        """The marks, in French with their places, that the text has beside `variables` which it does not use; or ""."""
        names = tuple(variables)
        if names not in self._known:
            if len(self._known) > 100:  # a list has one set of columns; a caller may give each recipient another
                self._known.clear()
            self._known[names] = self._named(names)
        return self._known[names]

    def _named(self, names: Iterable[str]) -> str:
        given = {normalise_name(name) for name in names}
        unused = given - self._used
        found = [mark for mark in self._marks if (mark.certain and unused) or mark.names_one_of(given)]
        shown = ", ".join(f"« {mark.written} » ({_place(mark.at)} caractère)" for mark in found[:MOST_NAMED])
        return f"{shown}…" if len(found) > MOST_NAMED else shown


def half_written(text: str) -> HalfWritten:
    """The half-written variables of `text`, to be judged beside what each recipient gives."""
    template = compile_template(text)
    used = frozenset(map(normalise_name, template.names))
    return HalfWritten(tuple(map(_mark, _MARKS.finditer(without_variables(text)))), used)


def _mark(found: re.Match[str]) -> _Mark:
    kind = found.lastgroup or ""
    return _Mark(
        written=" ".join(found[0].split()),
        at=found.start() + 1,
        certain=kind in _CERTAIN,
        name=normalise_name(found[kind]),
    )


def _place(at: int) -> str:
    return "1er" if at == 1 else f"{at}e"
