"""Decisions about a school in the accounts table, and what they changed (R23, R27, R28).

`SCHOOL#<uai>` holds one `ACT#<number>` a decision, never changed. `PROFILE` holds what the decisions together amount
to, and the number of the last one. Both are written in one transaction, on the condition that no decision was recorded
since the school was read.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from schoolsms.adapters.dynamodb.client.codec import Item, instant, iso, optional_instant
from schoolsms.adapters.dynamodb.client.retries import tries
from schoolsms.adapters.dynamodb.client.table import EXISTS, NEW, TableStore, assignments
from schoolsms.domain.errors import TransientError
from schoolsms.domain.schools.destinations import Destinations, Tariff
from schoolsms.domain.schools.formal_notices import FormalNotice
from schoolsms.domain.schools.notified import Notified
from schoolsms.domain.schools.school_acts import Act
from schoolsms.domain.schools.schools import BlockedSender, Integration, School

SHOWN = 100
CONFLICT_TRIES = 6
"""DynamoDB cancels one of two transactions on the same profile at once, though neither condition failed."""


class DynamoSchoolActs(TableStore):
    """Implements the port `SchoolActs`."""

    def record(self, school: School, act: Act) -> bool:
        ruled = decision_attributes(school)
        first = act.number == 1
        none_since = f"{EXISTS} AND attribute_not_exists(acts)" if first else "acts = :before"
        values = ruled if first else ruled | {"before": act.number - 1}
        profile = {"pk": f"SCHOOL#{school.uai}", "sk": "PROFILE"}
        writes = [
            self._table.to_update(profile, assignments(ruled), none_since, values),
            self._table.to_put(_item(school.uai, act), NEW),
        ]
        for _ in tries(CONFLICT_TRIES, 0.02, 0.3):
            failed = self._table.try_transaction(writes)
            if failed is None or any(failed):
                return failed is None
        raise TransientError("too many acts about this school at once")

    def numbered(self, uai: str, number: int) -> Act | None:
        item = self._table.get(_key(uai, number))
        return _act(item) if item else None

    def of(self, uai: str) -> Sequence[Act]:
        values = {"pk": f"SCHOOL#{uai}", "act": "ACT#"}
        page = self._table.query("pk = :pk AND begins_with(sk, :act)", values, SHOWN, descending=True)
        return [_act(item) for item in page.items]


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
        "tariff": {"text": tariff.text, "prices_cents": dict(tariff.prices_cents)} if tariff else None,
    }


def _destinations(item: Item | None) -> Destinations | None:
    if item is None:
        return None
    tariff = item.get("tariff")
    return Destinations(**{**item, "tariff": Tariff(**tariff) if tariff else None})


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
