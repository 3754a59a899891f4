"""How every act about a school is done: read, changed, written with its record, or read again (R23, R27, R28)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from schoolsms.application.ports.core import Clock, Schools
from schoolsms.application.ports.school_changes import SchoolActs
from schoolsms.domain.errors import NotFoundError, TransientError
from schoolsms.domain.schools.access import Caller
from schoolsms.domain.schools.school_acts import Act, ActKind
from schoolsms.domain.schools.schools import School

TRIES = 5
"""How often an act is tried again while others come first: people act, so two at once are rare."""


def _nothing(_: School) -> Mapping[str, object]:
    return {}


@dataclass(frozen=True)
class PerformAct:
    """Who died after writing and says it again finds it done: what changes nothing is no act."""

    schools: Schools
    acts: SchoolActs
    clock: Clock

    def perform(
        self,
        caller: Caller,
        uai: str,
        kind: ActKind,
        change: Callable[[School], School],
        reason: str = "",
        detail: Callable[[School], Mapping[str, object]] = _nothing,
    ) -> School:
        """The school as `change` makes it; `detail` of the changed school is recorded. Raises what `change` raises."""
        for _ in range(TRIES):
            school = self.schools.get(uai)
            if school is None:
                raise NotFoundError("Cet établissement n'est pas enregistré.")
            changed = change(school)
            if changed == school:
                return school
            changed = replace(changed, acts=school.acts + 1)
            act = Act(changed.acts, kind, self.clock.now(), caller.subject, caller.email, reason, detail(changed))
            if self.acts.record(changed, act):
                return changed
        raise TransientError("too many acts about this school at once")
