"""In-memory stand-in for the port of corrections, over those of the ledger and of the school's acts."""

from dataclasses import dataclass, field

from schoolsms.application.ports.core import Slice
from schoolsms.domain.schools.decisions.school_acts import Act
from schoolsms.domain.schools.schools import School
from schoolsms.domain.schools.stock.corrections import Correction, Step
from tests.fakes.core import FakeLedger, FakeSchoolActs
from tests.fakes.slices import sliced


@dataclass
class FakeCorrections:
    ledger: FakeLedger
    acts: FakeSchoolActs
    known: dict[str, Correction] = field(default_factory=dict)

    def get(self, correction_id: str) -> Correction | None:
        return self.known.get(correction_id)

    def propose(self, correction: Correction, school: School, act: Act) -> bool:
        if correction.id in self.known or not self.acts.record(school, act):
            return False
        self.known[correction.id] = correction
        return True

    def confirm(self, correction: Correction, step: Step, school: School, act: Act) -> Correction | None:
        confirmed = correction.confirmed(self.ledger.balance(school.uai), step)
        if self.known[correction.id].state != "proposed" or not self.acts.record(school, act):
            return None
        self.ledger.post(school.uai, confirmed.posting())
        self.known[correction.id] = confirmed
        return confirmed

    def refuse(self, correction: Correction, school: School, act: Act) -> bool:
        if self.known[correction.id].state != "proposed" or not self.acts.record(school, act):
            return False
        self.known[correction.id] = correction
        return True

    def of_school(self, uai: str, cursor: str | None) -> Slice[Correction]:
        return sliced([each for each in self._newest_first() if each.school == uai], lambda each: each.id, cursor)

    def waiting(self, cursor: str | None) -> Slice[Correction]:
        oldest_first = [each for each in self._newest_first()[::-1] if each.state == "proposed"]
        return sliced(oldest_first, lambda each: each.id, cursor)

    def _newest_first(self) -> list[Correction]:
        return sorted(self.known.values(), key=lambda each: each.proposed.at, reverse=True)
