"""Ports of the decisions about a school, and of the operator's looks at it (R2, R23, R27, R28).

Every method may raise TransientError.
"""

from collections.abc import Sequence
from typing import Protocol

from schoolsms.application.ports.core import Slice
from schoolsms.domain.schools.decisions.school_acts import Act
from schoolsms.domain.schools.decisions.school_readings import Reading
from schoolsms.domain.schools.schools import School


class SchoolActs(Protocol):
    """The decisions, and what they make of a school."""

    def record(self, school: School, act: Act) -> bool:
        """Write `act` and the changed `school` at once; False, nothing written, if another decision came first."""

    def numbered(self, uai: str, number: int) -> Act | None:
        """One act of the school."""

    def of(self, uai: str) -> Sequence[Act]:
        """The latest hundred, newest first."""

    def page(self, uai: str, cursor: str | None) -> Slice[Act]:
        """All, newest first, a page at a time. Raises RefusedError for a cursor of another list."""


class SchoolReadings(Protocol):
    """An employee of the operator who looked at a school."""

    def record(self, uai: str, reading: Reading) -> None:
        """Keep the reading; the same `id` again is the same reading."""

    def page(self, uai: str, cursor: str | None) -> Slice[Reading]:
        """All, newest first, a page at a time. Raises RefusedError for a cursor of another list."""
