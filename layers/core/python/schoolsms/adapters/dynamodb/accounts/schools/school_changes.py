"""Decisions about a school in the accounts table, and what they changed (R23, R27, R28).

`SCHOOL#<uai>` holds one `ACT#<number>` a decision, never changed. `PROFILE` holds what the decisions together amount
to, and the number of the last one. Both are written in one transaction, on the condition that no decision was recorded
since the school was read. Of the time when the operator's looks were recorded among them, there are `viewed` ones,
which `school_readings` shows.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any

from schoolsms.adapters.dynamodb.accounts.keys import profile_key
from schoolsms.adapters.dynamodb.client.codec import Item, instant, iso, optional_instant
from schoolsms.adapters.dynamodb.client.retries import tries
from schoolsms.adapters.dynamodb.client.table import (
    EXISTS,
    NEW,
    Table,
    TableStore,
    Write,
    assignments,
    validated_cursor,
)
from schoolsms.application.ports.core import Slice
from schoolsms.domain.errors import TransientError
from schoolsms.domain.schools.decisions.destinations import Destinations, Tariff
from schoolsms.domain.schools.decisions.formal_notices import FormalNotice
from schoolsms.domain.schools.decisions.school_acts import Act
from schoolsms.domain.schools.notified import Notified
from schoolsms.domain.schools.schools import BlockedSender, Integration, School

SHOWN = 100
"""The latest acts beside a school, and acts on a page of the list."""
_CURSOR = re.compile(r"ACT#[0-9]{6,9}")
NOT_A_LOOK = "#kind <> :viewed"
CONFLICT_TRIES = 6
"""DynamoDB cancels one of two transactions on the same profile at once, though neither condition failed."""


class DynamoSchoolActs(TableStore):
    """Implements the port `SchoolActs`."""

    def record(self, school: School, act: Act) -> bool:
        writes = act_writes(self._table, school, act)
        for _ in tries(CONFLICT_TRIES, 0.02, 0.3):
            failed = self._table.try_transaction(writes)
            if failed is None or any(failed):
                return failed is None
        raise TransientError("too many acts about this school at once")

    def numbered(self, uai: str, number: int) -> Act | None:
        item = self._table.get(_key(uai, number))
        return _act(item) if item else None

    def of(self, uai: str) -> Sequence[Act]:
        return [_act(item) for item in islice(self._newest_first(uai), SHOWN)]

    def page(self, uai: str, cursor: str | None) -> Slice[Act]:
        found = list(islice(self._newest_first(uai, validated_cursor(cursor, _CURSOR)), SHOWN + 1))
        shown = found[:SHOWN]
        return Slice([_act(item) for item in shown], shown[-1]["sk"] if len(found) > SHOWN else None)

    def _newest_first(self, uai: str, last: str | None = None) -> Iterator[Item]:
        """Acts before the one whose key is `last`; without it, all."""
        values = {"pk": f"SCHOOL#{uai}", "first": "ACT#", "last": last or "ACT$", "viewed": "viewed"}
        between = "pk = :pk AND sk BETWEEN :first AND :last"
        found = self._table.query_all(between, values, descending=True, where=NOT_A_LOOK)
        return (item for item in found if item["sk"] != last)


def act_writes(table: Table, school: School, act: Act) -> list[Write]:
    """Return the writes of `act` and of `school` after it, on the condition that no other act came first."""
    ruled = decision_attributes(school)
    first = act.number == 1
    none_since = f"{EXISTS} AND attribute_not_exists(acts)" if first else "acts = :before"
    values = ruled if first else ruled | {"before": act.number - 1}
    return [
        table.to_update(profile_key(school.uai), assignments(ruled), none_since, values),
        table.to_put(_item(school.uai, act), NEW),
    ]


def decision_attributes(school: School) -> Item:
    """Return the attributes of the profile that only decisions change."""
    return {
        "state": school.state,
        "terminated_at": iso(school.terminated_at) if school.terminated_at else None,
        "destinations": _destinations_item(school.destinations),
        "accepted_destinations": _destinations_item(school.accepted_destinations),
        "integrations": [[each.client_id, iso(each.granted_at), each.granted_by] for each in school.integrations],
        "formal_notice": _notice_item(school.formal_notice),
        "notified": [[each.email, iso(each.added_at), each.token, each.confirmed] for each in school.notified],
        "blocked_senders": [[each.sub, iso(each.blocked_at), each.blocked_by] for each in school.blocked_senders],
        "acts": school.acts,
    }


def decisions_from_item(item: Item) -> dict[str, Any]:
    """Read what `decision_attributes` wrote, as arguments of a School; without a decision, the defaults."""
    return {
        "state": item["state"],
        "terminated_at": optional_instant(item.get("terminated_at")),
        "destinations": _destinations(item.get("destinations")),
        "accepted_destinations": _destinations(item.get("accepted_destinations")),
        "integrations": tuple(
            Integration(client_id, instant(at), by) for client_id, at, by in item.get("integrations", ())
        ),
        "formal_notice": _notice(item.get("formal_notice")),
        "notified": tuple(
            Notified(email, instant(at), token, confirmed) for email, at, token, confirmed in item.get("notified", ())
        ),
        "blocked_senders": tuple(
            BlockedSender(sub, instant(at), by) for sub, at, by in item.get("blocked_senders", ())
        ),
        "acts": item.get("acts", 0),
    }


def _notice_item(of: FormalNotice | None) -> Item | None:
    if of is None:
        return None
    return {
        "number": of.number,
        "facts": of.facts,
        "deadline": of.deadline.isoformat(),
        "given_at": iso(of.given_at),
        "answer": of.answer,
        "answered_at": iso(of.answered_at) if of.answered_at else None,
        "lifted_at": iso(of.lifted_at) if of.lifted_at else None,
        "lifting_reason": of.lifting_reason,
    }


def _notice(item: Item | None) -> FormalNotice | None:
    if item is None:
        return None
    return FormalNotice(
        number=item["number"],
        facts=item["facts"],
        deadline=date.fromisoformat(item["deadline"]),
        given_at=instant(item["given_at"]),
        answer=item["answer"],
        answered_at=optional_instant(item["answered_at"]),
        lifted_at=optional_instant(item["lifted_at"]),
        lifting_reason=item["lifting_reason"],
    )


def _destinations_item(of: Destinations | None) -> Item | None:
    if of is None:
        return None
    tariff = of.tariff
    return {
        "sending_country": of.sending_country,
        "multipliers": dict(of.multipliers),
        "version": of.version,
        "tariff": _tariff_item(tariff) if tariff else None,
    }


def _destinations(item: Item | None) -> Destinations | None:
    if item is None:
        return None
    tariff = item.get("tariff")
    return Destinations(**{**item, "tariff": _tariff(tariff) if tariff else None})


def _tariff_item(of: Tariff) -> Item:
    return {"text": of.text, "prices": {country: str(price) for country, price in of.prices.items()}}


def _tariff(item: Item) -> Tariff:
    """Also one of the time when prices were whole cents."""
    cents = item.get("prices_cents", {})
    in_euros = {country: Decimal(price) / 100 for country, price in cents.items()}
    return Tariff(
        item["text"], in_euros | {country: Decimal(price) for country, price in item.get("prices", {}).items()}
    )


def _key(uai: str, number: int) -> Item:
    return {"pk": f"SCHOOL#{uai}", "sk": f"ACT#{number:06d}"}


def _item(uai: str, act: Act) -> Item:
    return {
        **_key(uai, act.number),
        "number": act.number,
        "kind": act.kind,
        "at": iso(act.at),
        "by": act.by,
        "by_email": act.by_email,
        "reason": act.reason,
        "detail": dict(act.detail),
    }


def _act(item: Item) -> Act:
    return Act(
        number=item["number"],
        kind=item["kind"],
        at=instant(item["at"]),
        by=item["by"],
        by_email=item["by_email"],
        reason=item["reason"],
        detail=item["detail"],
    )
