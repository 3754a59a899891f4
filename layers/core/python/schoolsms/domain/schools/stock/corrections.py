"""Corrections of a stock: one operator proposes, another one confirms or refuses (R18).

proposed ──confirmed──▶ one ledger entry
         ──refused────▶ nothing

A correction undoes a mistake of the operator in one school's stock. It is no refund, and moves nothing from one school
to another (R8).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from schoolsms.domain.errors import ConflictError
from schoolsms.domain.schools.access import Caller, Forbidden
from schoolsms.domain.schools.stock.ledger import Balance, Posting
from schoolsms.domain.schools.stock.ledger_causes import Cause, CauseType

MOST_SMS = 1_000_000
"""SMS that one correction may add or take."""

CorrectionState = Literal["proposed", "confirmed", "refused"]
CorrectedType = Literal["order", "send_request"]


@dataclass(frozen=True)
class Proposal:
    """A correction that one asks for: signed `sms`, and the order or send request that was wrong, if any."""

    sms: int
    reason: str
    corrects: Cause | None = None


@dataclass(frozen=True)
class Step:
    """The person who proposed or decided, when, and the number of the school's act that records it."""

    by: str
    by_email: str
    at: datetime
    act: int
    reason: str = ""


@dataclass(frozen=True)
class Correction:
    """`applied_sms` is what the entry changed: less than `proposal.sms` if SMS to take back were used already."""

    id: str
    school: str
    proposal: Proposal
    proposed: Step
    state: CorrectionState = "proposed"
    decided: Step | None = None
    applied_sms: int = 0

    @property
    def entry_id(self) -> str:
        """The id of its ledger entry."""
        corrects = self.proposal.corrects
        return f"correction:{self.id}" + (f":{corrects.type}:{corrects.id}" if corrects else "")

    @property
    def missing_sms(self) -> int:
        """SMS that were to be taken back and were used already."""
        return self.applied_sms - self.proposal.sms if self.state == "confirmed" else 0

    def check_other_person(self, caller: Caller) -> None:
        """Raise Forbidden for the person who proposed it, also under another account with the same address."""
        same_address = caller.email and caller.email.casefold() == self.proposed.by_email.casefold()
        if caller.subject == self.proposed.by or same_address:
            raise Forbidden(
                "Une correction se décide à deux : une autre personne que celle qui l'a proposée la confirme ou la "
                "refuse.",
                "second-person-required",
            )

    def confirmed(self, balance: Balance, step: Step) -> Correction:
        """Copy that is confirmed. It takes back no more than what is left: a balance is never negative (R16).

        Raises ConflictError if nothing is left to take.
        """
        applied = max(self.proposal.sms, -balance.sms)
        if not applied:
            raise ConflictError(
                "Il ne reste aucun SMS à retirer : l'établissement a tout utilisé. Refusez cette correction.",
                "nothing-to-take",
            )
        return replace(self, state="confirmed", decided=step, applied_sms=applied)

    def refused(self, step: Step) -> Correction:
        """Copy that is refused."""
        return replace(self, state="refused", decided=step)

    def posting(self) -> Posting:
        """The entry of a confirmed correction."""
        if self.state != "confirmed" or self.decided is None:
            raise ValueError("only a confirmed correction is posted")
        return Posting(self.entry_id, "correction", self.applied_sms, Cause("correction", self.id), self.decided.at)


def corrected_entry_id(corrects: Cause) -> str:
    """The id of the ledger entry that the order or send request made: what was never posted has nothing to correct."""
    prefixes: dict[CauseType, str] = {"order": "credit", "send_request": "debit"}
    return f"{prefixes[corrects.type]}:{corrects.id}"
