"""The ledger of a school: append-only entries that explain its balance (R16, R18).

Every entry says what the balance was after it, and carries the next number of its school: so the balance is never
negative, no entry is lost unseen, and an auditor can recompute all of it (`audits.py`).
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from schoolsms.domain.errors import DailyLimitReached, InsufficientBalance
from schoolsms.domain.schools.stock.ledger_causes import Cause

Kind = Literal["credit", "debit", "release", "forfeiture", "correction"]

NEAR_CEILING_PERCENT = 80

StockWarning = Literal["low_balance", "stock_used_up"]
"""Warning that a debit may call for: the stock reached the low level, or nothing is left (R15)."""


@dataclass(frozen=True)
class Balance:
    """The SMS that a school may spend. `seq` is the number of its last entry, 0 before the first.

    `spent_sms` were debited on `spent_on`, a day of the school's own, and are compared with its daily ceiling (R25).
    `last_credit` is the id of the last credit, or correction that added SMS: a low level is mailed once for each (R15).
    """

    school: str
    sms: int = 0
    seq: int = 0
    spent_on: date | None = field(default=None, compare=False)
    spent_sms: int = field(default=0, compare=False)
    last_credit: str = field(default="", compare=False)

    def near_ceiling(self, day: date, limit: int) -> bool:
        """Whether 80 % of the SMS that may be sent on `day` were debited (R25)."""
        return self.spent_on == day and 100 * self.spent_sms >= NEAR_CEILING_PERCENT * limit


@dataclass(frozen=True)
class Posting:
    """An entry to be made: `id` is deterministic (`credit:<order>`), `amount` signed, in SMS.

    A debit may say on which day of the school it counts, and how many SMS may be debited on one day.
    """

    id: str
    kind: Kind
    amount: int
    cause: Cause
    at: datetime
    day: date | None = None
    daily_limit: int | None = None


@dataclass(frozen=True)
class Entry:
    """An entry as it was made; it never changes. `last_credit` is the id of the credit it came after, or of itself."""

    id: str
    school: str
    seq: int
    at: datetime
    kind: Kind
    amount: int
    balance_after: int
    cause: Cause
    last_credit: str = field(default="", compare=False)

    def crosses(self, threshold: int) -> bool:
        """Whether it took the balance from above the low level to it, or below it, as SMS that are forfeited never do:
        nobody is to order any more (R15)."""
        return self.kind != "forfeiture" and self.balance_after <= threshold < self.balance_after - self.amount

    def stock_warning(self, threshold: int) -> StockWarning | None:
        """The mail that this entry calls for. One that takes the last SMS calls for one mail, whatever the low level
        is."""
        if self.kind != "forfeiture" and self.amount < 0 and self.balance_after == 0:
            return "stock_used_up"
        return "low_balance" if self.crosses(threshold) else None


def credit(order_id: str, sms: int, at: datetime) -> Posting:
    """The SMS of a complete order (R9, R11)."""
    return Posting(f"credit:{order_id}", "credit", _positive(sms), Cause("order", order_id), at)


def debit(
    request_id: str, sms: int, at: datetime, *, day: date | None = None, daily_limit: int | None = None
) -> Posting:
    """Return the debit of a send request, once for all its recipients (R16, R22); `day` is the school's own (R25)."""
    cause = Cause("send_request", request_id)
    return Posting(debit_id(request_id), "debit", -_positive(sms), cause, at, day, daily_limit)


def debit_id(request_id: str) -> str:
    """The id of the entry by which a send request was debited."""
    return f"debit:{request_id}"


def release(message_id: str, sms: int, at: datetime) -> Posting:
    """The SMS of a message that was never handed over (R29, R30)."""
    return Posting(f"release:{message_id}", "release", _positive(sms), Cause("message", message_id), at)


def forfeit(balance: Balance, subscription_end: date, at: datetime) -> Posting | None:
    """All that is left when a subscription has ended; None if nothing is (R17).

    SMS that come back to the stock later are forfeited by an entry of its own, so the id holds the number of the entry.
    """
    if not balance.sms:
        return None
    return Posting(
        f"forfeiture:{balance.school}:{subscription_end}:{balance.seq + 1}",
        "forfeiture",
        -balance.sms,
        Cause("subscription_end", subscription_end.isoformat()),
        at,
    )


def forfeited_end(entry: Entry) -> date:
    """The end of the subscription for which `entry` forfeited what was left."""
    return date.fromisoformat(entry.id.split(":")[2])


def release_page(request_id: str, first: int, last: int, sms: int, at: datetime) -> Posting:
    """The SMS of messages of one page that go back together (R27, R30); each is released once, so `first` names it."""
    entry_id = f"release:{request_id}-{first}..{last}"
    return Posting(entry_id, "release", _positive(sms), Cause("send_request", request_id), at)


def release_request(request_id: str, sms: int, at: datetime) -> Posting:
    """The SMS of a whole request that was cancelled before it started (R29)."""
    return Posting(f"release:{request_id}", "release", _positive(sms), Cause("send_request", request_id), at)


def post(balance: Balance, posting: Posting) -> Entry:
    """The entry that `posting` makes on `balance`.

    Raises DailyLimitReached if it would be too much for one day, InsufficientBalance if it would go below zero.
    """
    # The ceiling first, because this refusal must not reveal the stock (R14).
    _, spent = _spent(balance, posting)
    if posting.daily_limit is not None and spent > posting.daily_limit:
        raise DailyLimitReached(
            f"Cet envoi dépasserait la limite de {posting.daily_limit} SMS par jour de votre établissement. "
            "Réessayez demain, ou contactez Kosmos pour faire relever cette limite."
        )
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
        last_credit=posting.id if _lifts(posting) else balance.last_credit,
    )


def new_balance(balance: Balance, posting: Posting, entry: Entry) -> Balance:
    """The balance once `entry`, made of `posting` on `balance`, is posted."""
    spent_on, spent_sms = _spent(balance, posting)
    return Balance(balance.school, entry.balance_after, entry.seq, spent_on, spent_sms, entry.last_credit)


def _spent(balance: Balance, posting: Posting) -> tuple[date | None, int]:
    """Return the SMS that count against the daily ceiling once `posting` is made; releases do not lower them."""
    if posting.day is None:
        return balance.spent_on, balance.spent_sms
    if balance.spent_on is None or posting.day > balance.spent_on:
        return posting.day, -posting.amount
    # Of two debits around midnight the earlier may come last: it counts on the day that has begun.
    return balance.spent_on, balance.spent_sms - posting.amount


def _lifts(posting: Posting) -> bool:
    """Whether a low level that is reached afterwards is mailed anew."""
    return posting.kind == "credit" or (posting.kind == "correction" and posting.amount > 0)


def _positive(sms: int) -> int:
    if sms <= 0:
        raise ValueError(f"{sms} SMS cannot be posted")
    return sms
