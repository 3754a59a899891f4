"""The ledger in the accounts table: an entry, the balance and what belongs to them in one transaction (R11, R16, R18).

`LEDGER#<uai>` holds `BALANCE` (sms, number of the last entry, sms debited on the last day, the last credit) and one
`ENTRY#<id>` an entry. The balance is written on the condition that its number is the one read: so the entries of a
school are numbered without a gap, and each knows the balance after it. The entry is written on the condition that its
id is new: so a repeated posting finds its entry instead of making another.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from schoolsms.adapters.dynamodb.accounts.schools.subscriptions import ended_as_read
from schoolsms.adapters.dynamodb.client.codec import Item, instant, iso
from schoolsms.adapters.dynamodb.client.errors import TransactionConditionFailed
from schoolsms.adapters.dynamodb.client.retries import tries_within
from schoolsms.adapters.dynamodb.client.table import NEW, TableStore, Write, assignments, bounded, validated_cursor
from schoolsms.application.ports.core import Slice
from schoolsms.domain.errors import TransientError
from schoolsms.domain.schools.stock import ledger
from schoolsms.domain.schools.stock.ledger import Balance, Entry, Posting
from schoolsms.domain.schools.stock.ledger_causes import Cause, cause_of_text

if TYPE_CHECKING:
    from schoolsms.domain.orders.orders import Order
    from schoolsms.domain.schools.schools import School

PAGE = 100
_CURSOR = re.compile(r"[1-9][0-9]{0,14}")
PATIENCE_SECONDS = 20.0
"""Time in which a posting is tried again while other postings of the school are faster."""


class DynamoLedger(TableStore):
    """Implements `Ledger` and `EndedLedger`. Requests and messages debit and release by `post` too."""

    def balance(self, uai: str) -> Balance:
        item = self._table.get(_key(uai, "BALANCE")) or {}
        spent_on = item.get("spent_on")
        return Balance(
            school=uai,
            sms=item.get("balance_sms", 0),
            seq=item.get("last_seq", 0),
            spent_on=date.fromisoformat(spent_on) if spent_on else None,
            spent_sms=item.get("spent_sms", 0),
            last_credit=item.get("last_credit", ""),
        )

    def entry(self, uai: str, entry_id: str) -> Entry | None:
        item = self._table.get(_key(uai, f"ENTRY#{entry_id}"))
        return _entry(item) if item else None

    def entries(self, uai: str, cursor: str | None) -> Slice[Entry]:
        before = validated_cursor(cursor, _CURSOR)
        until = bounded("pk", ledger_partition(uai), "seq <", int(before) if before else None)
        page = self._table.query(*until, PAGE, index="by_seq", consistent=True, descending=True)
        return page.slice(_entry, "seq")

    def entries_between(self, uai: str, first: int, last: int) -> Iterator[Entry]:
        if last < first:
            return
        # Without a limit: a page is as much as DynamoDB reads at once, some 3,000 entries.
        values = {"pk": ledger_partition(uai), "first": first, "last": last}
        condition = "pk = :pk AND seq BETWEEN :first AND :last"
        items = self._table.query_all(condition, values, index="by_seq", consistent=True)
        yield from map(_entry, items)

    def entries_from(self, uai: str, seq: int) -> Iterator[Entry]:
        values = {"pk": ledger_partition(uai), "seq": seq}
        items = self._table.query_all("pk = :pk AND seq >= :seq", values, index="by_seq", consistent=True)
        yield from map(_entry, items)

    def entries_named(self, uai: str, beginning: str) -> Iterator[Entry]:
        """Yield those whose id begins so, by id."""
        values = {"pk": ledger_partition(uai), "sk": f"ENTRY#{beginning}"}
        yield from map(_entry, self._table.query_all("pk = :pk AND begins_with(sk, :sk)", values))

    def entry_numbered(self, uai: str, seq: int) -> Entry | None:
        values = {"pk": ledger_partition(uai), "seq": seq}
        page = self._table.query("pk = :pk AND seq = :seq", values, 1, index="by_seq", consistent=True)
        return _entry(page.items[0]) if page.items else None

    def credit(self, order: Order, posting: Posting) -> Entry:
        values = {"credited": "credited", "list_pk": "ORDERS#credited", "at": iso(posting.at), "accepted": "accepted"}
        credited = self._table.to_update(
            {"pk": f"ORDER#{order.id}", "sk": "ORDER"},
            "SET #state = :credited, list_pk = :list_pk, credited_at = :at",
            "#state = :accepted",
            values,
        )
        try:
            return self.post(order.school, posting, [credited])
        except TransactionConditionFailed:
            # Either another delivery credited it between our read and our write, or nobody accepted it.
            standing = self.entry(order.school, posting.id)
            if standing is None:
                raise TransientError("the order to credit is not accepted") from None
            return standing

    def post(
        self,
        uai: str,
        posting: Posting,
        beside: Sequence[Write] = (),
        check: Callable[[], None] | None = None,
    ) -> Entry:
        """Make the entry and the writes `beside` it, or return the entry if it exists.

        Raises InsufficientBalance, DailyLimitReached, and TransactionConditionFailed if a condition of `beside` fails;
        nothing is written then. `check` runs between the read of the balance and the write: what it read is still true
        when the entry is made, as far as it changes only with this ledger. It may raise anything.
        """
        for _ in tries_within(PATIENCE_SECONDS):
            balance = self.balance(uai)
            entry = ledger.post(balance, posting)
            if check:
                check()
            failed = self._try(entry, ledger.new_balance(balance, posting, entry), beside)
            if failed is None:
                return entry
            if any(failed[2:]):
                raise TransactionConditionFailed
            if failed[1]:
                standing = self.entry(uai, posting.id)
                if standing is not None:
                    return standing
        raise TransientError("too many postings of this school at once")

    def forfeit(self, school: School, at: datetime) -> Entry | None:
        for _ in tries_within(PATIENCE_SECONDS):
            balance = self.balance(school.uai)
            posting = ledger.forfeit(balance, school.subscription_end, at)
            if posting is None:
                return None
            entry = ledger.post(balance, posting)
            beside = ended_as_read(self._table, school, entry.id)
            failed = self._try(entry, ledger.new_balance(balance, posting, entry), [beside])
            if failed is None:
                return entry
            if any(failed[2:]):
                return None
        raise TransientError("too many postings of this school at once")

    def correct(
        self, uai: str, posting: Callable[[Balance], Posting], beside: Callable[[Balance], Sequence[Write]]
    ) -> Entry | None:
        """Make the entry and the writes `beside` it, both of the balance before it; None, with nothing written, if the
        entry exists or a condition of `beside` fails. What `posting` raises is raised.
        """
        for _ in tries_within(PATIENCE_SECONDS):
            balance = self.balance(uai)
            wanted = posting(balance)
            entry = ledger.post(balance, wanted)
            failed = self._try(entry, ledger.new_balance(balance, wanted, entry), beside(balance))
            if failed is None:
                return entry
            if any(failed[1:]):
                return None
        raise TransientError("too many postings of this school at once")

    def _try(self, entry: Entry, after: Balance, beside: Sequence[Write]) -> list[bool] | None:
        """Write balance, entry and `beside`; else return which of their conditions failed, in that order."""
        balance: Item = {
            "balance_sms": after.sms,
            "last_seq": after.seq,
            "spent_on": after.spent_on.isoformat() if after.spent_on else None,
            "spent_sms": after.spent_sms,
            "last_credit": after.last_credit,
        }
        as_read, read = (NEW, {}) if entry.seq == 1 else ("last_seq = :read", {"read": entry.seq - 1})
        written = {
            **_key(entry.school, f"ENTRY#{entry.id}"),
            "seq": entry.seq,
            "at": iso(entry.at),
            "kind": entry.kind,
            "amount": entry.amount,
            "balance_after": entry.balance_after,
            "cause": {"type": entry.cause.type, "id": entry.cause.id},
            "last_credit": entry.last_credit,
        }
        return self._table.try_transaction(
            [
                self._table.to_update(_key(entry.school, "BALANCE"), assignments(balance), as_read, balance | read),
                self._table.to_put(written, NEW),
                *beside,
            ]
        )


def ledger_partition(uai: str) -> str:
    """Return a partition apart from the school's own items: a role may write those and never a balance (R47)."""
    return f"LEDGER#{uai}"


def _key(uai: str, sk: str) -> Item:
    return {"pk": ledger_partition(uai), "sk": sk}


def _entry(item: Item) -> Entry:
    cause = item["cause"]
    return Entry(
        id=item["sk"].removeprefix("ENTRY#"),
        school=item["pk"].removeprefix("LEDGER#"),
        seq=item["seq"],
        at=instant(item["at"]),
        kind=item["kind"],
        amount=item["amount"],
        balance_after=item["balance_after"],
        cause=cause_of_text(cause) if isinstance(cause, str) else Cause(cause["type"], cause["id"]),
        last_credit=item.get("last_credit", ""),
    )
