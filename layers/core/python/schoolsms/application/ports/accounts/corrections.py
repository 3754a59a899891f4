"""Port of the corrections of stocks. Every method may raise TransientError."""

from typing import Protocol

from schoolsms.application.ports.core import Slice
from schoolsms.domain.schools.decisions.school_acts import Act
from schoolsms.domain.schools.schools import School
from schoolsms.domain.schools.stock.corrections import Correction, Step


class Corrections(Protocol):
    """Each change is written in one transaction with the school's act that records it, or not at all."""

    def get(self, correction_id: str) -> Correction | None: ...

    def propose(self, correction: Correction, school: School, act: Act) -> bool:
        """Store a new one; False if its id is taken, or another act of the school came first."""

    def confirm(self, correction: Correction, step: Step, school: School, act: Act) -> Correction | None:
        """Post its entry and mark it confirmed; None if it was decided, or another act of the school came first.

        Raises ConflictError if nothing is left to take.
        """

    def refuse(self, correction: Correction, school: School, act: Act) -> bool:
        """Store the refused one; False if it was decided, or another act of the school came first."""

    def of_school(self, uai: str, cursor: str | None) -> Slice[Correction]:
        """Newest first."""

    def waiting(self, cursor: str | None) -> Slice[Correction]:
        """Those of all schools that wait for a second person, oldest first."""
