"""Turn recipients as posted into the lines of a request, or into refusals that say why (R19-R23).

Acceptance and estimates share it, so that what was estimated is what is accepted.
"""

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, NamedTuple

from schoolsms.domain.errors import RefusedError
from schoolsms.domain.french import french_number
from schoolsms.domain.schools.decisions.destinations import HOME_MULTIPLIERS
from schoolsms.domain.sending.send_requests import Line, Refusal, RefusalCode
from schoolsms.domain.texts.forbidden_content import forbidden_content, looks_harmless
from schoolsms.domain.texts.half_written import MENDED, half_written
from schoolsms.domain.texts.phone_numbers import Mobile, RefusedNumber, parse_mobiles, why_invalid
from schoolsms.domain.texts.placeholders import MissingVariable, Template, compile_template
from schoolsms.domain.texts.sms_text import (
    BASIC_COUNTS,
    GSM_BASIC,
    LATIN_COUNTS,
    MAX_CHARACTERS,
    MAX_SMS,
    MAX_UNICODE_UNITS,
    SmsCount,
    count,
    is_too_long,
)
from schoolsms.domain.texts.typography import AROUND, EncodingMode, forbidden_characters, is_blank, prepare, unsendable

MOST_VARIABLES = 50
"""The most places for variables in one text, because rendering more for all recipients would take too long."""

LONGEST_RENDERED = 4 * MAX_CHARACTERS
"""Characters as written: however much preparing takes out, more is too long, and composing it would take too long."""

LONGEST_NAME_SHOWN = 40
MOST_WARNINGS = 20

_DETAILS: Mapping[RefusalCode, str] = {
    "invalid-number": "{why}",
    "not-a-mobile": "Ce numéro n'est pas un mobile : il ne reçoit pas de SMS. Indiquez le mobile de ce destinataire.",
    "country-not-authorised": "L'envoi vers ce pays n'est pas autorisé pour votre établissement.",
    "no-consent": "Aucun consentement n'est enregistré pour ce numéro : enregistrez-le, ou retirez ce destinataire.",
    "missing-variable": "La variable « {name} » n'a pas de valeur pour ce destinataire.",
    "too-long": "Le message de ce destinataire est trop long : {excess}. Raccourcissez-le.",
    "duplicate": "Ce numéro figure déjà dans la liste, pour le même message.",
    "suspicious-placeholder": f"Ce destinataire lirait {{marks}} tel quel. {MENDED}",
}


class Recipient(NamedTuple):
    """A recipient as posted. A NamedTuple for speed: there are ten thousand in a request."""

    phone: str
    variables: Mapping[str, str] = {}


Composed = tuple[str, SmsCount]
"""A text as a phone will read it, and what it counts. A plain tuple, because one is made per recipient."""


@dataclass(frozen=True, slots=True)
class Forbidden:
    """A text that no SMS carries, or that leads where a school's may not; `detail` names what, in French (R25)."""

    detail: str


@dataclass(frozen=True, slots=True)
class TooLong:
    """A message above the limits (R20); `counted` is None of one so long that it was never counted."""

    counted: SmsCount | None

    @property
    def excess(self) -> str:
        """By how much, in French."""
        if self.counted is None:
            return f"plus de {french_number(LONGEST_RENDERED)} caractères, pour {MAX_CHARACTERS} au plus"
        encoding, characters, sms_count = self.counted
        most = MAX_CHARACTERS if encoding == "gsm" else MAX_UNICODE_UNITS
        parts = f"{sms_count} SMS, pour {MAX_SMS} au plus"
        if characters <= most:
            return parts
        over = f"{french_number(characters)} caractères, soit {french_number(characters - most)} de trop"
        if encoding == "unicode":
            return f"{over} ({parts}, car il a des signes (ê, ç, emoji…) qui raccourcissent chaque SMS)"
        return f"{over} ({parts})" if sms_count > MAX_SMS else over


NotComposed = MissingVariable | Forbidden | TooLong
"""The reason why a recipient has nothing to read."""

# Letters, and the signs between them in names: basic in GSM-7, shown as they are, part of no number or address.
_letters = "".join(sorted(char for char in GSM_BASIC if char.isalpha() and char < "\u0100"))
_plain_words = re.compile(f"[{_letters} '-]*").fullmatch
# The same with the other letters of Latin-1, which make a text unicode: ç, ê, ë, î. No encoding but GSM-7 changes them.
_latin_words = re.compile("[A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff '-]*").fullmatch


def draft(
    text: str,
    mode: EncodingMode,
    recipients: Sequence[Recipient],
    multipliers: Mapping[str, int] = HOME_MULTIPLIERS,
    home: str = "FR",
    *,
    confirm_placeholders: bool = False,
) -> tuple[list[Line], list[Refusal]]:
    """The recipients that can be written to, and the others, both in the order they were posted.

    `multipliers` by ISO country: the countries that may be sent to (R23). `home`: the territory where numbers are
    typed. `confirm_placeholders`: what looks like a half-written variable is meant to be read as it is. Raises
    RefusedError for a text that is no message. Consent, and what was sent before, are not looked at here.
    """
    compose = Composer(text, mode)
    marks = None if confirm_placeholders else half_written(text)
    lines: list[Line] = []
    refusals: list[Refusal] = []
    first: dict[str, str] = {}  # text by number: two children of one parent make two messages
    others: set[tuple[str, str]] = set()
    make = tuple.__new__  # half the work of `Line(…)`, and ten thousand are made
    mobiles = parse_mobiles([recipient.phone for recipient in recipients], multipliers, home)
    for index, (recipient, mobile) in enumerate(zip(recipients, mobiles, strict=True)):
        if isinstance(mobile, str):
            phone, is_test, multiplier = mobile, False, multipliers["FR"]
        elif isinstance(mobile, Mobile):
            phone, country, is_test = mobile
            # A test number costs nothing, also where the school may not send to France.
            multiplier = 0 if is_test else multipliers[country]
        else:
            refusals.append(_refused_number(index, recipient.phone, mobile))
            continue
        if marks and (found := marks.beside(recipient.variables)):
            refusals.append(refusal(index, recipient.phone, "suspicious-placeholder", marks=found))
            continue
        composed = compose.composed(recipient.variables)
        if not isinstance(composed, tuple):
            refusals.append(_not_composed(index, recipient.phone, composed))
            continue
        written, counted = composed
        if phone not in first:
            first[phone] = written
        elif written == first[phone] or (phone, written) in others:
            # The same message twice is a mistake in the list.
            refusals.append(refusal(index, recipient.phone, "duplicate"))
            continue
        else:
            others.add((phone, written))
        sms_count = counted.sms_count
        fields = (index, phone, written, counted.encoding, sms_count, sms_count * multiplier, is_test)
        lines.append(make(Line, fields))
    return lines, refusals


def with_consent(
    lines: Sequence[Line], refusals: Sequence[Refusal], recipients: Sequence[Recipient], granted: Container[str]
) -> tuple[list[Line], list[Refusal]]:
    """The result of `draft`, less those whose number is not among the `granted` (R24); they join the refusals."""
    kept = [line for line in lines if line.phone in granted]
    if len(kept) == len(lines):
        return kept, list(refusals)
    without = [line.index for line in lines if line.phone not in granted]
    refused = [refusal(index, recipients[index].phone, "no-consent") for index in without]
    return kept, sorted([*refusals, *refused], key=lambda each: each.index)


@dataclass(frozen=True, slots=True)
class UnknownVariable:
    """A variable the text has no place for, which `recipients` of them give: a typing error, maybe."""

    name: str
    recipients: int

    code: ClassVar[Literal["unknown-variable"]] = "unknown-variable"

    @property
    def detail(self) -> str:
        return f"La variable « {self.name[:LONGEST_NAME_SHOWN]} » n'est pas dans le texte : elle n'est pas utilisée."


@dataclass(frozen=True, slots=True)
class UnusedNumbers:
    """A column of a list that has numbers too, for `recipients` of them: those in the column `used` are written to."""

    name: str
    recipients: int
    used: str

    code: ClassVar[Literal["unused-numbers"]] = "unused-numbers"

    @property
    def detail(self) -> str:
        return (
            f"La liste a plusieurs colonnes de numéros : « {self.used[:LONGEST_NAME_SHOWN]} » est utilisée, "
            f"« {self.name[:LONGEST_NAME_SHOWN]} » ne l'est pas."
        )


Warned = UnknownVariable | UnusedNumbers
"""A likely mistake that is no reason to refuse."""


def unknown_variables(text: str, recipients: Sequence[Recipient]) -> tuple[UnknownVariable, ...]:
    """Each name once, as first written, at most `MOST_WARNINGS`: worth a warning, no reason to refuse."""
    template = compile_template(text)
    known: dict[str, bool] = dict.fromkeys(template.names, True)
    counts: dict[str, int] = {}
    given: set[str] = set().union(*[recipient.variables for recipient in recipients])
    if given <= known.keys():
        return ()
    for recipient in recipients:
        for name in recipient.variables:
            if name not in known:
                known[name] = template.knows(name)
            if not known[name]:
                counts[name] = counts.get(name, 0) + 1
    return tuple(UnknownVariable(name, count) for name, count in list(counts.items())[:MOST_WARNINGS])


def refusal(index: int, phone: str, code: RefusalCode, **words: str) -> Refusal:
    """A refusal with its sentence; `phone` as it was written."""
    return Refusal(index, phone, code, _DETAILS[code].format(**words))


def as_shown(rendered: str, mode: EncodingMode) -> str:
    """The text as a phone would show it; one that is far too long, as it was written."""
    return prepare(rendered, mode) if len(rendered) <= LONGEST_RENDERED else rendered


class Composer:
    """Renders, prepares and counts the text for one recipient after another; a text without variables only once."""

    def __init__(self, text: str, mode: EncodingMode) -> None:
        self._template: Template = compile_template(text)
        if self._template.places > MOST_VARIABLES:
            raise RefusedError(f"Un message porte au plus {MOST_VARIABLES} variables.", "too-many-variables")
        self._values = self._template.getter()
        self._pieces = self._template.pieces()
        self._mode: EncodingMode = mode
        self._around = "" if mode == "unicode" else AROUND
        self._plain = _is_plain(self._template)
        # Values that were looked at and are words: those of GSM-7, and all.
        self._gsm_words: set[str] = set()
        self._words: set[str] = set()
        self._last: tuple[str, Composed | NotComposed] | None = None

    def composed(self, variables: Mapping[str, str]) -> Composed | NotComposed:
        """The text that this recipient will read, or the reason why nothing is sent."""
        try:
            values = self._values(variables)
        except KeyError:
            by_meaning = self._template.values(variables)
            if isinstance(by_meaning, MissingVariable):
                return by_meaning
            values = by_meaning
        self._pieces[1::2] = values
        rendered = "".join(self._pieces)
        if self._plain:
            # Nothing needs to be looked for in a text of words; each value is looked at once.
            if self._gsm_words.issuperset(values):
                counts: Sequence[SmsCount] = BASIC_COUNTS
            elif self._words.issuperset(values):
                counts = LATIN_COUNTS
            else:
                counts = self._counts(values)
            if len(rendered) < len(counts):
                shown = rendered.strip(self._around)
                return shown, counts[len(shown)]
        if self._last is None or self._last[0] != rendered:
            self._last = rendered, self._compose(rendered)
        return self._last[1]

    def _counts(self, values: Sequence[str]) -> Sequence[SmsCount]:
        """Counts of a text with these values, by its length; none if one of them is more than words."""
        for value in values:
            if _plain_words(value):
                self._gsm_words.add(value)
                self._words.add(value)
            elif self._mode != "gsm" and _latin_words(value):
                self._words.add(value)
        if self._gsm_words.issuperset(values):
            return BASIC_COUNTS
        return LATIN_COUNTS if self._words.issuperset(values) else ()

    def _compose(self, rendered: str) -> Composed | NotComposed:
        if len(rendered) > LONGEST_RENDERED:
            return TooLong(None)
        text = prepare(rendered, self._mode)
        # As it was written too: "gsm" would write "?" for a control character.
        if is_blank(rendered) or is_blank(text) or forbidden_characters(rendered):
            return Forbidden(unsendable(rendered))
        counted = count(text)
        if is_too_long(counted):
            return TooLong(counted)
        detail = forbidden_content(text)
        return Forbidden(detail) if detail else (text, counted)


def _is_plain(template: Template) -> bool:
    """Whether plain words put into this text make a message to be sent as it is, of one unit a character.

    So it is when the fixed text alone is one, without anything that could become a number or an address: digits come
    nearest to each other around empty values, and a dot gets the letters of an address, and its spaces, from any value.
    """
    if not template.places:
        return False  # composed once as it is
    empty, filled, spaced = (template.filled([value] * template.places) for value in ("", "xx", " xx "))
    counted = count(empty)
    return (
        counted.encoding == "gsm"
        and counted.characters == len(empty)
        and "\r" not in empty
        and not is_blank(empty)
        and not forbidden_characters(empty)
        and looks_harmless(empty)
        and looks_harmless(filled)
        and looks_harmless(spaced)
    )


def _refused_number(index: int, phone: str, refused: RefusedNumber) -> Refusal:
    if refused.code == "invalid-number":
        return refusal(index, phone, refused.code, why=why_invalid(phone))
    return refusal(index, phone, refused.code)


def _not_composed(index: int, phone: str, reason: NotComposed) -> Refusal:
    if isinstance(reason, MissingVariable):
        return refusal(index, phone, "missing-variable", name=reason.name[:LONGEST_NAME_SHOWN])
    if isinstance(reason, Forbidden):
        return Refusal(index, phone, "forbidden-content", reason.detail)
    return refusal(index, phone, "too-long", excess=reason.excess)
