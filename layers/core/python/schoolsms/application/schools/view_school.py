"""Let the operator see what a manager of a school sees, for a reason that is recorded with who and when (R2, R46)."""

from collections.abc import Sequence
from dataclasses import dataclass

from schoolsms.application.schools.audited_change import AuditedChange
from schoolsms.domain.errors import RefusedError
from schoolsms.domain.schools.access import Caller

LONGEST_REASON = 500


@dataclass(frozen=True)
class ViewSchool:
    """For the operator alone, whom a school calls for help."""

    audited_change: AuditedChange

    def opened(
        self, caller: Caller, uai: str, what: str, reason: str, *, unmasked: bool = False, searched: Sequence[str] = ()
    ) -> Caller:
        """The operator as a manager of the school, once it is recorded that they look at `what`.

        It is recorded whether numbers are shown whole, and the names of the filters used, never their values: the
        record outlives the numbers. Raises RefusedError without a reason.
        """
        caller.require("operator")
        why = " ".join(reason.split())
        if not why:
            raise RefusedError("Dites pourquoi vous consultez cet établissement (reason).", "reason-required")
        if len(why) > LONGEST_REASON:
            raise RefusedError(f"Un motif a {LONGEST_REASON} caractères au plus.", "reason-too-long")
        detail = {"looked_at": what, "numbers": "whole" if unmasked else "masked", "searched": sorted(searched)}
        self.audited_change.record(caller, uai, "viewed", why, detail)
        return caller.as_manager_of(uai)
