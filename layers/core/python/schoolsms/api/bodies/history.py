"""The query of the history, checked where it comes in over HTTP."""

from datetime import date, datetime
from typing import Annotated

from pydantic import ConfigDict, Field, PlainValidator, StringConstraints
from pydantic_core import PydanticCustomError

from schoolsms.api.bodies.base import DAY_OR_INSTANT, StrictBody, read_day, read_instant
from schoolsms.domain.history.history_messages import HistorySearch


def _day_or_instant(written: object) -> date | datetime:
    """Read a day or an instant, by the length of the text: midnight is an instant. Without a zone it is UTC."""
    try:
        return read_day(written) if len(str(written)) <= len("AAAA-MM-JJ") else read_instant(written)
    except ValueError:
        raise PydanticCustomError("date_parsing", "no date") from None


class HistoryQuery(StrictBody):
    """The query of `GET /v1/history`; `from` and `to` are days or instants, both included."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True, populate_by_name=True)

    since: Annotated[date | datetime | None, PlainValidator(_day_or_instant), DAY_OR_INSTANT, Field(alias="from")] = (
        None
    )
    until: Annotated[date | datetime | None, PlainValidator(_day_or_instant), DAY_OR_INSTANT, Field(alias="to")] = None
    phone: Annotated[str, StringConstraints(max_length=64)] | None = None
    status: Annotated[str, StringConstraints(max_length=64)] | None = None
    author: Annotated[str, StringConstraints(max_length=254)] | None = None
    request_id: Annotated[str, StringConstraints(max_length=64)] | None = None

    def search(self) -> HistorySearch:
        """Return the search. Days stay days, because the zone of the school decides which instants a day has."""
        return HistorySearch(
            since=self.since,
            until=self.until,
            phone=self.phone,
            status=self.status,
            author=self.author,
            request_id=self.request_id,
        )
