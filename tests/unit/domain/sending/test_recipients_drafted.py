"""Thousands of recipients are drafted in one pass, with the outcome that each has by itself."""

import random
from collections.abc import Sequence
from functools import cache

import pytest

from schoolsms.domain.sending.recipients import Recipient, draft
from schoolsms.domain.texts.phone_numbers import Mobile, RefusedNumber, parse_mobile
from schoolsms.domain.texts.placeholders import MissingVariable, compile_template
from schoolsms.domain.texts.typography import EncodingMode
from tests.unit.domain.sending.test_recipients_composed import plainly

MODES: tuple[EncodingMode, ...] = ("auto", "gsm", "unicode")
MULTIPLIERS = {"FR": 1, "RE": 2, "GP": 2, "BE": 3}
TEXTS = (
    "Bonjour, le cours de ((prenom)) est annulé ((jour)) : la cantine reste ouverte jusqu'à 14 h.",
    "((prenom)), ((jour)). Ω",
    " ((prenom)) ((prenom)) ",
    "Ça commence ((jour)) à 8 h",
    "Voir bit.((prenom))",
    "Appelez le 32((jour))14",
    "((jour))",
    "Le collège sera fermé demain.",
    "x" * 300 + "((prenom))((jour))",
    "{((prenom))} [((jour))]",
)
WORDS = ("Zoé", "François", "Anaëlle", "Noël", "d'Aÿ", "L'Haÿ-les-Roses", "Éloïse", "ÇA", "sœur", "Jean-Baptiste", " ")
VALUES = (
    *WORDS,
    *("", "vendredi", "12", "ly/abc", "Łukasz", "😀", "e\u0301", "«", "µ", "º", "×", "\u00ad", "\r\n", "\u2028", "ß"),
    *("a" * 70, "ê" * 70, "ê" * 335, "b" * 153, "\x00", "ly", "  Inès  ", "\u00a0Léa", "ı", "Ÿ"),
)
PHONES = (
    *("06 12 34 56 78", "0612345678", "+33 6 12 34 56 78", "0033612345678", "06.12.34.56.78", "06-12-34-56-78"),
    *("07 00 00 00 00", "01 23 45 67 89", "0692 12 34 56", "+32 470 12 34 56", "06 39 98 00 01", "", "06 12\n34", "\n"),
    *("six", "6 12 34 56 78", "06 12 34 56 7", "06 12 34 56 789", " 0612345678 ", "٠٦١٢٣٤٥٦٧٨", "tel:0612345678"),
)


composed_plainly = cache(plainly)
"""The outcome of a text, worked out once: half of the requests have the same few."""


@cache
def plain_mobile(phone: str) -> Mobile | RefusedNumber:
    return parse_mobile(phone, MULTIPLIERS)


def plain_draft(
    text: str, mode: EncodingMode, recipients: Sequence[Recipient]
) -> tuple[list[tuple[int, str, str, int, int]], list[tuple[int, str]]]:
    """One recipient after another, by the rules of one: lines (index, number, text, SMS, cost) and refusals."""
    template = compile_template(text)
    lines: list[tuple[int, str, str, int, int]] = []
    refusals: list[tuple[int, str]] = []
    for index, (phone, variables) in enumerate(recipients):
        mobile = plain_mobile(phone)
        if isinstance(mobile, RefusedNumber):
            refusals.append((index, mobile.code))
            continue
        rendered = template.render(variables)
        if isinstance(rendered, MissingVariable):
            refusals.append((index, "missing-variable"))
            continue
        composed = composed_plainly(rendered, mode)
        if not isinstance(composed, tuple):
            refusals.append((index, "forbidden-content" if hasattr(composed, "detail") else "too-long"))
        elif any((mobile.e164, composed[0]) == line[1:3] for line in lines):
            refusals.append((index, "duplicate"))
        else:
            sms = composed[1].sms_count
            cost = 0 if mobile.is_test else sms * MULTIPLIERS[mobile.country]
            lines.append((index, mobile.e164, composed[0], sms, cost))
    return lines, refusals


def some_request(chance: random.Random) -> tuple[str, EncodingMode, list[Recipient]]:
    """Mostly as schools write them, sometimes not."""
    usual = chance.random() < 0.5
    values = WORDS if usual else VALUES
    recipients = [
        Recipient(
            f"06 {chance.randrange(100):02d} 34 56 {chance.randrange(100):02d}"
            if usual or chance.random() < 0.3
            else chance.choice(PHONES),
            {name: chance.choice(values) for name in ("prenom", "jour") if usual or chance.random() < 0.95},
        )
        for _ in range(chance.randrange(1, 8))
    ]
    return chance.choice(TEXTS), chance.choice(MODES), recipients


def hold_equal(requests: int, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(requests):
        text, mode, recipients = some_request(chance)
        lines, refusals = draft(text, mode, recipients, MULTIPLIERS, confirm_placeholders=True)
        found = (
            [(line.index, line.phone, line.text, line.sms_count, line.cost_sms) for line in lines],
            [(each.index, each.code) for each in refusals],
        )
        assert found == plain_draft(text, mode, recipients), (text, mode, recipients)


def test_random_requests_are_drafted_as_one_recipient_after_another_would_be() -> None:
    hold_equal(500, seed=15)


@pytest.mark.slow
def test_twenty_thousand_random_requests_are_drafted_as_one_recipient_after_another_would_be() -> None:
    hold_equal(20_000, seed=16)
