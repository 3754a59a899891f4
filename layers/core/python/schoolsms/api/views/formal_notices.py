"""View of a formal notice."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from schoolsms.domain.schools.formal_notices import FormalNotice


def formal_notice_view(notice: FormalNotice) -> dict[str, Any]:
    """The last one, lifted or not (§6)."""
    return {
        "facts": notice.facts,
        "deadline": notice.deadline.isoformat(),
        "given_at": _utc(notice.given_at),
        "answer": notice.answer or None,
        "answered_at": _utc(notice.answered_at),
        "lifted_at": _utc(notice.lifted_at),
        "lifting_reason": notice.lifting_reason or None,
    }


def _utc(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z") if moment else None
