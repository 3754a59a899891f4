"""A formal notice (« mise en demeure », §6): the operator calls on a school to end a use that breaks the contract.

given ─answer recorded→ answered ─lifted→ lifted        sending goes on in each; a suspension or termination names it
  └───────────────────lifted─────────────────┘
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime


@dataclass(frozen=True)
class FormalNotice:
    """`number` is that of the act by which it was given; `deadline` the last day to comply, where the school is.

    `answer` is what the school replied, as the operator recorded it; `lifted_at` is None while the notice is in force.
    """

    number: int
    facts: str
    deadline: date
    given_at: datetime
    answer: str = ""
    answered_at: datetime | None = None
    lifted_at: datetime | None = None
    lifting_reason: str = ""

    @property
    def in_force(self) -> bool:
        """Whether it was not lifted."""
        return self.lifted_at is None

    def answered(self, answer: str, at: datetime) -> FormalNotice:
        """With the school's answer; a further one takes the place of the first, which the acts keep."""
        return self if answer == self.answer else replace(self, answer=answer, answered_at=at)

    def lifted(self, reason: str, at: datetime) -> FormalNotice:
        """Unchanged when it was lifted before."""
        return replace(self, lifted_at=at, lifting_reason=reason) if self.in_force else self

    def named(self) -> Mapping[str, object]:
        """Return the fields by which a later act names it."""
        return {"formal_notice": self.number, "given_at": self.given_at.isoformat()}
