"""A manager stops one user of the school, and lets them send again (R25, R26).

Managers are users too, and one may have to stop another, whose account was taken over. Nobody stops themself, and who
is stopped neither stops nor frees anybody. So the manager who stopped last can still free: no school is left with
managers all stopped by each other. Where that manager has left since, the operator frees.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from schoolsms.application.schools.callers_school import require_callers_school
from schoolsms.application.schools.decisions.audited_change import AuditedChange
from schoolsms.domain.errors import ConflictError, RefusedError, SenderBlocked
from schoolsms.domain.schools.access import Caller, is_name
from schoolsms.domain.schools.schools import BlockedSender, School


@dataclass(frozen=True)
class BlockSenders:
    """A block works from the next request on, and stops what the user's requests have not handed over."""

    act: AuditedChange

    def list(self, caller: Caller) -> Sequence[BlockedSender]:
        """In the order in which they were blocked."""
        return require_callers_school(self.act.schools, caller, "sms_manager").blocked_senders

    def block(self, caller: Caller, sub: str) -> Sequence[BlockedSender]:
        """Return the list as it is then. Raises RefusedError, ConflictError, SenderBlocked."""
        uai = require_callers_school(self.act.schools, caller, "sms_manager").uai
        if not is_name(sub):
            raise RefusedError("Cet identifiant d'utilisateur est incorrect.", "invalid-sub")
        if sub == caller.subject:
            raise ConflictError(
                "Vous ne pouvez pas suspendre vos propres envois : vous ne pourriez plus les rétablir. Demandez-le à "
                "un autre gestionnaire de SMS.",
                "own-block",
            )
        sender = BlockedSender(sub, self.act.clock.now(), caller.subject)
        changed = self.act.perform(
            caller,
            uai,
            "sender-blocked",
            lambda school: _as_changed_by(caller, school).blocking(sender),
            detail=lambda _: {"sub": sub},
        )
        return changed.blocked_senders

    def unblock(self, caller: Caller, sub: str) -> School:
        """Whether the user was blocked or not. Raises SenderBlocked when the caller is blocked."""
        uai = require_callers_school(self.act.schools, caller, "sms_manager").uai
        return self.act.perform(
            caller,
            uai,
            "sender-unblocked",
            lambda school: _as_changed_by(caller, school).unblocking(sub),
            detail=lambda _: {"sub": sub},
        )

    def unblock_as_operator(self, caller: Caller, uai: str, sub: str, reason: str) -> School:
        """For a school where no manager can: whether the user was blocked or not."""
        caller.require("operator")
        return self.act.perform(
            caller,
            uai,
            "sender-unblocked",
            lambda school: school.unblocking(sub),
            reason,
            detail=lambda _: {"sub": sub},
        )


def _as_changed_by(caller: Caller, school: School) -> School:
    """The school, which a manager who is blocked does not change."""
    if school.blocks(caller.subject):
        raise SenderBlocked(
            "Un gestionnaire de SMS de votre établissement a suspendu vos envois : vous ne pouvez ni suspendre ni "
            "rétablir ceux de quelqu’un. Adressez-vous à un autre gestionnaire de SMS ; s’il n’y en a plus, contactez "
            "Kosmos."
        )
    return school
