"""The operator registers a school, or changes what it knows of one (R1, R2)."""

from collections.abc import Sequence
from dataclasses import dataclass

from schoolsms.application.ports import Schools, Slice
from schoolsms.application.ports_acts import SchoolActs
from schoolsms.domain.access import Caller
from schoolsms.domain.errors import NotFoundError
from schoolsms.domain.school_acts import Act
from schoolsms.domain.schools import School


@dataclass(frozen=True)
class RegisterSchool:
    """Register, show and list schools; for the operator alone."""

    schools: Schools
    acts: SchoolActs

    def register(self, caller: Caller, school: School) -> tuple[School, bool]:
        """The school as it stands, and whether it is new. A change never undoes an act, such as a suspension (R27)."""
        caller.require("operator")
        is_new = self.schools.put(school)
        return self.schools.get(school.uai) or school, is_new

    def show(self, caller: Caller, uai: str) -> School:
        """Raises NotFoundError."""
        caller.require("operator")
        school = self.schools.get(uai)
        if school is None:
            raise NotFoundError("Cet établissement n'est pas enregistré.")
        return school

    def acts_about(self, caller: Caller, uai: str) -> Sequence[Act]:
        """Who did what about the school, when and why; the latest first."""
        caller.require("operator")
        return self.acts.of(uai)

    def list(self, caller: Caller, cursor: str | None) -> Slice[School]:
        """By UAI."""
        caller.require("operator")
        return self.schools.all(cursor)
