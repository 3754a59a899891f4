"""A manager stops one user of the school, and lets them send again (R25, R26)."""

from collections.abc import Sequence
from dataclasses import dataclass

from schoolsms.application.schools.audited_change import AuditedChange
from schoolsms.application.schools.callers_school import require_callers_school
from schoolsms.domain.errors import RefusedError
from schoolsms.domain.schools.access import Caller
from schoolsms.domain.schools.schools import BlockedSender, School

LONGEST_SUB = 255
"""As a token's `sub` may be."""


@dataclass(frozen=True)
class BlockSenders:
    """A block works from the next request on, and stops what the user's requests have not handed over."""

    act: AuditedChange

    def list(self, caller: Caller) -> Sequence[BlockedSender]:
        """In the order in which they were blocked."""
        return require_callers_school(self.act.schools, caller, "sms_manager").blocked_senders

    def block(self, caller: Caller, sub: str) -> Sequence[BlockedSender]:
        """Return the list as it is then. Raises RefusedError, ConflictError."""
        uai = require_callers_school(self.act.schools, caller, "sms_manager").uai
        if not (0 < len(sub) <= LONGEST_SUB and sub.isprintable() and sub == sub.strip()):
            raise RefusedError("Cet identifiant d'utilisateur est incorrect.", "invalid-sub")
        sender = BlockedSender(sub, self.act.clock.now(), caller.subject)
        changed = self.act.perform(
            caller, uai, "sender-blocked", lambda school: school.blocking(sender), detail=lambda _: {"sub": sub}
        )
        return changed.blocked_senders

    def unblock(self, caller: Caller, sub: str) -> School:
        """Whether the user was blocked or not."""
        uai = require_callers_school(self.act.schools, caller, "sms_manager").uai
        return self.act.perform(
            caller, uai, "sender-unblocked", lambda school: school.unblocking(sub), detail=lambda _: {"sub": sub}
        )
