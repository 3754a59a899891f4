"""The packs of a form or price list and the texts that a signature accepts, as plain values for DynamoDB and back."""

from collections.abc import Iterable
from typing import Any

from schoolsms.domain.orders.forms.accepted_texts import AcceptedText
from schoolsms.domain.orders.packs import Pack


def pack_rows(packs: Iterable[Pack]) -> list[list[str | int]]:
    """Return a row for each pack."""
    return [[pack.id, pack.sms, pack.price_ht_cents] for pack in packs]


def packs_from_rows(rows: Iterable[Any]) -> tuple[Pack, ...]:
    """Read what `pack_rows` wrote."""
    return tuple(Pack(*row) for row in rows)


def text_rows(texts: Iterable[AcceptedText]) -> list[list[str]]:
    """Return a row for each text."""
    return [[each.name, each.version, each.sha256] for each in texts]


def texts_from_rows(rows: Iterable[Any]) -> tuple[AcceptedText, ...]:
    """Read what `text_rows` wrote."""
    return tuple(AcceptedText(*row) for row in rows)
