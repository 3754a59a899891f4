"""Correct a school's stock by two different operators, with a reason that its managers read (R8, R18)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from schoolsms.application.ports.accounts.corrections import Corrections
from schoolsms.application.ports.core import Clock, Ledger, NoticeQueue, Schools, Slice
from schoolsms.domain.errors import ConflictError, NotFoundError, RefusedError, TransientError
from schoolsms.domain.ids import digest_id
from schoolsms.domain.schools.access import Caller
from schoolsms.domain.schools.decisions.school_acts import Act, ActKind
from schoolsms.domain.schools.schools import School
from schoolsms.domain.schools.stock.corrections import Correction, Proposal, Step, corrected_entry_id
from schoolsms.domain.schools.stock.ledger_causes import Cause

TRIES = 5
"""Attempts before giving up. People propose and decide, so two acts at once about one school are rare."""


@dataclass(frozen=True)
class CorrectStock:
    """Safe to retry: the same proposal and the same decision are done once. Their mails are queued each time, because a
    first try may have died before it was; each goes out once."""

    schools: Schools
    ledger: Ledger
    corrections: Corrections
    notices: NoticeQueue
    clock: Clock

    def propose(self, caller: Caller, uai: str, proposal: Proposal) -> tuple[Correction, bool]:
        """The correction, and whether it is new. Raises RefusedError if what it corrects never touched this stock."""
        caller.require("operator")
        now = self.clock.now()
        known_id = _id(uai, caller.subject, proposal, now.date().isoformat())
        for _ in range(TRIES):
            school = self._school(uai)
            if known := self.corrections.get(known_id):
                return self._asked_for_second(known), False
            self._check_corrected(uai, proposal)
            step = Step(caller.subject, caller.email, now, school.acts + 1)
            correction = Correction(known_id, uai, proposal, step)
            if self.corrections.propose(correction, *_recorded(school, step, "correction-proposed", correction)):
                return self._asked_for_second(correction), True
        raise TransientError("too many acts about this school at once")

    def decide(self, caller: Caller, uai: str, wanted_id: str, *, confirm: bool, reason: str = "") -> Correction:
        """Confirm or refuse, by another person than the one who proposed. Raises Forbidden, ConflictError.

        A debit is limited to what is left of the stock; `missing_sms` is the rest.
        """
        caller.require("operator")
        for _ in range(TRIES):
            school, correction = self._school(uai), self._known(uai, wanted_id)
            correction.check_other_person(caller)
            if correction.state != "proposed":
                return self._decided(correction, confirm=confirm)
            step = Step(caller.subject, caller.email, self.clock.now(), school.acts + 1, reason)
            decided = self._confirmed(correction, step, school) if confirm else self._refused(correction, step, school)
            if decided:
                return self._decided(decided, confirm=confirm)
        raise TransientError("too many acts about this school at once")

    def of_school(self, caller: Caller, uai: str, cursor: str | None) -> Slice[Correction]:
        """Those of a school, newest first."""
        caller.require("operator")
        return self.corrections.of_school(self._school(uai).uai, cursor)

    def waiting(self, caller: Caller, cursor: str | None) -> Slice[Correction]:
        """Those of all schools that wait for a second person, oldest first."""
        caller.require("operator")
        return self.corrections.waiting(cursor)

    def _confirmed(self, correction: Correction, step: Step, school: School) -> Correction | None:
        recorded = _recorded(school, step, "correction-confirmed", correction)
        return self.corrections.confirm(correction, step, *recorded)

    def _refused(self, correction: Correction, step: Step, school: School) -> Correction | None:
        refused = correction.refused(step)
        recorded = _recorded(school, step, "correction-refused", correction)
        return refused if self.corrections.refuse(refused, *recorded) else None

    def _decided(self, correction: Correction, *, confirm: bool) -> Correction:
        """The correction as it was decided, by this call or by an earlier one."""
        if correction.state != ("confirmed" if confirm else "refused"):
            done = "confirmée" if correction.state == "confirmed" else "refusée"
            raise ConflictError(f"Cette correction a déjà été {done}.", "correction-decided")
        if correction.state == "confirmed" and correction.decided:
            self.notices.notice_due("stock_corrected", school=correction.school, number=str(correction.decided.act))
            self._warn(correction)
        return correction

    def _warn(self, correction: Correction) -> None:
        """Queue the warning that SMS taken back call for: no later debit crosses a level that they crossed (R15)."""
        entry = self.ledger.entry(correction.school, correction.entry_id)
        level = self._school(correction.school).low_balance_threshold
        warning = entry.stock_warning(level) if entry else None
        if warning:
            self.notices.notice_due(warning, school=correction.school, entry=correction.entry_id, threshold=str(level))

    def _asked_for_second(self, correction: Correction) -> Correction:
        if correction.state == "proposed":
            self.notices.notice_due(
                "correction_proposed", school=correction.school, number=str(correction.proposed.act)
            )
        return correction

    def _check_corrected(self, uai: str, proposal: Proposal) -> None:
        if proposal.corrects and self.ledger.entry(uai, corrected_entry_id(proposal.corrects)) is None:
            what = "cette commande" if proposal.corrects.type == "order" else "cet envoi"
            raise RefusedError(
                f"Le relevé de cet établissement n'a pas d'écriture pour {what} : vérifiez l'identifiant.",
                "nothing-to-correct",
                field="corrects",
            )

    def _school(self, uai: str) -> School:
        school = self.schools.get(uai)
        if school is None:
            raise NotFoundError("Cet établissement n'est pas enregistré.")
        return school

    def _known(self, uai: str, wanted_id: str) -> Correction:
        correction = self.corrections.get(wanted_id)
        if correction is None or correction.school != uai:
            raise NotFoundError("Cette correction n'existe pas.")
        return correction


def _id(uai: str, subject: str, proposal: Proposal, day: str) -> str:
    """The same proposal by the same person on the same day is the same correction, however often it is sent."""
    corrects = proposal.corrects or Cause("correction", "")
    return digest_id(uai, subject, str(proposal.sms), proposal.reason, corrects.type, corrects.id, day)


def _recorded(school: School, step: Step, kind: ActKind, correction: Correction) -> tuple[School, Act]:
    """The school with one act more, and that act."""
    reason = step.reason or correction.proposal.reason
    act = Act(step.act, kind, step.at, step.by, step.by_email, reason, _detail(correction))
    return replace(school, acts=step.act), act


def _detail(correction: Correction) -> Mapping[str, object]:
    corrects = correction.proposal.corrects
    named = {"corrects": f"{corrects.type} {corrects.id}"} if corrects else {}
    return {"correction": correction.id, "sms": correction.proposal.sms, "entry": correction.entry_id, **named}
