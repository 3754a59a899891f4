"""List what was decided about a school, and who looked at it, for the operator (R2, R27, R46)."""

from dataclasses import dataclass

from schoolsms.application.ports.accounts.school_changes import SchoolActs, SchoolReadings
from schoolsms.application.ports.core import Schools, Slice
from schoolsms.application.schools.callers_school import registered_school
from schoolsms.domain.schools.access import Caller
from schoolsms.domain.schools.decisions.school_acts import Act
from schoolsms.domain.schools.decisions.school_readings import Reading


@dataclass(frozen=True)
class ReadActs:
    """Both lists are newest first, and raise NotFoundError for a school that is not registered."""

    schools: Schools
    acts: SchoolActs
    readings: SchoolReadings

    def decisions(self, caller: Caller, uai: str, cursor: str | None) -> Slice[Act]:
        """The decisions about a school: by whom, when and why."""
        self._require(caller, uai)
        return self.acts.page(uai, cursor)

    def looks(self, caller: Caller, uai: str, cursor: str | None) -> Slice[Reading]:
        """The looks that the operator took at a school: by whom, at what, when and why."""
        self._require(caller, uai)
        return self.readings.page(uai, cursor)

    def _require(self, caller: Caller, uai: str) -> None:
        caller.require("operator")
        registered_school(self.schools, uai)
