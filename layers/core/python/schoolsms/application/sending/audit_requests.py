"""Hold send requests and their messages against the ledger, and the ledger against them (R16, R29, R30)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from schoolsms.application.ports.audits import AuditedRequests
from schoolsms.application.ports.core import Schools
from schoolsms.application.ports.walks import every_item
from schoolsms.domain.errors import TransientError
from schoolsms.domain.schools.school_years import other_years, school_years
from schoolsms.domain.schools.stock.audits import Finding
from schoolsms.domain.schools.stock.ledger import Entry
from schoolsms.domain.sending.request_audits import (
    audit_request,
    of_another_school,
    request_of_entry,
    without_request,
)

TRIES = 5
"""Times that a request is read while its messages are being released."""


@dataclass(frozen=True)
class AuditRequests:
    schools: Schools
    requests: AuditedRequests

    def of_entries(self, uai: str, entries: Sequence[Entry]) -> Iterator[Finding]:
        """Each debit and release has its request, while its year is kept: a purge takes requests, never entries."""
        about = {entry.id: request_of_entry(entry) for entry in entries if entry.kind in ("debit", "release")}
        found = self.requests.schools_of(list(dict.fromkeys(about.values())))
        missing = [entry for entry in entries if entry.id in about and about[entry.id] not in found]
        purged_at = self.requests.purged_at(uai) if missing else None  # after the read that missed it
        for entry in missing:
            if purged_at is None or entry.at > purged_at:
                yield without_request(entry)
        for entry in entries:
            school = found.get(about.get(entry.id, ""), uai)
            if school != uai:
                yield of_another_school(entry, school)

    def of_school(self, uai: str) -> Iterator[Finding]:
        """Each request has its pages, its debit, and the releases that its messages call for."""
        school = self.schools.get(uai)
        if school is None:
            return
        for year in (*school_years(school.calendar), *other_years(school.calendar)):
            for request_id in every_item(partial(self.requests.ids, uai, year.label)):
                found = self._of_request(uai, request_id)
                # Asked only then, and after the read: a purge takes pages first, and the request last.
                if found and not self.requests.purge_began(uai, year.label):
                    yield from found

    def _of_request(self, uai: str, request_id: str) -> list[Finding]:
        """Read the entries before and after the messages, because a message and its release change together: while
        nothing was released in between, what was read is of one moment. Raises TransientError if that never comes."""
        before = self.requests.entries(uai, request_id)
        for _ in range(TRIES):
            figures = self.requests.figures(request_id)
            after = self.requests.entries(uai, request_id)
            if before == after:
                return audit_request(figures, *after) if figures else []
            before = after
        raise TransientError("messages of a request were released all the time")
