"""Record consents with their proof, and withdrawals, for managers (R24, R44)."""

from dataclasses import dataclass

from schoolsms.application.consents.change_consent import changed, named
from schoolsms.application.ports.consents import ConsentRecords
from schoolsms.application.ports.core import Clock, Schools, Slice
from schoolsms.application.schools.callers_school import require_callers_school
from schoolsms.domain.consents.consents import Collected, ConsentRecord, number, with_consent_of, without_consent
from schoolsms.domain.errors import NotFoundError
from schoolsms.domain.schools.access import Caller
from schoolsms.domain.schools.uai import territory


@dataclass(frozen=True)
class KeepConsents:
    schools: Schools
    consents: ConsentRecords
    clock: Clock

    def put(self, caller: Caller, phone: str, collected: Collected) -> tuple[ConsentRecord, bool]:
        """The stored record, and whether the number is new. Raises RefusedError.

        The same proof twice is one consent. Another one, or one after a withdrawal, is added to the others.
        """
        school = require_callers_school(self.schools, caller, "sms_manager")
        e164, proof, now = number(phone, territory(school.uai)), collected.proof(school), self.clock.now()
        before, after = changed(
            self.consents,
            school.uai,
            e164,
            lambda record: with_consent_of(record, proof, now, named(caller), new_holder=collected.new_holder),
        )
        return after, before.proof is None

    def withdraw(self, caller: Caller, phone: str) -> None:
        """Record the withdrawal, after which nothing is sent; the proof stays. Repeatable. Raises NotFoundError."""
        school, now = require_callers_school(self.schools, caller, "sms_manager"), self.clock.now()
        e164 = number(phone, territory(school.uai))
        _, after = changed(self.consents, school.uai, e164, lambda record: without_consent(record, now, named(caller)))
        if not after.events:
            raise NotFoundError("Aucun consentement n'est enregistré pour ce numéro.")

    def list(self, caller: Caller, cursor: str | None) -> Slice[ConsentRecord]:
        """All of the school, withdrawn ones too."""
        return self.consents.of_school(require_callers_school(self.schools, caller, "sms_manager").uai, cursor)
