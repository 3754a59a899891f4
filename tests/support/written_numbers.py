"""Whether a phone number is written in a log, in any spelling. An id or an instant may have its digits by chance."""

import re
from collections.abc import Iterable, Iterator, Mapping

DIGITS = 9
"""The last digits of a number, which every spelling of it has: +33 6…, 06…, 0033 6…, %2B336…."""

CALLING_CODES = ("", "33", "262", "508", "590", "594", "596", "681", "687", "689")
"""Of France and its territories, before those nine digits. Numbers of other countries are sought as they were given."""

_ENCODED = re.compile(r"%20|%C2%A0|\\u00a0|\\u202f", re.IGNORECASE)
_SEPARATED = r"(?<!\d)(?=(\d(?:[ .\-/\u00a0\u202f]*\d){%d})(?!\d))"
_RUNS = [re.compile(_SEPARATED % (digits - 1)) for digits in range(DIGITS, 16)]
"""Each finds so many digits, between which there may be separators; none in the midst of more digits, as ids have."""


def digits_of(text: str) -> str:
    """The digits of `text`, without all else."""
    return "".join(character for character in text if character.isdigit())


def spellings(number: str) -> Iterator[str]:
    """The digits of a number in each spelling, without zeros at their beginning."""
    digits = digits_of(number)
    for written in (digits, *(f"{code}{digits[-DIGITS:]}" for code in CALLING_CODES)):
        yield written.lstrip("0")


def spelled(numbers: Iterable[str]) -> Mapping[str, str]:
    """The last digits of each number, by its spellings."""
    return {each: digits_of(number)[-DIGITS:] for number in numbers for each in spellings(number)}


def numbers_in(text: str, by_spelling: Mapping[str, str]) -> set[str]:
    """The last digits of those numbers that `text` holds, of numbers as `spelled` gives them."""
    plain = _ENCODED.sub(" ", text)
    runs = {digits_of(run).lstrip("0") for pattern in _RUNS for run in pattern.findall(plain)}
    return {by_spelling[run] for run in runs & by_spelling.keys()}
