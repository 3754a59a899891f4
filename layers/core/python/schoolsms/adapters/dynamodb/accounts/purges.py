"""Progress and certificates of purges: `PURGES#<uai>` / `PURGE#<label>` in the accounts table (R38, R39).

One item a school and year. Each of its writers changes attributes of its own: the announcement, the start, the counts
(see `history/removals/purgeable.py`), and the certificate, which is listed under `PURGES` from then on and never
changed.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import get_args

from schoolsms.adapters.dynamodb.client.codec import Item, instant, iso, optional_instant
from schoolsms.adapters.dynamodb.client.table import TableStore, assignments, validated_cursor
from schoolsms.application.ports.core import Slice
from schoolsms.domain.errors import TransientError
from schoolsms.domain.history.purges import Certificate, Counts, Purge
from schoolsms.domain.schools.stock.subscription_ends import Warned
from schoolsms.domain.sending.delivering.statuses import Final, Status

PAGE = 100
_CURSOR = re.compile(r"20[0-9]{2}-[0-9T:.-]{18,20}Z#[0-9]{7}[A-Z]#[0-9-]{4,7}")
_COUNTED = "counted_"


class DynamoPurges(TableStore):
    """Implements the port `Purges`."""

    def get(self, uai: str, school_year: str) -> Purge:
        return _purge(uai, school_year, self._table.get(purge_key(uai, school_year)) or {})

    def announced(self, uai: str, school_year: str, warned: Warned) -> None:
        written = {"announced_end": warned.end.isoformat(), "announced_days": warned.days}
        self._table.update(purge_key(uai, school_year), assignments(written), values=written)

    def started(self, uai: str, school_year: str, at: datetime) -> None:
        self._set_once(uai, school_year, "started_at", {"started_at": iso(at)})

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
        if self._set_once(uai, label, "certified_at", written):
            return certificate
        standing = self.get(uai, label).certificate
        if standing is None:
            raise TransientError("a certificate was there and is not")
        return standing

    def of_school(self, uai: str) -> Sequence[Certificate]:
        values = {"pk": purge_key(uai, "")["pk"], "purge": "PURGE#"}
        page = self._table.query("pk = :pk AND begins_with(sk, :purge)", values, descending=True)
        return _certificates(page.items)

    def last_start(self, uai: str) -> datetime | None:
        """Return when the latest purge of the school began."""
        values = {"pk": purge_key(uai, "")["pk"], "purge": "PURGE#"}
        items = self._table.query_all("pk = :pk AND begins_with(sk, :purge)", values)
        return max((instant(item["started_at"]) for item in items if "started_at" in item), default=None)

    def all(self, cursor: str | None) -> Slice[Certificate]:
        values = {"purges": "PURGES", "before": validated_cursor(cursor, _CURSOR) or "~"}
        condition = "list_pk = :purges AND list_sk < :before"
        page = self._table.query(condition, values, PAGE, index="listing", descending=True)
        return Slice(_certificates(page.items), page.cursor("list_sk"))

    def _set_once(self, uai: str, school_year: str, attribute: str, written: Item) -> bool:
        """Set `written`, unless `attribute` is there already; return whether it was set."""
        condition = f"attribute_not_exists({attribute})"
        return self._table.try_update(purge_key(uai, school_year), assignments(written), condition, written)


def purge_key(uai: str, school_year: str) -> Item:
    """Return the primary key of a purge."""
    return {"pk": f"PURGES#{uai}", "sk": f"PURGE#{school_year}"}


def counted(counts: Counts) -> Mapping[str, int]:
    """Return `counts` by the attributes to which they are added."""
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


def _certificates(items: Iterable[Item]) -> Sequence[Certificate]:
    found = (_purge(item["pk"].removeprefix("PURGES#"), item["sk"].removeprefix("PURGE#"), item) for item in items)
    return [purge.certificate for purge in found if purge.certificate]
