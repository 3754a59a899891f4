"""View of a formal notice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schoolsms.api.views.values import utc

if TYPE_CHECKING:
    from typing import TypedDict

    from schoolsms.api.views.values import Day, Instant
    from schoolsms.domain.schools.decisions.formal_notices import FormalNotice

    class FormalNoticeView(TypedDict):
        """The last one; it is in force until `lifted_at` is set."""

        facts: str
        deadline: Day
        given_at: Instant
        answer: str | None
        answered_at: Instant | None
        lifted_at: Instant | None
        lifting_reason: str | None


def formal_notice_view(notice: FormalNotice) -> FormalNoticeView:
    """The last one, lifted or not (§6)."""
    return {
        "facts": notice.facts,
        "deadline": notice.deadline.isoformat(),
        "given_at": utc(notice.given_at),
        "answer": notice.answer or None,
        "answered_at": utc(notice.answered_at) if notice.answered_at else None,
        "lifted_at": utc(notice.lifted_at) if notice.lifted_at else None,
        "lifting_reason": notice.lifting_reason or None,
    }
