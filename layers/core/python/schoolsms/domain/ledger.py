"""The ledger of a school: append-only entries that explain its balance (R16, R18).

Every entry says what the balance was after it, and carries the next number of its school: so the balance is never
negative, no entry is lost unseen, and an auditor can recompute all of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from schoolsms.domain.errors import InsufficientBalance

Kind = Literal["credit", "debit", "release", "forfeiture"]


@dataclass(frozen=True)
class Balance:
    """What a school may spend, in SMS. `seq` is the number of its last entry, 0 before the first."""

    school: str
    sms: int = 0
    seq: int = 0


@dataclass(frozen=True)
class Posting:
    """An entry to be made: `id` is deterministic (`credit:<order>`), `amount` signed, in SMS."""

    id: str
    kind: Kind
    amount: int
    cause: str
    at: datetime


@dataclass(frozen=True)
class Entry:
    """An entry as it was made; it never changes."""

    id: str
    school: str
    seq: int
    at: datetime
    kind: Kind
    amount: int
    balance_after: int
    cause: str


def credit(order_id: str, sms: int, at: datetime) -> Posting:
    """The SMS of a complete order (R9, R11)."""
    return Posting(f"credit:{order_id}", "credit", _positive(sms), f"order {order_id}", at)


def debit(request_id: str, sms: int, at: datetime) -> Posting:
    """What a send request costs, once for all its recipients (R16, R22)."""
    return Posting(f"debit:{request_id}", "debit", -_positive(sms), f"send request {request_id}", at)


def release(message_id: str, sms: int, at: datetime) -> Posting:
    """The SMS of a message that was never handed over (R29, R30)."""
    return Posting(f"release:{message_id}", "release", _positive(sms), f"message {message_id}", at)


def post(balance: Balance, posting: Posting) -> Entry:
    """The entry that `posting` makes on `balance`. Raises InsufficientBalance if it would go below zero."""
    after = balance.sms + posting.amount
    if after < 0:
        raise InsufficientBalance(
            f"Cet envoi coûte {-posting.amount} SMS et il en reste {balance.sms}. "
            "Commandez un pack de SMS ou réduisez le nombre de destinataires."
        )
    return Entry(
        id=posting.id,
        school=balance.school,
        seq=balance.seq + 1,
        at=posting.at,
        kind=posting.kind,
        amount=posting.amount,
        balance_after=after,
        cause=posting.cause,
    )


def audit(entries: Iterable[Entry], balance: Balance) -> list[str]:
    """Recompute `balance` from its entries in order; one sentence for each thing that does not hold (R18)."""
    wrong: list[str] = []
    running = seq = 0
    for entry in entries:
        seq += 1
        running += entry.amount
        if entry.seq != seq:
            wrong.append(f"entry {entry.id} has number {entry.seq}, {seq} was due")
        if entry.balance_after != running:
            wrong.append(f"entry {entry.id} says {entry.balance_after} SMS were left, {running} were")
        if running < 0:
            wrong.append(f"after entry {entry.id} the balance is below zero")
    if (running, seq) != (balance.sms, balance.seq):
        wrong.append(f"{seq} entries sum to {running} SMS, the balance says {balance.sms} after {balance.seq}")
    return wrong


def _positive(sms: int) -> int:
    if sms <= 0:
        raise ValueError(f"{sms} SMS cannot be posted")
    return sms
