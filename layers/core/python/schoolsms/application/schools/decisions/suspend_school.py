"""Suspend a school, let it send again, or terminate it, at once and with a reason (R27)."""

from dataclasses import dataclass

from schoolsms.application.ports.core import NoticeQueue
from schoolsms.application.ports.notice_kinds import NoticeKind
from schoolsms.application.schools.decisions.audited_change import AuditedChange
from schoolsms.domain.schools.access import Caller
from schoolsms.domain.schools.decisions.school_acts import ActKind
from schoolsms.domain.schools.schools import School


@dataclass(frozen=True)
class SuspendSchool:
    """Each decision is harmless when repeated: it is recorded once, with the formal notice in force, if any."""

    act: AuditedChange
    notices: NoticeQueue

    def suspend(self, caller: Caller, uai: str, reason: str) -> School:
        """Raises ConflictError once terminated."""
        caller.require("operator")
        school = self.act.perform(caller, uai, "suspension", School.suspended, reason, School.notice_named)
        return self._mailed("school_suspended", school, "suspension")

    def end_suspension(self, caller: Caller, uai: str, reason: str) -> School:
        """Raises ConflictError once terminated."""
        caller.require("operator")
        school = self.act.perform(caller, uai, "suspension-ended", School.reinstated, reason)
        return self._mailed("suspension_ended", school, "suspension-ended")

    def terminate(self, caller: Caller, uai: str, reason: str) -> School:
        """For good: the contracts of the school end at this instant, and it is offered its proofs of consent (§8).

        The mail is queued each time, because a first try may have died before it was; managers get it once.
        """
        caller.require("operator")
        now = self.act.clock.now()
        terminated = self.act.perform(
            caller, uai, "termination", lambda school: school.terminated(now), reason, School.notice_named, now
        )
        self._mailed("school_terminated", terminated, "termination")
        self.notices.notice_due("consents_offered", school=uai)
        return terminated

    def _mailed(self, notice: NoticeKind, school: School, kind: ActKind) -> School:
        """Queue the mail about the latest act of that kind, which a repeat names again; managers get it once."""
        number = next((act.number for act in self.act.acts.of(school.uai) if act.kind == kind), None)
        if number is not None:
            self.notices.notice_due(notice, school=school.uai, number=str(number))
        return school
