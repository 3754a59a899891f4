"""Hold the corrections of a stock against its ledger (R18)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from schoolsms.application.ports.accounts.corrections import Corrections
from schoolsms.application.ports.core import Ledger
from schoolsms.application.ports.walks import every_item
from schoolsms.domain.schools.stock.audits import Finding, audit_correction
from schoolsms.domain.schools.stock.ledger import Entry


@dataclass(frozen=True)
class AuditCorrections:
    corrections: Corrections
    ledger: Ledger

    def of_entries(self, uai: str, entries: Sequence[Entry]) -> Iterator[Finding]:
        """Each entry of a correction was decided by two people, for that amount."""
        for entry in entries:
            if entry.kind == "correction":
                yield from audit_correction(entry, self.corrections.get(entry.cause.id))

    def of_school(self, uai: str) -> Iterator[Finding]:
        """Each confirmed correction has its entry."""
        for correction in every_item(partial(self.corrections.of_school, uai)):
            if correction.state == "confirmed" and self.ledger.entry(uai, correction.entry_id) is None:
                entry, says = correction.entry_id, "is confirmed, and has no entry"
                yield Finding("correction-without-entry", uai, entry, says, entry, correction.applied_sms)
