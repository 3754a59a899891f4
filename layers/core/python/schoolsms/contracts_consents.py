"""Consents and the rights of those who gave them, checked where they come in over HTTP (R44, R45)."""

from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import PlainValidator, StringConstraints
from pydantic_core import PydanticCustomError

from schoolsms.contracts_base import StrictBody
from schoolsms.domain.consent_lists import LONGEST
from schoolsms.domain.consents import Collected


def _line(longest: int) -> StringConstraints:
    return StringConstraints(
        strip_whitespace=True, min_length=1, max_length=longest, pattern=r"^[^\x00-\x1f\x7f]+$", strict=True
    )


def _day_or_instant(written: object) -> datetime | date:
    try:
        if not isinstance(written, str):
            raise ValueError
        if len(written) == len("AAAA-MM-JJ"):
            return date.fromisoformat(written)
        instant = datetime.fromisoformat(written)
        return instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise PydanticCustomError(
            "collected_at", "Une date ou un instant est attendu, par exemple 2026-11-23 ou 2026-11-23T18:00:00+01:00."
        ) from None


class ConsentBody(StrictBody):
    """`PUT /v1/consents/{phone}`; `collected_at` is an instant, or a day where the school is."""

    wording: Annotated[str, _line(LONGEST["wording"])]
    version: Annotated[str, _line(LONGEST["version"])]
    channel: Annotated[str, _line(LONGEST["channel"])]
    collected_by: Annotated[str, _line(LONGEST["collected_by"])]
    collected_at: Annotated[datetime | date, PlainValidator(_day_or_instant)]

    def collected(self) -> Collected:
        return Collected(self.wording, self.version, self.channel, self.collected_by, self.collected_at)


class RectificationBody(StrictBody):
    """`POST /v1/recipients/{phone}/rectification`."""

    phone: Annotated[str, _line(64)]
