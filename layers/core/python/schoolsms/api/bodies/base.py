"""Base of all bodies: one strictness, and the kinds of values that several of them have."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from typing import Annotated, Generic, TypeVar

from annotated_types import GroupedMetadata
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    RootModel,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from schoolsms.domain.texts.typography import forbidden_characters, is_blank

Root = TypeVar("Root")

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
"""Days outside are slips of the pen, and further ones no calendar can count from."""

_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_INSTANT = _DAY + r"[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:?[0-9]{2})?"
_day = re.compile(_DAY).fullmatch
_instant = re.compile(_INSTANT).fullmatch
_amount = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,12})?").fullmatch


class StrictBody(BaseModel):
    """No value is taken for one of another type, and unknown fields are refused: a slip must not pass for a default.

    Built when first used, as all models here: a function must not wait for those of the others.
    """

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, hide_input_in_errors=True, defer_build=True)


class StrictRoot(RootModel[Root], Generic[Root]):
    """A body that is a list, or one of several, just as strict."""

    model_config = ConfigDict(strict=True, hide_input_in_errors=True, defer_build=True)


def read_day(written: object) -> date:
    """`YYYY-MM-DD` and nothing else. Raises PydanticCustomError."""
    try:
        if isinstance(written, str) and _day(written):
            return date.fromisoformat(written)
    except ValueError:
        pass
    raise PydanticCustomError("date_parsing", "no date")


def read_moment(written: object) -> datetime:
    """ISO 8601; without a zone if it names none. Raises ValueError."""
    if not isinstance(written, str) or not _instant(written):
        raise ValueError("no instant")
    return datetime.fromisoformat(written)


def read_instant(written: object) -> datetime:
    """ISO 8601, in UTC if it names no zone. Raises ValueError."""
    instant = read_moment(written)
    try:
        return instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC)
    except OverflowError as exc:
        raise ValueError("no instant") from exc


def plausible(day: date) -> date:
    """`day`, if it is one that a body may name. Raises PydanticCustomError."""
    if not FIRST_DAY <= day <= LAST_DAY:
        raise PydanticCustomError(
            "date_out_of_range", f"Une date de {FIRST_DAY.year} à {LAST_DAY.year} est attendue, de la forme AAAA-MM-JJ."
        )
    return day


Day = Annotated[
    date,
    BeforeValidator(read_day),
    AfterValidator(plausible),
    WithJsonSchema({"type": "string", "format": "date", "pattern": r"^(20[0-9]{2}|2100)-[0-9]{2}-[0-9]{2}$"}),
]
"""A date as `YYYY-MM-DD`: no number, no instant, no other digits than ours."""


MOMENT = WithJsonSchema(
    {
        "type": "string",
        "format": "date-time",
        "pattern": f"^{_INSTANT}$",
        "description": "an instant (ISO 8601; on the school's own clock if it names no zone)",
    }
)
DAY_OR_INSTANT = WithJsonSchema(
    {
        "type": "string",
        "pattern": f"^({_DAY}|{_INSTANT})$",
        "description": "a day where the school is, or an instant (ISO 8601; UTC if it names no zone)",
    }
)


def _decimal(written: object) -> Decimal:
    """A number, or a text of plain digits; no truth value, no zero with a sign, no exponent in a text."""
    is_number = isinstance(written, Decimal | int) and not isinstance(written, bool)
    if not is_number and not (isinstance(written, str) and _amount(written)):
        raise PydanticCustomError("decimal_parsing", "no number")
    number = Decimal(written)  # type: ignore[arg-type]  # as was just asked
    if not number.is_finite() or (number.is_zero() and number.is_signed()):
        raise PydanticCustomError("decimal_parsing", "no number")
    return number


def _at_most(decimals: int, number: Decimal) -> Decimal:
    """`number`, without an exponent: JSON may write 20 as 2e1, and the API shows what is kept."""
    exact = number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    if number != exact:
        raise PydanticCustomError("decimal_max_places", "too many decimals", {"most": _IN_FRENCH[decimals]})
    exponent = number.as_tuple().exponent
    return number if isinstance(exponent, int) and -decimals <= exponent <= 0 else exact


_IN_WORDS = {2: "two", 6: "six"}
_IN_FRENCH = {2: "Deux", 6: "Six"}


@dataclass(frozen=True)
class Amount(GroupedMetadata):
    """On a Decimal: from `least` to `most` with so many `decimals` at most, written as a number or as a text.

    More are refused, never rounded away.
    """

    least: str
    most: int
    decimals: int = 2

    def __iter__(self) -> Iterator[object]:
        described = {
            "anyOf": [
                {"type": "string", "pattern": rf"^[0-9]{{1,12}}(\.[0-9]{{1,{self.decimals}}}0*)?$"},
                {"type": "number", "minimum": float(self.least), "maximum": self.most},
            ],
            "description": f"from {self.least} to {self.most}, with {_IN_WORDS[self.decimals]} decimals at most",
        }
        yield BeforeValidator(_decimal)
        yield from Field(ge=Decimal(self.least), le=self.most).metadata
        yield AfterValidator(partial(_at_most, self.decimals))
        yield WithJsonSchema(described)


def _legible(text: str) -> str:
    if is_blank(text) or forbidden_characters(text.replace("\t", " ")):
        raise PydanticCustomError("string_illegible", "nothing to be seen, or what nobody sees")
    return text


@dataclass(frozen=True)
class Line(GroupedMetadata):
    """On a text: one line that can be read, as on a form, on an invoice, in a mail; `longest` in characters."""

    longest: int

    def __iter__(self) -> Iterator[object]:
        yield from StringConstraints(
            strip_whitespace=True,
            min_length=1,
            max_length=self.longest,
            pattern=r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]+$",
        )
        yield AfterValidator(_legible)


@dataclass(frozen=True)
class Lines(GroupedMetadata):
    """On a text: one that can be read, of as many lines as it likes; `longest` in characters."""

    longest: int

    def __iter__(self) -> Iterator[object]:
        yield from StringConstraints(strip_whitespace=True, min_length=1, max_length=self.longest)
        yield AfterValidator(_legible)
