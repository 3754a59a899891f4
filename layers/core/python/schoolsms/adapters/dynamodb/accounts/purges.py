"""How far purges have come, and their certificates: `PURGES#<uai>` / `PURGE#<label>` in the accounts table (R38, R39).

One item a school and year, each of its writers touching attributes of its own: the announcement, the start, the counts
(see `purgeable_history.py`), the certificate, which is listed under `PURGES` from then on and never changed.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, get_args

from schoolsms.adapters.dynamodb.client.items import (
    ConditionFailed,
    Item,
    from_wire,
    instant,
    iso,
    optional_instant,
    own_cursor,
    to_wire,
    translated,
)
from schoolsms.application.ports.core import Slice
from schoolsms.domain.errors import TransientError
from schoolsms.domain.history.purges import Certificate, Counts, Purge
from schoolsms.domain.schools.subscription_ends import Warned
from schoolsms.domain.sending.statuses import Final, Status

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

PAGE = 100
_CURSOR = re.compile(r"20[0-9]{2}-[0-9T:.-]{18,20}Z#[0-9]{7}[A-Z]#[0-9-]{4,7}")
_COUNTED = "counted_"


class DynamoPurges:
    """Implements the port `Purges`."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def get(self, uai: str, school_year: str) -> Purge:
        with translated():
            found = self._client.get_item(
                TableName=self._table, Key=to_wire(purge_key(uai, school_year)), ConsistentRead=True
            ).get("Item")
        return _purge(uai, school_year, from_wire(found) if found else {})

    def announced(self, uai: str, school_year: str, warned: Warned) -> None:
        self._set(uai, school_year, {"announced_end": warned.end.isoformat(), "announced_days": warned.days})

    def started(self, uai: str, school_year: str, at: datetime) -> None:
        try:
            self._set(uai, school_year, {"started_at": iso(at)}, "attribute_not_exists(started_at)")
        except ConditionFailed:
            return

    def certify(self, certificate: Certificate) -> Certificate:
        uai, label = certificate.school, certificate.school_year
        written = {
            "first_day": certificate.first_day.isoformat(),
            "last_day": certificate.last_day.isoformat(),
            "certified_at": iso(certificate.certified_at),
            "digest": certificate.digest,
            "list_pk": "PURGES",
            "list_sk": f"{iso(certificate.certified_at)}#{uai}#{label}",
        }
        try:
            self._set(uai, label, written, "attribute_not_exists(certified_at)")
        except ConditionFailed:
            standing = self.get(uai, label).certificate
            if standing is None:
                raise TransientError("a certificate was there and is not") from None
            return standing
        return certificate

    def of_school(self, uai: str) -> Sequence[Certificate]:
        with translated():
            answer = self._client.query(
                TableName=self._table,
                KeyConditionExpression="pk = :pk AND begins_with(sk, :purge)",
                ExpressionAttributeValues=to_wire({":pk": purge_key(uai, "")["pk"], ":purge": "PURGE#"}),
                ScanIndexForward=False,
                ConsistentRead=True,
            )
        return _certificates(map(from_wire, answer["Items"]))

    def all(self, cursor: str | None) -> Slice[Certificate]:
        before = own_cursor(cursor, _CURSOR) or "~"
        with translated():
            answer = self._client.query(
                TableName=self._table,
                IndexName="listing",
                KeyConditionExpression="list_pk = :purges AND list_sk < :before",
                ExpressionAttributeValues=to_wire({":purges": "PURGES", ":before": before}),
                ScanIndexForward=False,
                Limit=PAGE,
            )
        items = [from_wire(wire) for wire in answer["Items"]]
        return Slice(_certificates(items), items[-1]["list_sk"] if "LastEvaluatedKey" in answer else None)

    def _set(self, uai: str, school_year: str, values: Item, condition: str | None = None) -> None:
        more: dict[str, Any] = {"ConditionExpression": condition} if condition else {}
        with translated():
            self._client.update_item(
                TableName=self._table,
                Key=to_wire(purge_key(uai, school_year)),
                UpdateExpression="SET " + ", ".join(f"{name} = :{name}" for name in values),
                ExpressionAttributeValues=to_wire({f":{name}": value for name, value in values.items()}),
                **more,
            )


def purge_key(uai: str, school_year: str) -> Item:
    """Where a purge is kept."""
    return {"pk": f"PURGES#{uai}", "sk": f"PURGE#{school_year}"}


def counted(counts: Counts) -> Mapping[str, int]:
    """`counts` as the attributes they are added to."""
    figures: dict[str, int] = {"requests": counts.requests, "refused": counts.refused, "sms": counts.sms}
    for status, number in counts.messages.items():
        figures[status] = number
    figures["replies"] = counts.replies
    return {f"{_COUNTED}{name}": number for name, number in figures.items() if number}


def _purge(uai: str, school_year: str, item: Item) -> Purge:
    end = item.get("announced_end")
    counts = _counts(item)
    started_at = optional_instant(item.get("started_at"))
    certificate = None
    if "certified_at" in item and started_at:
        certificate = Certificate(
            school=uai,
            school_year=school_year,
            first_day=date.fromisoformat(item["first_day"]),
            last_day=date.fromisoformat(item["last_day"]),
            started_at=started_at,
            certified_at=instant(item["certified_at"]),
            before=counts,
        )
    return Purge(
        uai,
        school_year,
        Warned(date.fromisoformat(end), item["announced_days"]) if end else None,
        started_at,
        counts,
        certificate,
    )


def _counts(item: Item) -> Counts:
    def number(name: str) -> int:
        return int(item.get(f"{_COUNTED}{name}", 0))

    statuses: tuple[Status, ...] = get_args(Final)
    messages = {status: number(status) for status in statuses if number(status)}
    return Counts(number("requests"), number("refused"), number("sms"), messages, number("replies"))


def _certificates(items: "map[Item] | Sequence[Item]") -> Sequence[Certificate]:
    found = (_purge(item["pk"].removeprefix("PURGES#"), item["sk"].removeprefix("PURGE#"), item) for item in items)
    return [purge.certificate for purge in found if purge.certificate]
