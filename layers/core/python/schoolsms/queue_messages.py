"""Messages of the queues: ids and codes, never a number, a name or a text (R38, R46).

Both ends use these classes: `adapters/queues.py` writes them, the functions read them. They are no pydantic models,
because pydantic would be the largest import of a function that reads a queue, and no `@dataclass`, because generating
the methods of eight would cost each function that writes or reads one as much as most adapters.
"""

import json
from types import NoneType, UnionType
from typing import Any, Literal, Self, Union, dataclass_transform, get_args, get_origin, get_type_hints

from schoolsms.domain.sending.delivering.failure_reasons import ReasonCode
from schoolsms.domain.sending.delivering.handoffs import Receipt
from schoolsms.domain.sending.delivering.statuses import Final


class MalformedMessage(Exception):
    """A queue delivered something else than the message that its reader expects; names the field, quotes nothing."""


@dataclass_transform(frozen_default=True)
class QueueMessage:
    """The base of all messages: a message is built, compared and read by its annotated fields."""

    def __init__(self, *values: object, **named: object) -> None:
        """Set the fields; type checkers know their names and types as of a dataclass."""
        vars(self).update(zip(type(self).__annotations__, values, strict=False), **named)

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and vars(self) == vars(other)

    def __hash__(self) -> int:
        return hash(self.to_json())

    def __repr__(self) -> str:
        return f"{type(self).__name__}({vars(self)})"

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


class OrderAccepted(QueueMessage):
    order_id: str


class OrderCredited(QueueMessage):
    order_id: str


class InvoiceCancelled(QueueMessage):
    invoice_number: str


class NoticeDue(QueueMessage):
    kind: str
    ids: dict[str, str]


class PageDue(QueueMessage):
    request_id: str
    page: int
    attempt: int


class ExportDue(QueueMessage):
    school: str
    export_id: str


class ReplyDue(QueueMessage):
    reply_id: str


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
