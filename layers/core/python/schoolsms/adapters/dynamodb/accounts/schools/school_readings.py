"""The operator's looks at a school in the accounts table: `SCHOOL#<uai>` / `READING#<instant>#<id>` (R2, R46).

They have a range of their own, so that they crowd no decision out, and touch nothing that decisions are conditional
on. Looks used to be recorded among the acts, as `viewed`; those come after all others in the list, as they are older.
"""

import re
from collections.abc import Iterator
from itertools import islice

from schoolsms.adapters.dynamodb.client.codec import Item, instant, iso
from schoolsms.adapters.dynamodb.client.table import TableStore, validated_cursor
from schoolsms.application.ports.core import Slice
from schoolsms.domain.schools.decisions.school_readings import Reading

PAGE = 100
_CURSOR = re.compile(r"READING#[0-9T:.+Z-]{20,40}#[A-Z2-7]{1,40}|ACT#[0-9]{6,9}")


class DynamoSchoolReadings(TableStore):
    """Implements the port `SchoolReadings`."""

    def record(self, uai: str, reading: Reading) -> None:
        self._table.put(
            {
                "pk": f"SCHOOL#{uai}",
                "sk": f"READING#{iso(reading.at)}#{reading.id}",
                "at": iso(reading.at),
                "by": reading.by,
                "by_email": reading.by_email,
                "reason": reading.reason,
                "detail": {
                    "looked_at": reading.looked_at,
                    "numbers": "whole" if reading.numbers_whole else "masked",
                    "searched": list(reading.searched),
                },
            }
        )

    def page(self, uai: str, cursor: str | None) -> Slice[Reading]:
        found = list(islice(self._newest_first(uai, validated_cursor(cursor, _CURSOR)), PAGE + 1))
        shown = found[:PAGE]
        return Slice([_reading(item) for item in shown], shown[-1]["sk"] if len(found) > PAGE else None)

    def _newest_first(self, uai: str, last: str | None) -> Iterator[Item]:
        if not last or last.startswith("READING#"):
            yield from self._range(uai, "READING", last)
            last = None
        yield from self._range(uai, "ACT", last)

    def _range(self, uai: str, kind: str, last: str | None) -> Iterator[Item]:
        """Looks before the one whose key is `last`; without it, all of the range."""
        values = {"pk": f"SCHOOL#{uai}", "first": f"{kind}#", "last": last or f"{kind}$"}
        between = "pk = :pk AND sk BETWEEN :first AND :last"
        if kind == "ACT":
            found = self._table.query_all(
                between, {**values, "viewed": "viewed"}, descending=True, where="#kind = :viewed"
            )
        else:
            found = self._table.query_all(between, values, descending=True)
        return (item for item in found if item["sk"] != last)


def _reading(item: Item) -> Reading:
    detail = item.get("detail", {})
    return Reading(
        id=item["sk"].rpartition("#")[2],
        at=instant(item["at"]),
        by=item["by"],
        by_email=item["by_email"],
        reason=item["reason"],
        looked_at=detail.get("looked_at", ""),
        numbers_whole=detail.get("numbers") == "whole",
        searched=tuple(detail.get("searched", ())),
    )
