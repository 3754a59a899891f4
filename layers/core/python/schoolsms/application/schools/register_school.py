"""Register a school, or change its registration, as the operator (R1, R2)."""

from collections.abc import Sequence
from dataclasses import dataclass

from schoolsms.application.ports.accounts.school_changes import SchoolActs
from schoolsms.application.ports.core import Clock, Schools, Slice
from schoolsms.application.schools.callers_school import registered_school
from schoolsms.domain.errors import RefusedError
from schoolsms.domain.schools.access import Caller
from schoolsms.domain.schools.decisions.school_acts import Act
from schoolsms.domain.schools.school_search import SchoolSearch
from schoolsms.domain.schools.schools import School
from schoolsms.domain.schools.stock.subscription_ends import EndChanged

LOOKS = 10
"""Slices of a hundred schools that one search reads."""

_END_IN_PAST = (
    "Cette fin d'abonnement est passée : le stock de SMS de l'établissement serait perdu, définitivement. Corrigez la "
    "date ou, si c'est voulu, ajoutez confirm_past_end: true."
)


@dataclass(frozen=True)
class RegisterSchool:
    """Register, show and list schools; for the operator alone."""

    schools: Schools
    acts: SchoolActs
    clock: Clock

    def register(self, caller: Caller, school: School, *, confirm_past_end: bool = False) -> tuple[School, bool]:
        """The school afterwards, and whether it is new. A change never undoes a decision, such as a suspension (R27).

        An end in the past must be confirmed, because the stock is then forfeited for good (R17), unless the school has
        that end already. Raises RefusedError.
        """
        caller.require("operator")
        unconfirmed = not (confirm_past_end or school.subscribed(self.clock.now()))
        try:
            # A repeat that crosses an extension must not take it back: it would forfeit the stock unconfirmed.
            is_new = self.schools.put(school, school.subscription_end if unconfirmed else None)
        except EndChanged:
            raise RefusedError(_END_IN_PAST, "end-in-past", field="subscription_end") from None
        return self.schools.get(school.uai) or school, is_new

    def show(self, caller: Caller, uai: str) -> School:
        """Raises NotFoundError."""
        caller.require("operator")
        return registered_school(self.schools, uai)

    def acts_about(self, caller: Caller, uai: str) -> Sequence[Act]:
        """The decisions about the school: who, what, when and why; the latest first."""
        caller.require("operator")
        return self.acts.of(uai)

    def list(self, caller: Caller, search: SchoolSearch, cursor: str | None) -> Slice[School]:
        """Those that `search` finds, by UAI. One call reads a bounded number, and leads on even if it found none."""
        caller.require("operator")
        found: Sequence[School] = ()
        for _ in range(LOOKS):
            piece = self.schools.all(cursor)
            found = [school for school in piece.items if search.finds(school)]
            cursor = piece.cursor
            if found or cursor is None:
                break
        return Slice(found, cursor)
