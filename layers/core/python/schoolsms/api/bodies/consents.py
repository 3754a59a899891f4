"""Consents and the rights of those who gave them, checked where they come in over HTTP (R44, R45)."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field, PlainValidator
from pydantic_core import PydanticCustomError

from schoolsms.api.bodies.base import DAY_OR_INSTANT, Line, StrictBody, plausible, read_day, read_instant
from schoolsms.domain.consents.consent_lists import LONGEST
from schoolsms.domain.consents.consents import Collected


def _day_or_instant(written: object) -> datetime | date:
    try:
        found = read_day(written) if len(str(written)) <= len("AAAA-MM-JJ") else read_instant(written)
        plausible(found.date() if isinstance(found, datetime) else found)
        return found
    except ValueError:
        raise PydanticCustomError(
            "collected_at", "Une date ou un instant est attendu, par exemple 2026-11-23 ou 2026-11-23T18:00:00+01:00."
        ) from None


class ConsentBody(StrictBody):
    """`PUT /v1/consents/{phone}`; `collected_at` is an instant, or a day where the school is."""

    wording: Annotated[str, Line(LONGEST["wording"])]
    version: Annotated[str, Line(LONGEST["version"])]
    channel: Annotated[str, Line(LONGEST["channel"])]
    collected_by: Annotated[str, Line(LONGEST["collected_by"])]
    collected_at: Annotated[datetime | date, PlainValidator(_day_or_instant), DAY_OR_INSTANT]
    new_holder: Annotated[bool, Field(description="An erased number that belongs to another person now.")] = False

    def collected(self) -> Collected:
        proof = (self.wording, self.version, self.channel, self.collected_by, self.collected_at)
        return Collected(*proof, self.new_holder)


class RectificationBody(StrictBody):
    """`POST /v1/recipients/{phone}/rectification`."""

    phone: Annotated[str, Line(64)]
