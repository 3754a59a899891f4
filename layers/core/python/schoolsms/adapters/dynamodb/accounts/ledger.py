"""The ledger in the accounts table: an entry, the balance and what goes with them in one transaction (R11, R16, R18).

`LEDGER#<uai>` holds `BALANCE` (sms, number of the last entry, what was debited on the last day, the last credit) and
one `ENTRY#<id>` an entry. The balance is written on the condition that its number is the one read, so entries of a
school are numbered without a gap and each knows the balance after it; the entry on the condition that its id is new, so
a posting repeated is found, not made again.
"""

import random
import re
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from schoolsms.adapters.dynamodb.accounts.subscriptions import ended_as_read
from schoolsms.adapters.dynamodb.client.items import Item, from_wire, instant, iso, own_cursor, to_wire, translated
from schoolsms.application.ports.core import Slice
from schoolsms.domain.errors import TransientError
from schoolsms.domain.schools import ledger
from schoolsms.domain.schools.ledger import Balance, Entry, Posting
from schoolsms.domain.schools.ledger_causes import Cause, cause_of_text

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

    from schoolsms.domain.orders.orders import Order
    from schoolsms.domain.schools.schools import School

PAGE = 100
_CURSOR = re.compile(r"[1-9][0-9]{0,14}")
PATIENCE_SECONDS = 20.0
"""How long a posting is tried again while other postings of the school come first."""


class BesideRefused(Exception):
    """What was to be written with the entry is not as it should be: nothing was written."""


class DynamoLedger:
    """Implements `Ledger` and `EndedLedger`; `post` is also what requests and messages debit and release with."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def balance(self, uai: str) -> Balance:
        with translated():
            found = self._client.get_item(
                TableName=self._table, Key=to_wire(_key(uai, "BALANCE")), ConsistentRead=True
            ).get("Item")
        item = from_wire(found) if found else {}
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
        """The entry of that id, if it was made."""
        with translated():
            found = self._client.get_item(
                TableName=self._table, Key=to_wire(_key(uai, f"ENTRY#{entry_id}")), ConsistentRead=True
            ).get("Item")
        return _entry(from_wire(found)) if found else None

    def entries(self, uai: str, cursor: str | None) -> Slice[Entry]:
        after = own_cursor(cursor, _CURSOR)
        before = int(after) if after else None
        with translated():
            answer = self._client.query(
                TableName=self._table,
                IndexName="by_seq",
                KeyConditionExpression="pk = :pk" + (" AND seq < :before" if before is not None else ""),
                ExpressionAttributeValues=to_wire(
                    {":pk": ledger_partition(uai)} | ({":before": before} if before is not None else {})
                ),
                ScanIndexForward=False,
                ConsistentRead=True,
                Limit=PAGE,
            )
        found = [_entry(from_wire(wire)) for wire in answer["Items"]]
        return Slice(found, str(found[-1].seq) if "LastEvaluatedKey" in answer else None)

    def entries_up_to(self, uai: str, seq: int) -> Iterator[Entry]:
        start: dict[str, Any] = {}
        while True:
            with translated():
                # Without a limit: a page is as much as DynamoDB reads at once, some 3,000 entries.
                answer = self._client.query(
                    TableName=self._table,
                    IndexName="by_seq",
                    KeyConditionExpression="pk = :pk AND seq <= :seq",
                    ExpressionAttributeValues=to_wire({":pk": ledger_partition(uai), ":seq": seq}),
                    ConsistentRead=True,
                    **start,
                )
            yield from (_entry(from_wire(wire)) for wire in answer["Items"])
            if "LastEvaluatedKey" not in answer:
                return
            start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}

    def credit(self, order: "Order", posting: Posting) -> Entry:
        credited: TransactWriteItemTypeDef = {
            "Update": {
                "TableName": self._table,
                "Key": to_wire({"pk": f"ORDER#{order.id}", "sk": "ORDER"}),
                "UpdateExpression": "SET #state = :credited, list_pk = :list_pk, credited_at = :at",
                "ConditionExpression": "#state = :accepted",
                "ExpressionAttributeNames": {"#state": "state"},
                "ExpressionAttributeValues": to_wire(
                    {
                        ":credited": "credited",
                        ":list_pk": "ORDERS#credited",
                        ":at": iso(posting.at),
                        ":accepted": "accepted",
                    }
                ),
            }
        }
        try:
            return self.post(order.school, posting, [credited])
        except BesideRefused:
            # Either another delivery credited it between our reading and writing, or nobody accepted it.
            standing = self.entry(order.school, posting.id)
            if standing is None:
                raise TransientError("the order to credit is not accepted") from None
            return standing

    def post(
        self,
        uai: str,
        posting: Posting,
        beside: Sequence["TransactWriteItemTypeDef"] = (),
        check: Callable[[], None] | None = None,
    ) -> Entry:
        """Make the entry, or find it made.

        Raises InsufficientBalance, DailyLimitReached, BesideRefused (nothing is written then). `check` may raise what
        it likes: what it saw still holds when the entry is made, as far as it changes only with this ledger.
        """
        for _ in _tries():
            balance = self.balance(uai)
            entry = ledger.post(balance, posting)
            if check:
                check()
            refused = self._try(entry, ledger.new_balance(balance, posting, entry), beside)
            if refused is None:
                return entry
            if any(refused[2:]):
                raise BesideRefused
            if refused[1]:
                standing = self.entry(uai, posting.id)
                if standing is not None:
                    return standing
        raise TransientError("too many postings of this school at once")

    def forfeit(self, school: "School", at: datetime) -> Entry | None:
        for _ in _tries():
            balance = self.balance(school.uai)
            posting = ledger.forfeit(balance, school.subscription_end, at)
            if posting is None:
                return None
            entry = ledger.post(balance, posting)
            beside = ended_as_read(self._table, school, entry.id)
            refused = self._try(entry, ledger.new_balance(balance, posting, entry), [beside])
            if refused is None:
                return entry
            if any(refused[2:]):
                return None
        raise TransientError("too many postings of this school at once")

    def _try(self, entry: Entry, after: Balance, beside: Sequence["TransactWriteItemTypeDef"]) -> list[bool] | None:
        return transacted(self._client, [*self._writes(entry, after), *beside])

    def _writes(self, entry: Entry, after: Balance) -> list["TransactWriteItemTypeDef"]:
        first = entry.seq == 1
        written: Item = {
            "balance_sms": after.sms,
            "last_seq": after.seq,
            "spent_on": after.spent_on.isoformat() if after.spent_on else None,
            "spent_sms": after.spent_sms,
            "last_credit": after.last_credit,
        }
        return [
            {
                "Update": {
                    "TableName": self._table,
                    "Key": to_wire(_key(entry.school, "BALANCE")),
                    "UpdateExpression": "SET " + ", ".join(f"{name} = :{name}" for name in written),
                    "ConditionExpression": "attribute_not_exists(pk)" if first else "last_seq = :read",
                    "ExpressionAttributeValues": to_wire(
                        {f":{name}": value for name, value in written.items()}
                        | ({} if first else {":read": entry.seq - 1})
                    ),
                }
            },
            {
                "Put": {
                    "TableName": self._table,
                    "Item": to_wire(
                        {
                            **_key(entry.school, f"ENTRY#{entry.id}"),
                            "seq": entry.seq,
                            "at": iso(entry.at),
                            "kind": entry.kind,
                            "amount": entry.amount,
                            "balance_after": entry.balance_after,
                            "cause": {"type": entry.cause.type, "id": entry.cause.id},
                            "last_credit": entry.last_credit,
                        }
                    ),
                    "ConditionExpression": "attribute_not_exists(pk)",
                }
            },
        ]


def transacted(client: "DynamoDBClient", writes: Sequence["TransactWriteItemTypeDef"]) -> list[bool] | None:
    """None when all was written; else, nothing being written, for each whether its condition failed."""
    with translated():
        try:
            client.transact_write_items(TransactItems=writes)
        except ClientError as exc:
            if exc.response["Error"]["Code"] != "TransactionCanceledException":
                raise
            reasons: list[Any] = exc.response.get("CancellationReasons", [])
            return [reason.get("Code") == "ConditionalCheckFailed" for reason in reasons]
    return None


def _tries() -> Iterator[None]:
    """Once, and again while rivals come first and patience lasts, with pauses in between."""
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    pause = 0.005
    while True:
        yield
        if time.monotonic() > give_up_at:
            return
        time.sleep(random.uniform(0, pause))  # noqa: S311 - spreads rivals, guards nothing
        pause = min(2 * pause, 0.2)


def ledger_partition(uai: str) -> str:
    """Apart from the school's own items, so that a role may write those and never a balance (R47)."""
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
