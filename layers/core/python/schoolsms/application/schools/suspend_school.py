"""Suspend a school, let it send again, or terminate it, at once and with a reason (R27)."""

from dataclasses import dataclass

from schoolsms.application.schools.audited_change import AuditedChange
from schoolsms.domain.schools.access import Caller
from schoolsms.domain.schools.schools import School


@dataclass(frozen=True)
class SuspendSchool:
    """Each decision is harmless when repeated: it is recorded once, with the formal notice in force, if any."""

    act: AuditedChange

    def suspend(self, caller: Caller, uai: str, reason: str) -> School:
        """Raises ConflictError once terminated."""
        caller.require("operator")
        return self.act.perform(caller, uai, "suspension", School.suspended, reason, School.notice_named)

    def end_suspension(self, caller: Caller, uai: str, reason: str) -> School:
        """Raises ConflictError once terminated."""
        caller.require("operator")
        return self.act.perform(caller, uai, "suspension-ended", School.reinstated, reason)

    def terminate(self, caller: Caller, uai: str, reason: str) -> School:
        """For good: the contracts of the school end at this instant."""
        caller.require("operator")
        now = self.act.clock.now()
        return self.act.perform(
            caller, uai, "termination", lambda school: school.terminated(now), reason, School.notice_named
        )
