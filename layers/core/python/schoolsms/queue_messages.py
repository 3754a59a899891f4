"""Messages of the queues: ids and codes, never a number, a name or a text (R38, R46).

Both ends use these classes: `adapters/queues.py` writes them, the functions read them. They are plain dataclasses,
because pydantic would be the largest import of a function that reads a queue.
"""

import json
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Any, Literal, Self, Union, get_args, get_origin, get_type_hints

from schoolsms.domain.sending.failure_reasons import ReasonCode
from schoolsms.domain.sending.handoffs import Receipt
from schoolsms.domain.sending.statuses import Final


class MalformedMessage(Exception):
    """A queue delivered something else than the message that its reader expects; names the field, quotes nothing."""


@dataclass(frozen=True)
class QueueMessage:
    """The base of all messages."""

    def to_json(self) -> str:
        """Return the body for the queue."""
        return json.dumps(vars(self))

    @classmethod
    def from_json(cls, body: str) -> Self:
        """Read a body. Fields of a newer writer are ignored; an older one may leave out fields that have a default.

        Raises MalformedMessage.
        """
        try:
            read = json.loads(body)
        except ValueError:
            raise MalformedMessage(f"{cls.__name__}: no JSON") from None
        if not isinstance(read, dict):
            raise MalformedMessage(f"{cls.__name__}: no JSON object")
        kinds = get_type_hints(cls)
        for name, kind in kinds.items():
            if name not in read and hasattr(cls, name):
                continue
            if name not in read or not _fits(read[name], kind):
                raise MalformedMessage(f"{cls.__name__}.{name}")
        return cls(**{name: read[name] for name in kinds if name in read})


@dataclass(frozen=True)
class OrderAccepted(QueueMessage):
    order_id: str


@dataclass(frozen=True)
class OrderCredited(QueueMessage):
    order_id: str


@dataclass(frozen=True)
class NoticeDue(QueueMessage):
    kind: str
    ids: dict[str, str]


@dataclass(frozen=True)
class PageDue(QueueMessage):
    request_id: str
    page: int
    attempt: int


@dataclass(frozen=True)
class ExportDue(QueueMessage):
    school: str
    export_id: str


@dataclass(frozen=True)
class ReplyDue(QueueMessage):
    reply_id: str


@dataclass(frozen=True)
class ReceiptDue(QueueMessage):
    provider: str
    provider_message_id: str
    status: Final | None
    code: str
    message_id: str | None
    reason: ReasonCode | None = None

    @classmethod
    def of(cls, receipt: Receipt) -> Self:
        """Make the message that carries `receipt`."""
        return cls(
            receipt.provider,
            receipt.provider_message_id,
            receipt.status,
            receipt.code,
            receipt.message_id,
            receipt.reason,
        )

    def receipt(self) -> Receipt:
        """Return the receipt that the message carries."""
        return Receipt(self.provider, self.provider_message_id, self.status, self.code, self.message_id, self.reason)


def _fits(value: object, kind: Any) -> bool:
    """Return whether a JSON value has the type of a field."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Literal:
        return value in arguments
    if origin in (Union, UnionType):
        return any(_fits(value, each) for each in arguments)
    if origin is dict:
        return isinstance(value, dict) and all(type(each) is str for pair in value.items() for each in pair)
    return value is None if kind is NoneType else type(value) is kind
