"""Warnings that managers got about the end of their subscription: attributes of `SCHOOL#<uai>` / `PROFILE` (R17).

`warned_end` and `warned_days` name the last warning, `consents_offered_for` the end before which the school was offered
its proofs of consent. `untold_forfeiture` is the id of a ledger entry, written with it
in one transaction and removed once its mail is queued. A registration leaves all of them as they are.
"""

from datetime import date
from typing import Any

from schoolsms.adapters.dynamodb.accounts.keys import profile_key
from schoolsms.adapters.dynamodb.client.codec import Item
from schoolsms.adapters.dynamodb.client.table import EXISTS, Table, TableStore, Write
from schoolsms.domain.schools.schools import School
from schoolsms.domain.schools.stock.subscription_ends import Warned


class DynamoSubscriptionEnds(TableStore):
    """Implements the port `SubscriptionEnds`."""

    def warned(self, uai: str, warned: Warned) -> None:
        values = {"end": warned.end.isoformat(), "days": warned.days}
        self._table.update(profile_key(uai), "SET warned_end = :end, warned_days = :days", EXISTS, values)

    def consents_offered(self, uai: str, end: date) -> None:
        self._table.update(profile_key(uai), "SET consents_offered_for = :end", EXISTS, {"end": end.isoformat()})

    def forfeiture_notice_queued(self, uai: str, entry_id: str) -> None:
        # A failed condition means that another run was faster.
        condition = "untold_forfeiture = :entry"
        self._table.try_update(profile_key(uai), "REMOVE untold_forfeiture", condition, {"entry": entry_id})


def ended_as_read(table: Table, school: School, entry_id: str) -> Write:
    """Return the write beside the entry of a forfeiture: managers are to get a mail, if the end is still as read."""
    return table.to_update(
        profile_key(school.uai),
        "SET untold_forfeiture = :entry",
        "subscription_end = :end AND calendar = :calendar AND attribute_not_exists(untold_forfeiture)",
        {"entry": entry_id, "end": school.subscription_end.isoformat(), "calendar": school.calendar},
    )


def ends_from(item: Item) -> dict[str, Any]:
    """Return the attributes above as arguments of a School."""
    end, offered_for = item.get("warned_end"), item.get("consents_offered_for")
    return {
        "last_warning": Warned(date.fromisoformat(end), item["warned_days"]) if end else None,
        "pending_forfeiture_notice": item.get("untold_forfeiture", ""),
        "consents_offered_for": date.fromisoformat(offered_for) if offered_for else None,
    }
