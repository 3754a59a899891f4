"""Looks of the operator at schools, in memory."""

from dataclasses import dataclass, field

from schoolsms.application.ports.core import Slice
from schoolsms.domain.schools.decisions.school_readings import Reading


@dataclass
class FakeSchoolReadings:
    """Oldest first."""

    recorded: dict[str, list[Reading]] = field(default_factory=dict)

    def record(self, uai: str, reading: Reading) -> None:
        self.recorded.setdefault(uai, []).append(reading)

    def page(self, uai: str, cursor: str | None) -> Slice[Reading]:
        return Slice(self.recorded.get(uai, [])[::-1], None)
