"""Schools in the accounts table."""

import re
from dataclasses import asdict
from datetime import date
from decimal import Decimal

from schoolsms.adapters.dynamodb.accounts.keys import profile_key
from schoolsms.adapters.dynamodb.accounts.schools.school_changes import decisions_from_item
from schoolsms.adapters.dynamodb.accounts.schools.subscriptions import ends_from
from schoolsms.adapters.dynamodb.client.codec import Item
from schoolsms.adapters.dynamodb.client.errors import ConditionFailed
from schoolsms.adapters.dynamodb.client.table import TableStore, assignments, validated_cursor
from schoolsms.application.ports.core import Slice
from schoolsms.domain.schools.schools import Address, Manager, School
from schoolsms.domain.schools.stock.subscription_ends import EndChanged

PAGE = 100
_CURSOR = re.compile(r"[0-9]{7}[A-Z]")


class DynamoSchools(TableStore):
    """Implements the port `Schools`: `SCHOOL#<uai>` / `PROFILE`, listed under `SCHOOLS`."""

    def get(self, uai: str) -> School | None:
        item = self._table.get(profile_key(uai))
        return _school(item) if item else None

    def put(self, school: School, known_end: date | None = None) -> bool:
        registered = {name: value for name, value in _item(school).items() if name not in ("pk", "sk")}
        values = registered | {"state": school.state}
        if known_end:
            values["known_end"] = known_end.isoformat()
        try:
            before = self._table.update_returning(
                "ALL_OLD",
                profile_key(school.uai),
                # A registration leaves the operator's decisions as they are: it undoes neither a suspension nor an
                # acceptance (R27).
                f"{assignments(registered)}, #state = if_not_exists(#state, :state)",
                "subscription_end = :known_end" if known_end else "",
                values,
            )
        except ConditionFailed:
            raise EndChanged from None
        return before is None

    def all(self, cursor: str | None) -> Slice[School]:
        values = {"schools": "SCHOOLS", "after": validated_cursor(cursor, _CURSOR) or "0"}
        page = self._table.query("list_pk = :schools AND list_sk > :after", values, PAGE, index="listing")
        return page.slice(_school, "list_sk")


def _item(school: School) -> Item:
    return {
        **profile_key(school.uai),
        "list_pk": "SCHOOLS",
        "list_sk": school.uai,
        "name": school.name,
        "siret": school.siret,
        "address": asdict(school.address),
        "managers": [[manager.name, manager.email] for manager in school.managers],
        "subscription_end": school.subscription_end.isoformat(),
        "calendar": school.calendar,
        "country": school.country,
        "vat_rate": str(school.vat_rate),
        "low_balance_threshold": school.low_balance_threshold,
        "sender_name": school.sender_name,
        "daily_limit": school.daily_limit,
        "order_senders": list(school.order_senders),
    }


def _school(item: Item) -> School:
    return School(
        uai=item["list_sk"],
        name=item["name"],
        siret=item["siret"],
        address=Address(**item["address"]),
        managers=tuple(Manager(name, email) for name, email in item["managers"]),
        subscription_end=date.fromisoformat(item["subscription_end"]),
        calendar=item["calendar"],
        country=item["country"],
        vat_rate=Decimal(item["vat_rate"]),
        low_balance_threshold=item["low_balance_threshold"],
        sender_name=item["sender_name"],
        daily_limit=item["daily_limit"],
        order_senders=tuple(item.get("order_senders", ())),
        **decisions_from_item(item),
        **ends_from(item),
    )
