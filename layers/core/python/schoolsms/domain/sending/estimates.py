"""The cost of a text before it is sent (R21): exact where the recipients are known, and how it could cost less."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from schoolsms.domain.errors import RefusedError
from schoolsms.domain.french import french_number, printed
from schoolsms.domain.sending.recipients import Composer, Recipient, as_shown, draft
from schoolsms.domain.sending.send_requests import Line, Refusal, RefusalCode
from schoolsms.domain.texts.placeholders import MissingVariable, Template, compile_template
from schoolsms.domain.texts.sms_text import (
    MAX_CHARACTERS,
    MAX_UNICODE_UNITS,
    Encoding,
    SmsCount,
    count,
    is_too_long,
    room_left,
    unencodable,
    units_over,
)
from schoolsms.domain.texts.typography import (
    EncodingMode,
    forbidden_characters,
    is_blank,
    prepare,
    prepare_piece,
    trimmed,
    unsendable,
)

STAND_IN = "x" * 10
"""Stands for a variable while no value is known; first names, dates and classes are rarely longer."""

MOST_SAVINGS = 10
FURTHEST_SAVING = 66
"""The most characters of a second saving: nobody takes out more, and no message loses two SMS by fewer."""

MOST_SIGNS_NAMED = 50
SIGNS_SHOWN = 3

_TEST_PHONE = "+33639980000"
"""Allowed wherever a school may send: what is refused to it is refused to all."""


@dataclass(frozen=True, slots=True)
class Saving:
    """Taking `remove_characters` (units) out of the fixed text costs `saved_sms` less, over all recipients."""

    remove_characters: int
    saved_sms: int


@dataclass(frozen=True, slots=True)
class GsmAlternative:
    """The text as GSM-7 can write it, its variables in their places; `sms_count` is that of the longest recipient.

    `reached`: recipients for whom the message is too long only as it is written now.
    """

    text: str
    sms_count: int
    saved_sms: int
    reached: int = 0


@dataclass(frozen=True, slots=True)
class RecipientEstimate:
    """The message of one recipient; `characters` and `sms_count` are 0 where nothing could be composed.

    `row` is that of an uploaded list, as the spreadsheet numbers it.
    """

    index: int
    sms_count: int
    cost_sms: int
    characters: int
    refused: RefusalCode | None = None
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Estimate:
    """`text` is as the recipient of the worst case reads it, and `counted` what it counts.

    `indicative`: nobody's values are known, so each variable was taken to be `STAND_IN`. `savings` go upwards;
    `worst_case`, `cost_sms` and `per_recipient` are None without recipients.
    """

    text: str
    counted: SmsCount
    room_left: int
    unencodable: tuple[str, ...]
    indicative: bool
    as_gsm: GsmAlternative | None
    savings: tuple[Saving, ...]
    cost_sms: int | None = None
    worst_case: RecipientEstimate | None = None
    per_recipient: tuple[RecipientEstimate, ...] | None = None

    @property
    def encoding(self) -> Encoding:
        return self.counted.encoding

    @property
    def too_long(self) -> bool:
        return is_too_long(self.counted)


def hint_of(estimate: Estimate) -> str | None:
    """The author's means to lower the cost, in French; None where nothing helps."""
    each = " par destinataire" if estimate.per_recipient is None else ""
    sentences = []
    if estimate.too_long:
        limit = MAX_CHARACTERS if estimate.encoding == "gsm" else MAX_UNICODE_UNITS
        over = estimate.counted.characters - limit
        sentences.append(
            f"Le message est trop long : {estimate.counted.sms_count} SMS, "
            f"{french_number(estimate.counted.characters)} caractères"
            + (f", soit {french_number(over)} de trop. Raccourcissez-le." if over > 0 else ". Raccourcissez-le.")
        )
    if plain := estimate.as_gsm:
        signs = ", ".join(f"« {sign} »" for sign in estimate.unencodable[:SIGNS_SHOWN])
        more = "…" if len(estimate.unencodable) > SIGNS_SHOWN else ""
        sentences.append(
            f"Écrit sans {signs}{more}, le message prend {plain.sms_count} SMS au lieu de "
            f"{estimate.counted.sms_count} : {french_number(plain.saved_sms)} SMS de moins{each}."
        )
    if estimate.savings:
        first, *further = estimate.savings
        sentence = f"Retirez {_characters(first)} pour économiser {french_number(first.saved_sms)} SMS{each}"
        best = max(further, key=_yield, default=first)
        if _yield(best) > _yield(first):
            sentence += f", ou {best.remove_characters} pour en économiser {french_number(best.saved_sms)}"
        sentences.append(f"{sentence}.")
    return printed(" ".join(sentences)) or None


def _characters(saving: Saving) -> str:
    return "1 caractère" if saving.remove_characters == 1 else f"{saving.remove_characters} caractères"


def _yield(saving: Saving) -> float:
    return saving.saved_sms / saving.remove_characters


def check_text(text: str, mode: EncodingMode) -> None:
    """Raises RefusedError for a text that is no message, whatever its variables hold."""
    Composer(text, mode)
    if is_blank(text) or is_blank(prepare(text, mode)) or forbidden_characters(text):
        raise RefusedError(unsendable(text), "forbidden-content")


def indicative_count(text: str) -> SmsCount:
    """Count a template before anybody's values are known: each variable is taken to be `STAND_IN` (§7)."""
    template = compile_template(text)
    return count(prepare(str(template.render(dict.fromkeys(template.names, STAND_IN))), "auto"))


def estimate_text(text: str, mode: EncodingMode) -> Estimate:
    """Of the text alone: exact without variables, else indicative. Savings are those of one recipient."""
    check_text(text, mode)
    template = compile_template(text)
    stand_ins = dict.fromkeys(template.names, STAND_IN)
    # What is half written while somebody writes is counted all the same; the use case warns of it.
    for refusal in draft(text, mode, [Recipient(_TEST_PHONE, stand_ins)], confirm_placeholders=True)[1]:
        if refusal.code != "too-long":  # that is what the counts are for
            raise RefusedError(refusal.detail, refusal.code)
    stood_in = str(template.render(stand_ins))
    shown = prepare(stood_in, mode)
    counted = count(shown)
    as_gsm = None
    if counted.encoding == "unicode":
        in_gsm = count(prepare(stood_in, "gsm"))
        if in_gsm.sms_count < counted.sms_count:
            saved = counted.sms_count - in_gsm.sms_count
            as_gsm = GsmAlternative(_fixed_as_gsm(template), in_gsm.sms_count, saved)
    return Estimate(
        text=shown,
        counted=counted,
        room_left=room_left(shown, counted),
        unencodable=_signs([shown] if counted.encoding == "unicode" else []),
        indicative=bool(template.places),
        as_gsm=as_gsm,
        savings=_savings([(units_over(shown, counted), 1)], template.fixed_length),
    )


def estimate_recipients(
    text: str,
    mode: EncodingMode,
    recipients: Sequence[Recipient],
    drafted: tuple[Sequence[Line], Sequence[Refusal]],
    multipliers: Mapping[str, int],
    rows: Sequence[int] | None = None,
    home: str = "FR",
) -> Estimate:
    """Of the text to these recipients, as `draft` (and their consents) sorted them; `rows` of their uploaded list."""
    check_text(text, mode)
    lines, refusals = drafted
    template = compile_template(text)
    counts = [count(line.text) for line in lines]
    found = [
        RecipientEstimate(line.index, counted.sms_count, line.cost_sms, counted.characters)
        for line, counted in zip(lines, counts, strict=True)
    ]
    found += [_refused(refusal, template, mode, recipients[refusal.index]) for refusal in refusals]
    found.sort(key=lambda each: each.index)
    if rows is not None:
        found = [replace(each, row=rows[each.index]) for each in found]
    # Those without a length were never composed.
    worst = max(found, key=lambda each: (each.sms_count, each.characters, -each.index))
    if not worst.sms_count:
        return _nobody(estimate_text(text, mode), found)
    shown = as_shown(str(template.render(recipients[worst.index].variables)), mode)
    counted = count(shown)
    over = [
        (units_over(line.text, counted), line.cost_sms // line.sms_count)
        for line, counted in zip(lines, counts, strict=True)
    ]
    return Estimate(
        text=shown,
        counted=counted,
        room_left=room_left(shown, counted),
        unencodable=_signs([line.text for line in lines if line.coding == "unicode"] or [shown]),
        indicative=False,
        as_gsm=_as_gsm(text, template, recipients, lines, refusals, multipliers, home),
        savings=_savings(over, template.fixed_length),
        cost_sms=sum(line.cost_sms for line in lines),
        worst_case=worst,
        per_recipient=tuple(found),
    )


def _nobody(indicative: Estimate, found: Sequence[RecipientEstimate]) -> Estimate:
    """The estimate when every recipient is refused before anything is composed: the text alone, and the reasons."""
    return Estimate(
        text=indicative.text,
        counted=indicative.counted,
        room_left=indicative.room_left,
        unencodable=indicative.unencodable,
        indicative=indicative.indicative,
        as_gsm=None,
        savings=(),
        cost_sms=0,
        per_recipient=tuple(found),
    )


def _refused(refusal: Refusal, template: Template, mode: EncodingMode, recipient: Recipient) -> RecipientEstimate:
    """Count a message that is too long as well, because the author wants to know by how much."""
    if refusal.code == "too-long":
        rendered = template.render(recipient.variables)
        if not isinstance(rendered, MissingVariable):
            counted = count(as_shown(rendered, mode))
            return RecipientEstimate(refusal.index, counted.sms_count, 0, counted.characters, refusal.code)
    return RecipientEstimate(refusal.index, 0, 0, 0, refusal.code)


def _as_gsm(
    text: str,
    template: Template,
    recipients: Sequence[Recipient],
    lines: Sequence[Line],
    refusals: Sequence[Refusal],
    multipliers: Mapping[str, int],
    home: str,
) -> GsmAlternative | None:
    """The GSM-7 alternative, only if it saves SMS or reaches more recipients, and loses none."""
    too_long = [refusal.index for refusal in refusals if refusal.code == "too-long"]
    if not too_long and not any(line.coding == "unicode" for line in lines):
        return None
    # Nobody among them was refused for a half-written variable, unless it was confirmed.
    candidates = sorted([line.index for line in lines] + too_long)
    plain, _ = draft(
        text, "gsm", [recipients[index] for index in candidates], multipliers, home, confirm_placeholders=True
    )
    costs = {candidates[line.index]: line.cost_sms for line in plain}
    if any(line.index not in costs for line in lines):
        return None
    saved = sum(line.cost_sms - costs[line.index] for line in lines)
    reached = len(plain) - len(lines)
    if saved < 0 or not (saved or reached):
        return None
    return GsmAlternative(_fixed_as_gsm(template), max(line.sms_count for line in plain), saved, reached)


def _fixed_as_gsm(template: Template) -> str:
    return trimmed(template.with_fixed(lambda piece: prepare_piece(piece, "gsm")))


def _savings(over: Sequence[tuple[int, int]], fixed_length: int) -> tuple[Saving, ...]:
    """`over`: of each message, the units to take out to make it one SMS less, and how many SMS that SMS costs.

    Exact while the first step is the shortest there is, and further ones stay within `FURTHEST_SAVING`.
    """
    by_units: dict[int, int] = {}
    for units, multiplier in over:
        if 0 < units < fixed_length and multiplier:
            by_units[units] = by_units.get(units, 0) + multiplier
    savings: list[Saving] = []
    saved = 0
    for units in sorted(by_units)[:MOST_SAVINGS]:
        if savings and units > FURTHEST_SAVING:
            break
        saved += by_units[units]
        savings.append(Saving(units, saved))
    return tuple(savings)


def _signs(texts: Sequence[str]) -> tuple[str, ...]:
    """The signs that push them out of GSM-7, each once, in order of appearance."""
    found: dict[str, None] = {}
    for text in dict.fromkeys(texts):
        found |= dict.fromkeys(unencodable(text))
    return tuple(found)[:MOST_SIGNS_NAMED]
