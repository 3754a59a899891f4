"""Recompute what the accounts say: each night all of them, and one school whenever the operator asks (R18).

Nothing is written but the progress of the night, and nothing is corrected: a finding has the id of what to look at.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from schoolsms.application.ports.audits import AuditRun, AuditRuns
from schoolsms.application.ports.core import Clock, Ledger, Schools
from schoolsms.application.ports.walks import every_item
from schoolsms.domain.errors import TransientError
from schoolsms.domain.schools.stock.audits import Finding, LedgerTrail
from schoolsms.domain.schools.stock.ledger import Entry
from schoolsms.domain.schools.stock.lost_entries import with_lost_entries

BATCH = 100
"""Entries that are held at once."""

STEP = timedelta(minutes=10)
"""Time after which a step of the night begins no other school; its function may take five minutes more."""


class SchoolAudit(Protocol):
    """One kind of rules about a school's accounts."""

    def of_entries(self, uai: str, entries: Sequence[Entry]) -> Iterable[Finding]:
        """Return what is wrong with these entries, as others see them."""

    def of_school(self, uai: str) -> Iterable[Finding]:
        """Return the orders, requests or corrections of the school that lack their entry, and what else is wrong."""


class NumbersAudit(Protocol):
    """The rules about what all schools share."""

    def of_all(self) -> Iterable[Finding]: ...


@dataclass
class Audited:
    """Result of one step: what does not add up, the schools looked at and those that could not be."""

    findings: list[Finding] = field(default_factory=list)
    schools: int = 0
    failed: list[str] = field(default_factory=list)
    error: Exception | None = None
    done: bool = False

    def fail(self, uai: str, error: Exception) -> None:
        """Note a school that could not be looked at."""
        self.failed.append(uai)
        self.error = error

    def check(self) -> None:
        """Raise TransientError if a school could not be looked at."""
        if self.error:
            raise TransientError(f"{len(self.failed)} schools could not be audited") from self.error


@dataclass(frozen=True)
class AuditAccounts:
    schools: Schools
    ledger: Ledger
    audits: Sequence[SchoolAudit]
    numbers: NumbersAudit
    runs: AuditRuns
    clock: Clock

    def of_school(self, uai: str) -> Iterator[Finding]:
        """Yield what does not add up for one school, a lost entry once.

        If the school cannot be read to its end, all that was found is yielded as it was, and the error raised then.
        """
        found: list[Finding] = []
        try:
            found.extend(self._of_school(uai))
        except Exception:
            yield from found
            raise
        yield from with_lost_entries(found)

    def _of_school(self, uai: str) -> Iterator[Finding]:
        balance = self.ledger.balance(uai)
        trail = LedgerTrail(balance)
        for batch in self._batches(uai, trail):
            for entry in batch:
                yield from trail.take(entry)
            for audit in self.audits:
                yield from audit.of_entries(uai, batch)
        yield from trail.end()
        if trail.newest > balance.seq:
            yield from trail.above(self.ledger.balance(uai))
        for audit in self.audits:
            yield from audit.of_school(uai)

    def of_all(self) -> Iterator[Finding]:
        """Yield what does not add up anywhere. Raises TransientError."""
        yield from self.numbers.of_all()
        for school in every_item(self.schools.all):
            yield from self.of_school(school.uai)

    def continue_tonight(self) -> Audited:
        """Go on with the night's audit where the last step ended. Nothing is done once the night is complete.

        A school that cannot be looked at keeps no other one waiting, nor does one at which the process dies, because it
        is too large for its time or memory: the next step leaves it out. `check` of the result says so.
        """
        started = self.clock.now()
        run = self.runs.latest()
        if run is None or run.night != started.date():
            run = AuditRun(started.date())
        done = Audited()
        if run.done:
            return done
        if run.looking_at:
            run = replace(run, looking_at="", given_up=(*run.given_up, run.looking_at))
            done.fail(run.given_up[-1], TransientError("the step that looked at it died"))
        if not run.after:
            done.findings.extend(self.numbers.of_all())
        try:
            ended = self._step(run, started, done)
        except TransientError:
            self.runs.keep(run)  # the school that was looked at last is not what failed
            raise
        self.runs.keep(ended)
        done.done = ended.done
        return done

    def _step(self, run: AuditRun, started: datetime, done: Audited) -> AuditRun:
        """Look at the schools after `run` for as long as a step takes, and return how far it came."""
        reached = run.after
        for school in every_item(self.schools.all, run.after or None):
            if self.clock.now() - started >= STEP:
                return replace(run, after=reached)
            reached = school.uai
            if reached not in run.given_up:
                self.runs.keep(replace(run, looking_at=reached))
                self._look_at(reached, done)
        return replace(run, after=reached, done=True)

    def _look_at(self, uai: str, done: Audited) -> None:
        done.schools += 1
        try:
            for finding in self.of_school(uai):
                done.findings.append(finding)  # one by one, because an error may come after the first
        except Exception as error:  # noqa: BLE001 - raised again by `check`
            done.fail(uai, error)

    def _batches(self, uai: str, trail: LedgerTrail) -> Iterator[list[Entry]]:
        """Yield the entries up to the balance's number. Those above it wait for the next audit, as `trail` knows."""
        batch: list[Entry] = []
        for entry in self.ledger.entries_from(uai, 1):
            trail.newest = entry.seq
            if entry.seq > trail.balance.seq:
                continue
            batch.append(entry)
            if len(batch) == BATCH:
                yield batch
                batch = []
        if batch:
            yield batch
