"""The operator registers a school, or changes what it knows of one (R1, R2)."""

from dataclasses import dataclass, replace

from schoolsms.application.ports import Schools, Slice
from schoolsms.domain.access import Caller
from schoolsms.domain.errors import NotFoundError
from schoolsms.domain.schools import School


@dataclass(frozen=True)
class RegisterSchool:
    """Register, show and list schools; for the operator alone."""

    schools: Schools

    def register(self, caller: Caller, school: School) -> tuple[School, bool]:
        """The school as it stands, and whether it is new. A change never lifts a suspension or a termination (R27)."""
        caller.require("operator")
        known = self.schools.get(school.uai)
        if known:
            school = replace(school, state=known.state)
        return school, self.schools.put(school)

    def show(self, caller: Caller, uai: str) -> School:
        """Raises NotFoundError."""
        caller.require("operator")
        school = self.schools.get(uai)
        if school is None:
            raise NotFoundError("Cet établissement n'est pas enregistré.")
        return school

    def list(self, caller: Caller, cursor: str | None) -> Slice[School]:
        """By UAI."""
        caller.require("operator")
        return self.schools.all(cursor)
