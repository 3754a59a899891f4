"""Items of the accounts table that others move on: a balance by entries, a sequence by papers, a profile by decisions.

None may come back as it was at a point in time: SMS would be spent twice, a number given twice, a suspension lifted.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from schoolsms.adapters.dynamodb.accounts.ledger import DynamoLedger
from schoolsms.adapters.dynamodb.accounts.schools.schools import DynamoSchools
from schoolsms.adapters.dynamodb.client.codec import from_wire, to_wire
from schoolsms.adapters.dynamodb.client.table import Table
from schoolsms.domain.errors import InsufficientBalance
from schoolsms.domain.schools.schools import School
from schoolsms.domain.schools.stock.ledger import Balance, Entry, Posting, new_balance, post

Item = dict[str, Any]
"""An item as the client has it: `{"pk": {"S": …}, …}`."""

PAPERS = ("INVOICE#", "CREDIT_NOTE#", "INVOICE_OF#")
"""How the partitions begin whose items have, or name, a number of the sequence."""

BALANCE, SEQUENCE, PROFILE = ("LEDGER", "BALANCE"), ("INVOICES", "SEQUENCE"), ("SCHOOL", "PROFILE")
"""The kinds of items that are moved on: how the partition begins, and the sort key."""


class NotMovedOn(Exception):
    """The live items do not lead on from the earlier one; the message says why, and what to do."""


class MovingItems:
    """Moves items of the table `source` on over what the table `live` has."""

    def __init__(self, client: Any, source: str, live: str) -> None:
        self._client, self._live = client, live
        self._table = Table(client, live)
        self._ledger = DynamoLedger(self._table)
        self._schools = (DynamoSchools(self._table), DynamoSchools(Table(client, source)))

    def moved_on(self, before: Item) -> Item:
        """Return `before`, which the live table lacks, as it has to be now. Raises NotMovedOn."""
        kind = _kind(before)
        if kind == BALANCE:
            return self._balance(before)
        if kind == SEQUENCE:
            return self._sequence(before)
        if kind == PROFILE:
            self._check_decisions(before)
        return before

    def explains(self, before: Item, now: Item) -> bool:
        """Whether what was written since leads from `before` to `now`: entries up to its number (R18), or papers."""
        kind = _kind(before)
        number = {BALANCE: "last_seq", SEQUENCE: "last_rank"}.get(kind, "")
        if number not in now:
            return False
        until = int(now[number]["N"])
        try:
            return now == (self._balance(before, until) if kind == BALANCE else self._sequence(before, until))
        except NotMovedOn:
            return False

    def _balance(self, before: Item, until: int | None = None) -> Item:
        uai, read = before["pk"]["S"].removeprefix("LEDGER#"), from_wire(before)
        spent_on = read.get("spent_on")
        balance = Balance(
            uai,
            read["balance_sms"],
            read["last_seq"],
            date.fromisoformat(spent_on) if spent_on else None,
            read.get("spent_sms", 0),
            read.get("last_credit", ""),
        )
        first = balance.seq + 1
        ledger = self._ledger
        school = self._schools[0].get(uai) or self._schools[1].get(uai)
        for entry in ledger.entries_from(uai, first) if until is None else ledger.entries_between(uai, first, until):
            balance = _after(balance, entry, school)
        if balance.seq < first:
            return before
        return before | to_wire(
            {
                "balance_sms": balance.sms,
                "last_seq": balance.seq,
                "spent_on": balance.spent_on.isoformat() if balance.spent_on else None,
                "spent_sms": balance.spent_sms,
                "last_credit": balance.last_credit,
            }
        )

    def _sequence(self, before: Item, until: int | None = None) -> Item:
        """Return the sequence after all papers there are or, with `until`, if there is one of each number to it."""
        year, read = before["pk"]["S"].removeprefix("INVOICES#"), from_wire(before)
        numbers = self._numbers(year)
        last, days = read["last_rank"], {read["last_issued_on"]}
        if until is None:
            last = max((last, *numbers))
            days.update(numbers.values())
        else:
            since = range(last + 1, until + 1)
            if not all(numbers.get(rank) for rank in since):
                raise NotMovedOn("papers of the sequence are missing")
            last = max(last, until)
            days.update(numbers[rank] for rank in since)
        return before | to_wire({"last_rank": last, "last_issued_on": max(days)})

    def _numbers(self, year: str) -> dict[int, str]:
        """Return the day of each number of `year` that live items have, "" for one that is only named by another."""
        found: dict[int, str] = {}
        asked = {
            "FilterExpression": " OR ".join(f"begins_with(pk, :p{place})" for place, _ in enumerate(PAPERS)),
            "ExpressionAttributeValues": {f":p{place}": {"S": begins} for place, begins in enumerate(PAPERS)},
            "ProjectionExpression": "pk, issued_on, credit_note, #number",
            "ExpressionAttributeNames": {"#number": "number"},
        }
        for page in self._client.get_paginator("scan").paginate(TableName=self._live, ConsistentRead=True, **asked):
            for item in map(from_wire, page["Items"]):
                own = "" if item["pk"].startswith("INVOICE_OF#") else item["pk"].partition("#")[2]
                for number in (own, item.get("number", ""), item.get("credit_note", "")):
                    of, _, rank = str(number).partition("-")
                    if of == year and rank.isdigit():
                        day = item.get("issued_on", "") if number == own else ""
                        found[int(rank)] = max(found.get(int(rank), ""), day)
        return found

    def _check_decisions(self, before: Item) -> None:
        """Raise NotMovedOn if decisions about the school are recorded that its earlier profile does not know."""
        acts = int(before["acts"]["N"]) if "acts" in before else 0
        values = {"pk": before["pk"]["S"], "first": f"ACT#{acts + 1:06d}", "last": "ACT$"}
        if self._table.query("pk = :pk AND sk BETWEEN :first AND :last", values, 1).items:
            raise NotMovedOn(f"decisions after number {acts} are recorded: restore a later second")


def _kind(item: Item) -> tuple[str, str]:
    return item["pk"]["S"].partition("#")[0], item["sk"]["S"]


def _after(balance: Balance, entry: Entry, school: School | None) -> Balance:
    """Return the balance after `entry`, which counts on the school's own day if it is a debit. Raises NotMovedOn."""
    day = school.local_day(entry.at) if school and entry.kind == "debit" else None
    posting = Posting(entry.id, entry.kind, entry.amount, entry.cause, entry.at, day)
    try:
        due = post(balance, posting)
    except InsufficientBalance:
        due = None
    if due is None or (due.seq, due.balance_after) != (entry.seq, entry.balance_after):
        raise NotMovedOn(f"entry {balance.seq + 1} does not follow from it: restore a later second")
    return new_balance(balance, posting, due)
