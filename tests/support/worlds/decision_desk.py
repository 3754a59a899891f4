"""A desk at which acts about one school are done, over fakes."""

from dataclasses import replace
from typing import Any

from schoolsms.application.schools.decisions.audited_change import AuditedChange
from schoolsms.domain.schools.decisions.school_acts import Act
from schoolsms.domain.schools.schools import School
from tests.fakes.core import FakeQueues, FakeSchoolActs, FakeSchools, ManualClock
from tests.support.builders import NOW, SCHOOL, UAI


class ActDesk:
    """`act` is what every use case about a school is made of."""

    def __init__(self, school: School = SCHOOL) -> None:
        self.schools = FakeSchools(school)
        self.recorded = FakeSchoolActs(self.schools)
        self.clock, self.queues = ManualClock(NOW), FakeQueues()
        self.act = AuditedChange(self.schools, self.recorded, self.clock)

    def with_acts(self, acts: Any) -> AuditedChange:
        """The same, but for where acts are recorded."""
        return replace(self.act, acts=acts)

    @property
    def school(self) -> School:
        return self.schools.known[UAI]

    def acts(self) -> list[Act]:
        """Oldest first."""
        return self.recorded.recorded.get(UAI, [])
