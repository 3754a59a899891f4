"""Managers record consents with their proof, and withdrawals (R24, R44)."""

from collections.abc import Callable
from dataclasses import dataclass

from schoolsms.application.own_school import own_school
from schoolsms.application.ports import Clock, Schools, Slice
from schoolsms.application.ports_consents import ConsentRecords
from schoolsms.domain.access import Caller
from schoolsms.domain.consents import Collected, ConsentRecord, number, with_consent_of, without_consent
from schoolsms.domain.errors import NotFoundError, TransientError
from schoolsms.domain.uai import territory

ROUNDS = 10
"""How often a change is made anew because another one came first."""


@dataclass(frozen=True)
class KeepConsents:
    schools: Schools
    consents: ConsentRecords
    clock: Clock

    def put(self, caller: Caller, phone: str, collected: Collected) -> tuple[ConsentRecord, bool]:
        """The record as it stands, and whether the number is new. Raises RefusedError.

        The same proof twice is one consent; another one, or one after a withdrawal, is added to the others.
        """
        school = own_school(self.schools, caller, "sms_manager")
        e164, proof, now = number(phone, territory(school.uai)), collected.proof(school), self.clock.now()
        before, after = changed(
            self.consents, school.uai, e164, lambda record: with_consent_of(record, proof, now, named(caller))
        )
        return after, before.proof is None

    def withdraw(self, caller: Caller, phone: str) -> None:
        """From now on nothing is sent; the proof stays, with the withdrawal. Raises NotFoundError. Twice is once."""
        school, now = own_school(self.schools, caller, "sms_manager"), self.clock.now()
        e164 = number(phone, territory(school.uai))
        _, after = changed(self.consents, school.uai, e164, lambda record: without_consent(record, now, named(caller)))
        if not after.events:
            raise NotFoundError("Aucun consentement n'est enregistré pour ce numéro.")

    def list(self, caller: Caller, cursor: str | None) -> Slice[ConsentRecord]:
        """All of the school, withdrawn ones too."""
        return self.consents.of_school(own_school(self.schools, caller, "sms_manager").uai, cursor)


def named(caller: Caller) -> str:
    """Who did it (R26)."""
    return caller.email or caller.subject


def changed(
    consents: ConsentRecords, uai: str, phone: str, change: Callable[[ConsentRecord], ConsentRecord]
) -> tuple[ConsentRecord, ConsentRecord]:
    """The record before and after `change`, which is made anew when another write came first. Raises what it raises."""
    for _ in range(ROUNDS):
        before = consents.get(uai, phone)
        after = change(before)
        if after is before or consents.put(uai, after):
            return before, after
    raise TransientError("too many changes of one consent at once")
