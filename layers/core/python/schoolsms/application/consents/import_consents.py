"""Record a list of consents row by row, and name each refused row with the reason (R44)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from schoolsms.application.consents.change_consent import ROUNDS, named
from schoolsms.application.ports.consents import ConsentRecords
from schoolsms.application.ports.core import Clock, Schools
from schoolsms.application.schools.callers_school import require_callers_school
from schoolsms.domain.consents.consent_lists import ListedConsent, RowError, parse_consents
from schoolsms.domain.consents.consents import ConsentRecord, with_consent_of
from schoolsms.domain.errors import RefusedError, TransientError
from schoolsms.domain.schools.access import Caller
from schoolsms.domain.schools.schools import School
from schoolsms.domain.schools.uai import territory


@dataclass(frozen=True)
class Imported:
    """Counts of rows `recorded` and of those `unchanged` because they were recorded before, and the refused rows."""

    recorded: int
    unchanged: int
    errors: list[RowError]


@dataclass(frozen=True)
class ImportConsents:
    """Records each number alone, so that after an interruption the same list records the rest."""

    schools: Schools
    consents: ConsentRecords
    clock: Clock

    def run(self, caller: Caller, content: bytes) -> Imported:
        """Raises RefusedError for what is no list, TransientError."""
        school = require_callers_school(self.schools, caller, "sms_manager")
        rows = list(parse_consents(content, territory(school.uai)))
        unread = [row for row in rows if isinstance(row, RowError)]
        todo = [row for row in rows if isinstance(row, ListedConsent)]
        recorded, unchanged, refused = 0, 0, list[RowError]()
        for _ in range(ROUNDS):
            changes = self._apply(school, caller, todo)
            lost = {record.phone for record in self.consents.put_all(school.uai, changes.records())}
            done = [row for row in todo if row.phone not in lost]
            todo = [row for row in todo if row.phone in lost]
            refused += [error for row, error in changes.refused.items() if row.phone not in lost]
            recorded += sum(row in changes.recorded for row in done)
            unchanged += sum(row not in changes.recorded and row not in changes.refused for row in done)
            if not todo:
                return Imported(recorded, unchanged, sorted([*unread, *refused], key=lambda error: error.row))
        raise TransientError("too many changes of the same consents at once")

    def _apply(self, school: School, caller: Caller, rows: Iterable[ListedConsent]) -> _Changes:
        rows = list(rows)
        before = self.consents.get_all(school.uai, [row.phone for row in rows])
        changes, now = _Changes(dict(before), dict(before), set(), {}), self.clock.now()
        for row in rows:
            standing = changes.after[row.phone]
            try:
                proof, new_holder = row.collected.proof(school), row.collected.new_holder
                after = with_consent_of(standing, proof, now, named(caller), new_holder=new_holder)
            except RefusedError as error:
                changes.refused[row] = RowError(row.row, row.phone, error.code, error.detail)
                continue
            changes.after[row.phone] = after
            if after is not standing:
                changes.recorded.add(row)
        return changes


@dataclass(frozen=True)
class _Changes:
    """The records as the rows change them."""

    before: dict[str, ConsentRecord]
    after: dict[str, ConsentRecord]
    recorded: set[ListedConsent]
    refused: dict[ListedConsent, RowError]

    def records(self) -> list[ConsentRecord]:
        return [record for phone, record in self.after.items() if record is not self.before[phone]]
