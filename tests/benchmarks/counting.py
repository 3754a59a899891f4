"""Counting and numbers beside their peers, in one run: on a busy machine a ratio still means something."""

import importlib
import random
import timeit
import warnings
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from schoolsms.domain.schools.decisions.destinations import DEFAULT_DESTINATIONS
from schoolsms.domain.texts.phone_numbers import Mobile, parse_mobile
from schoolsms.domain.texts.sms_text import count
from tests.benchmarks.measuring.tables import aim, table

FRENCH_TEXTS: Sequence[tuple[str, str]] = (
    (
        "160 characters",
        "Bonjour, les cours de vendredi après-midi sont annulés : la cantine reste ouverte jusqu'à 14 h. Merci de "
        "prévenir la vie scolaire si votre enfant rentre seul.   ",
    ),
    ("short", "Le car de Zoé a 20 min de retard."),
    ("with €", "Sortie au musée mardi : 4,50 € à remettre au professeur principal, réponse avant jeudi."),
    (
        "unicode",
        "Réunion de rentrée : le collège vous reçoit lundi à 18 h, ça commence à l'heure, apportez vos pièces.",
    ),
    ("3 SMS", "Conseil de classe reporté au jeudi 3 décembre, les bulletins seront remis en main propre. " * 4),
)
NUMBERS = 2_000
MOBILE_TYPES = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


def run() -> bool:
    """Print both tables; whether all aims were held."""
    return all([_counting(), _numbers()])


def _counting() -> bool:
    with warnings.catch_warnings():  # it was written for an older pydantic
        warnings.simplefilter("ignore")
        counter = importlib.import_module("sms.counter").SMSCounter()
    codec = importlib.import_module("gsm0338").Codec()
    rows = []
    for name, text in FRENCH_TEXTS:
        ours, by_counter, by_codec = _seconds(text, count, counter.count, _by(codec))
        rows.append((name, ours * 1e6, by_counter * 1e6, by_counter / ours, by_codec * 1e6, by_codec / ours))
    header = ("counting", "ours µs", "sms-counter µs", "times ours", "gsm0338 µs", "times ours")
    table("Counting the SMS of a French text", header, rows)
    usual = rows[0]  # the text that the aim was measured on
    return all(
        [
            _aimed("sms-counter", 50, usual[3], min(row[3] for row in rows)),
            _aimed("gsm0338", 100, usual[5], min(row[5] for row in rows)),
        ]
    )


def _aimed(peer: str, times: int, usual: float, least: float) -> bool:
    return aim(
        f"≥ {times} × {peer} on a full SMS: {usual:.0f}; on the others {least:.0f} at least", held=usual >= times
    )


def _by(codec: Any) -> Callable[[str], int]:
    """How one counts with a codec alone: septets, or UTF-16 units when it refuses."""

    def counted(text: str) -> int:
        try:
            units = len(codec.encode(text)[0])
        except UnicodeError:
            units = len(text.encode("utf-16-be")) // 2
            return 1 if units <= 70 else -(-units // 67)
        return 1 if units <= 160 else -(-units // 153)

    return counted


def _numbers() -> bool:
    draw = random.Random(2026)
    written = [_written(draw) for _ in range(NUMBERS)]
    equal = sum(_ours(number) == _library(number) for number in written)
    rows = []
    for name, numbers in (
        ("as typed in France", written),
        ("+33…", [_library(number) or number for number in written]),
        ("06 12 34 56 78", [f"06 {10 + n % 19} {n * 7 % 100:02d} 5{n % 10} 78" for n in range(NUMBERS)]),
    ):
        ours, library = _seconds(numbers, _each(_ours), _each(_library))
        rows.append((name, ours / NUMBERS * 1e6, library / NUMBERS * 1e6, library / ours))
    table("Reading a French mobile number", ("numbers", "ours µs", "phonenumbers µs", "times ours"), rows)
    least = min(row[3] for row in rows)
    return all(
        [
            aim(f"≥ 30 × phonenumbers: {least:.0f} at least", held=least >= 30),
            aim(f"with equal answers: {equal:,} of {NUMBERS:,}", held=equal == NUMBERS),
        ]
    )


def _written(draw: random.Random) -> str:
    """A mobile of mainland France, as people and spreadsheets write it."""
    national = draw.choice(("61", "62", "66", "67", "68", "76", "78")) + f"{draw.randrange(10**7):07d}"
    pairs = " ".join(("0" + national)[start : start + 2] for start in range(0, 10, 2))
    return draw.choice((pairs, "0" + national, f"+33{national}", pairs.replace(" ", "."), f"0033{national}"))


def _ours(written: str) -> str | None:
    read = parse_mobile(written, DEFAULT_DESTINATIONS)
    return read.e164 if isinstance(read, Mobile) else None


def _library(written: str) -> str | None:
    try:
        number = phonenumbers.parse(written, "FR")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number) or phonenumbers.number_type(number) not in MOBILE_TYPES:
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _each(read: Callable[[str], object]) -> Callable[[Sequence[str]], None]:
    def all_of(numbers: Sequence[str]) -> None:
        for number in numbers:
            read(number)

    return all_of


def _seconds(given: Any, *works: Callable[[Any], object]) -> list[float]:
    """A call of each, the fastest of some; turn about, so that what else the machine does slows all of them."""
    timers = [timeit.Timer(partial(work, given)) for work in works]
    numbers = [max(1, timer.autorange()[0] // 8) for timer in timers]
    rounds = [[timer.timeit(number) / number for timer, number in zip(timers, numbers, strict=True)] for _ in range(9)]
    return [min(each) for each in zip(*rounds, strict=True)]
