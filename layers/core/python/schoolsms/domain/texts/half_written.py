"""Find variables that are half written, or written as other programs write them: `((prenom`, `{{prenom}}`, `[prenom]`.

They stay in the text as they are, so that a family would read « Bonjour {{prenom}} » (R19). No text to families wants
`((prenom` or `{{prenom}}`: they are always suspicious. `{prenom}` is beside values that the text does not use, and
where it names a value that is given, as do `[prenom]` and `(prenom))`, which texts have for other purposes too.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from schoolsms.domain.texts.placeholders import compile_template, normalise_name, without_variables

_NAME = r"[^\W_](?:[^()\[\]{}\n\r,;.:!?]{0,60}?[^\W_])?"
_OPENED = r"(?:\(\(|(?<![:;=(-])\(\(\s+)"
"""Two parentheses, but for a sad face, `:((`, that words follow."""
# Each with its variable's name as a group, the longest marks first; `((prenom` without an end has one word of it.
_MARKS = re.compile(
    rf"\{{\{{\s*(?P<two_braces>{_NAME})\s*\}}\}}|\{{\s*(?P<brace>{_NAME})\s*\}}|\[\s*(?P<bracket>{_NAME})\s*\]"
    rf"|{_OPENED}(?P<half_closed>{_NAME})\s*\)(?!\))|{_OPENED}(?P<unclosed>[^\W_][\w'’-]{{0,39}})"
    rf"|(?<!\()\(\s*(?P<half_opened>{_NAME})\s*\)\)"
)
_When = Literal["always", "unused", "named"]
_WHEN: Mapping[str, _When] = {"two_braces": "always", "half_closed": "always", "unclosed": "always", "brace": "unused"}
"""When a mark counts: always, beside a value that the text does not use, or where it names one. Texts have brackets and
parentheses of their own, « [Collège Valéry] »: those are `named`."""
_LONG = re.compile(r"\S{4,}")

MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class _Mark:
    written: str
    at: int
    when: _When
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

    def anyway(self) -> str:
        """The marks that count whatever values there are, in French with their places; or ""."""
        return _shown([mark for mark in self._marks if mark.when == "always"])

    def beside(self, variables: Mapping[str, str]) -> str:
        """The marks that count beside `variables`, in French with their places; or ""."""
        names = tuple(variables)
        if names not in self._known:
            if len(self._known) > 100:  # a list has one set of columns; a caller may give each recipient another
                self._known.clear()
            self._known[names] = self._named(names)
        return self._known[names]

    def _named(self, names: Iterable[str]) -> str:
        given = {normalise_name(name) for name in names}
        unused = given - self._used
        return _shown(
            [
                mark
                for mark in self._marks
                if mark.when == "always" or (mark.when == "unused" and unused) or mark.names_one_of(given)
            ]
        )


@dataclass(frozen=True, slots=True)
class SuspiciousPlaceholder:
    """A warning to who still writes: everybody would be refused a text with these `marks`, unless it is confirmed."""

    marks: str

    code: ClassVar[Literal["suspicious-placeholder"]] = "suspicious-placeholder"
    name: ClassVar[str] = ""
    recipients: ClassVar[int] = 0

    @property
    def detail(self) -> str:
        return f"Les familles liraient {self.marks} tel quel. {MENDED}"


MENDED = (
    "Écrivez une variable entre doubles parenthèses, comme ((prenom)) ; si le texte est bien celui que vous voulez, "
    "confirmez-le (confirm_placeholders)."
)


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
        when=_WHEN.get(kind, "named"),
        name=normalise_name(found[kind]),
    )


def _shown(found: Sequence[_Mark]) -> str:
    shown = ", ".join(f"« {mark.written} » ({_place(mark.at)} caractère)" for mark in found[:MOST_NAMED])
    return f"{shown}…" if len(found) > MOST_NAMED else shown


def _place(at: int) -> str:
    return "1er" if at == 1 else f"{at}e"
