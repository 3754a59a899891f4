"""Read JSON bodies strictly: refuse JSON that two programs could read differently (RFC 8259, RFC 7493)."""

import json
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

MOST_DIGITS = 30
"""Of a whole number: more count nothing here, and thousands take long to read."""


class NotJson(ValueError):
    """The bytes are no JSON in UTF-8."""


class AmbiguousJson(ValueError):
    """JSON of which `field` can be read in two ways; `code` says how."""

    def __init__(self, field: str, code: str) -> None:
        super().__init__(code)
        self.field = field
        self.code = code


def read_json(body: bytes) -> Any:
    """The value, numbers with a point as Decimal. Raises NotJson, AmbiguousJson."""
    try:
        text = body.decode()
        read = json.loads(
            text,
            object_pairs_hook=_named_once,
            parse_float=Decimal,
            parse_int=_whole,
            parse_constant=_no_number,
        )
        # Only an escape from \ud800 to \udfff makes half a sign; many programs escape each accent.
        halves = _with_half_a_sign(read, "") if "\\ud" in text or "\\uD" in text else iter(())
        if (field := next(halves, None)) is not None:
            raise AmbiguousJson(field, "string_unicode")
    except AmbiguousJson:
        raise
    except (ValueError, RecursionError, ArithmeticError) as exc:
        raise NotJson("no JSON") from exc
    return read


class Quick(NamedTuple):
    """JSON read without looking at the names of each object, which takes half as long again.

    `strings` counts the names and strings that were written: `value` has fewer if an object gave a name twice. Numbers
    may be rounded.
    """

    value: Any
    strings: int


def read_quickly(body: bytes) -> Quick | None:
    """The same in less time, for a caller who counts the strings; None for JSON that only `read_json` can judge."""
    try:
        text = body.decode()
        if "\\\\" in text or "\\ud" in text or "\\uD" in text:  # hidden quotation marks, halves of a sign
            return None
        return Quick(json.loads(text), (text.count('"') - text.count('\\"')) // 2)
    except (ValueError, RecursionError):
        return None


def _named_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    named = dict(pairs)
    if len(named) < len(pairs):
        counted = Counter(name for name, _ in pairs)
        twice = counted.most_common(1)[0][0]
        raise AmbiguousJson(twice.encode(errors="replace").decode(), "field_twice")
    return named


def _whole(written: str) -> int | Decimal:
    """A number of more digits than anything here has is no whole number of ours: its field refuses it."""
    return int(written) if len(written) <= MOST_DIGITS else Decimal("Infinity")


def _no_number(written: str) -> Decimal:
    """`NaN` and `Infinity` are not of JSON; the field they are in refuses them."""
    return Decimal(written)


def _with_half_a_sign(value: Any, at: str) -> Iterator[str]:
    """The fields whose text has half of a surrogate pair, which nothing can store or send."""
    if isinstance(value, str):
        if not _is_whole(value):
            yield at
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _with_half_a_sign(each, _within(at, str(index)))
    elif isinstance(value, dict):
        for name, each in value.items():
            if not _is_whole(name):
                yield at
            else:
                yield from _with_half_a_sign(each, _within(at, name))


def _within(at: str, name: str) -> str:
    return f"{at}.{name}" if at else name


def _is_whole(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
