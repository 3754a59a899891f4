"""Calls that providers make to us, and the parsers that read them (R24, R33)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from schoolsms.domain.consents.replies import Reply
from schoolsms.domain.sending.delivering.handoffs import Receipt


@dataclass(frozen=True)
class ReceiptCall:
    """A provider's call without its path."""

    query: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True)
class ReceiptParser:
    """`keys_of` names the provider whose secret is in the path; `parse` returns None for a call that is no receipt;
    `is_known` says whether the provider's table has a receipt's code."""

    keys_of: str
    parse: Callable[[ReceiptCall], Receipt | None]
    is_known: Callable[[str], bool]


@dataclass(frozen=True)
class ReplyParser:
    """`keys_of` names the provider whose secret is in the path; `parse` returns None for a call that is no answer of a
    recipient."""

    keys_of: str
    parse: Callable[[ReceiptCall], Reply | None]
