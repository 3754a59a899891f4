"""The texts that a form's signature accepts, as plain values for DynamoDB and back; part of a form and of its order."""

from collections.abc import Iterable
from typing import Any

from schoolsms.domain.orders.accepted_texts import AcceptedText


def text_rows(texts: Iterable[AcceptedText]) -> list[list[str]]:
    """Return a row for each text."""
    return [[each.name, each.version, each.sha256] for each in texts]


def texts_from_rows(rows: Iterable[Any]) -> tuple[AcceptedText, ...]:
    """Read what `text_rows` wrote."""
    return tuple(AcceptedText(*row) for row in rows)
