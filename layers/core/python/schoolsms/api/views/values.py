"""Instants, days, amounts and pages of a list, as all views write them.

A view says how the HTTP API shows a thing. Its return type is the schema that `make openapi` publishes: a TypedDict, in
which a text in `Annotated` describes a field and a pair is a keyword of its schema. These types stand under
`TYPE_CHECKING`, in all modules of this package, because making a hundred of them would slow each cold start.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from schoolsms.api.cursors import seal

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Annotated, Generic, Literal, TypedDict

    from schoolsms.application.ports.core import Slice

    V = TypeVar("V")

    Day = Annotated[str, ("format", "date")]
    Instant = Annotated[str, ("format", "date-time"), "UTC"]
    LocalTime = Annotated[str, ("format", "date-time"), "on the school's own clock, with its offset"]
    Euros = Annotated[str, ("pattern", r"^-?[0-9]+\.[0-9]{2}$"), "euros"]
    UnitPrice = Annotated[str, ("pattern", r"^[0-9]+\.[0-9]{2,6}$"), "euros, exactly"]

    class PageView(TypedDict, Generic[V]):
        items: list[V]
        next_cursor: str | None

    class HealthView(TypedDict):
        status: Annotated[Literal["ok", "maintenance"], "`maintenance` while sends are refused and what arrives waits"]


T = TypeVar("T")


def slice_view(found: Slice[T], view: Callable[[T], V]) -> PageView[V]:
    """A page of a list. `next_cursor` leads to the next one, if there is any."""
    return {"items": [view(item) for item in found.items], "next_cursor": seal(found.cursor)}


def utc(moment: datetime) -> Instant:
    """An instant as the API shows it."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def local_time(moment: datetime) -> LocalTime:
    """An instant with the offset of the clock it is on."""
    return moment.isoformat(timespec="milliseconds")


def health_view(maintenance: bool) -> HealthView:
    return {"status": "maintenance" if maintenance else "ok"}
