"""Let the operator see what a manager of a school sees, for a reason that is recorded with who and when (R2, R46)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from schoolsms.application.ports.accounts.school_changes import SchoolReadings
from schoolsms.application.ports.core import Clock, Schools
from schoolsms.application.schools.callers_school import registered_school
from schoolsms.domain.errors import RefusedError
from schoolsms.domain.ids import random_id
from schoolsms.domain.schools.access import Caller
from schoolsms.domain.schools.decisions.school_readings import Reading

LONGEST_REASON = 500


@dataclass(frozen=True)
class ViewSchool:
    """For the operator alone, whom a school calls for help."""

    schools: Schools
    readings: SchoolReadings
    clock: Clock
    new_id: Callable[[], str] = random_id

    def opened(
        self, caller: Caller, uai: str, what: str, reason: str, *, unmasked: bool = False, searched: Sequence[str] = ()
    ) -> Caller:
        """The operator as a manager of the school, once it is recorded that they look at `what`.

        It is recorded whether numbers are shown whole, and the names of the filters used, never their values: the
        record outlives the numbers. Each look is one record, a repeat too. Raises RefusedError without a reason.
        """
        caller.require("operator")
        why = " ".join(reason.split())
        if not why:
            raise RefusedError("Dites pourquoi vous consultez cet établissement (reason).", "reason-required")
        if len(why) > LONGEST_REASON:
            raise RefusedError(f"Un motif a {LONGEST_REASON} caractères au plus.", "reason-too-long")
        registered_school(self.schools, uai)
        at = self.clock.now()
        reading = Reading(self.new_id(), at, caller.subject, caller.email, why, what, unmasked, tuple(sorted(searched)))
        self.readings.record(uai, reading)
        return caller.as_manager_of(uai)
