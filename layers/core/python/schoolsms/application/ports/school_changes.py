"""Port of the operator's decisions about a school (R23, R27, R28). Every method may raise TransientError."""

from collections.abc import Sequence
from typing import Protocol

from schoolsms.domain.schools.school_acts import Act
from schoolsms.domain.schools.schools import School


class SchoolActs(Protocol):
    """The decisions, and what they make of a school."""

    def record(self, school: School, act: Act) -> bool:
        """Write `act` and the changed `school` at once; False, nothing written, if another decision came first."""

    def numbered(self, uai: str, number: int) -> Act | None:
        """One act of the school."""

    def of(self, uai: str) -> Sequence[Act]:
        """The latest hundred, newest first."""
