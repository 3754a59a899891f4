"""The operator gives a school formal notice (« mise en demeure »), records its answer, and lifts it (§6)."""

from dataclasses import dataclass
from datetime import date

from schoolsms.application.ports.core import NoticeQueue
from schoolsms.application.ports.notice_kinds import NoticeKind
from schoolsms.application.schools.decisions.audited_change import AuditedChange
from schoolsms.domain.schools.access import Caller
from schoolsms.domain.schools.schools import School


@dataclass(frozen=True)
class GiveFormalNotice:
    """Said twice, each is done and recorded once. The mail is queued each time, because a first try may have died
    before it was; managers get it once."""

    act: AuditedChange
    notices: NoticeQueue

    def give(self, caller: Caller, uai: str, facts: str, deadline: date) -> School:
        """Raises ConflictError while another is in force or after a termination, RefusedError for a day not to come."""
        caller.require("operator")
        school = self.act.perform(
            caller,
            uai,
            "formal-notice",
            lambda school: school.noticed(facts, deadline, self.act.clock.now()),
            facts,
            lambda _: {"deadline": deadline.isoformat()},
        )
        return self._mailed("formal_notice", school)

    def record_answer(self, caller: Caller, uai: str, answer: str) -> School:
        """Raises ConflictError when no notice is in force."""
        caller.require("operator")
        return self.act.perform(
            caller,
            uai,
            "formal-notice-answered",
            lambda school: school.notice_answered(answer, self.act.clock.now()),
            detail=lambda school: {**school.notice_named(), "answer": answer},
        )

    def lift(self, caller: Caller, uai: str, reason: str) -> School:
        """Raises ConflictError when there never was a notice."""
        caller.require("operator")
        school = self.act.perform(
            caller,
            uai,
            "formal-notice-lifted",
            lambda school: school.notice_lifted(reason, self.act.clock.now()),
            reason,
            lambda school: school.formal_notice.named() if school.formal_notice else {},
        )
        return self._mailed("formal_notice_lifted", school)

    def _mailed(self, kind: NoticeKind, school: School) -> School:
        if school.formal_notice:
            self.notices.notice_due(kind, school=school.uai, number=str(school.formal_notice.number))
        return school
