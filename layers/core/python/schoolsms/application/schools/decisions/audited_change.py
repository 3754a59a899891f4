"""Change a school and record who decided it, in one conditional write (R23, R27, R28)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from schoolsms.application.ports.accounts.school_changes import SchoolActs
from schoolsms.application.ports.core import Clock, Schools
from schoolsms.application.schools.callers_school import registered_school
from schoolsms.domain.errors import TransientError
from schoolsms.domain.schools.access import Caller
from schoolsms.domain.schools.decisions.school_acts import Act, ActKind
from schoolsms.domain.schools.schools import School

TRIES = 5
"""Attempts before giving up. People decide, so two decisions at once about one school are rare."""


def _nothing(_: School) -> Mapping[str, object]:
    return {}


@dataclass(frozen=True)
class AuditedChange:
    """Safe to retry: a change that leaves the school as it is records nothing."""

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
        at: datetime | None = None,
    ) -> School:
        """Return the school after `change`; the record, dated `at` or now, keeps `detail` of it.

        Raises what `change` raises.
        """
        for _ in range(TRIES):
            school = registered_school(self.schools, uai)
            changed = change(school)
            if changed == school:
                return school
            changed = replace(changed, acts=school.acts + 1)
            act = Act(changed.acts, kind, at or self.clock.now(), caller.subject, caller.email, reason, detail(changed))
            if self.acts.record(changed, act):
                return changed
        raise TransientError("too many acts about this school at once")
