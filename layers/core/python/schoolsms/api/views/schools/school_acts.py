"""Views of what was decided about a school, and of who looked at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schoolsms.api.views.values import utc

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Annotated, Literal, NotRequired, TypedDict

    from schoolsms.api.views.values import Instant
    from schoolsms.domain.schools.decisions.school_acts import Act, ActKind
    from schoolsms.domain.schools.decisions.school_readings import Reading

    class ActView(TypedDict):
        kind: ActKind
        at: Instant
        by: str
        by_email: str | None
        reason: str | None
        detail: NotRequired[Annotated[Mapping[str, object], "what was decided, as far as the kind does not say it"]]

    class ReadingView(TypedDict):
        at: Instant
        by: str
        by_email: str | None
        reason: str
        looked_at: str
        numbers: Literal["masked", "whole"]
        searched: Annotated[list[str], "names of the filters used"]


def act_view(act: Act) -> ActView:
    view: ActView = {
        "kind": act.kind,
        "at": utc(act.at),
        "by": act.by,
        "by_email": act.by_email or None,
        "reason": act.reason or None,
    }
    if act.detail:
        view["detail"] = dict(act.detail)
    return view


def reading_view(reading: Reading) -> ReadingView:
    return {
        "at": utc(reading.at),
        "by": reading.by,
        "by_email": reading.by_email or None,
        "reason": reading.reason,
        "looked_at": reading.looked_at,
        "numbers": "whole" if reading.numbers_whole else "masked",
        "searched": list(reading.searched),
    }
