"""Check a send request, count it, debit it once and store it, which starts its delivery (R16, R19-R25, R29)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from schoolsms.application.ports.accounts.templates import Templates
from schoolsms.application.ports.core import Clock, Consents, Schools, SendRequests
from schoolsms.application.ports.maintenance import Maintenance
from schoolsms.application.ports.recipient_lists import RecipientLists
from schoolsms.application.schools.callers_school import require_callers_school
from schoolsms.application.sending.accepting.keep_templates import text_of
from schoolsms.domain.errors import (
    IdempotencyKeyReused,
    InsufficientBalance,
    RefusedError,
    TransientError,
    UnderMaintenance,
)
from schoolsms.domain.ids import digest_id, random_id
from schoolsms.domain.schools.access import SENDING, Caller
from schoolsms.domain.schools.school_years import school_year_of, zone
from schoolsms.domain.schools.schools import School
from schoolsms.domain.schools.stock import ledger
from schoolsms.domain.schools.uai import territory
from schoolsms.domain.sending.recent_sends import WITHIN, AlreadySent, Fingerprints, fingerprints
from schoolsms.domain.sending.recipients import Recipient, UnusedNumbers, Warned, draft, unknown_variables, with_consent
from schoolsms.domain.sending.schedules import due_at
from schoolsms.domain.sending.send_requests import ErasedMeanwhile, Line, Refusal, SendRequest
from schoolsms.domain.sending.templates import Wording
from schoolsms.domain.texts.typography import EncodingMode, prepare

SECOND_NET = timedelta(days=30)
"""Time after the school year at which the table's TTL removes what the purge has missed (R38)."""

ROUNDS = 10
"""Attempts to accept a request while others write to the same recipients."""

_SENT_ALREADY = (
    "Ce numéro a déjà le même message, envoyé ou prévu, à moins de dix minutes de celui-ci : "
    "s'il doit le recevoir deux fois, confirmez l'envoi (confirm_duplicates)."
)


@dataclass(frozen=True)
class SendCommand:
    """A request as the caller made it. `recipient_list`, if named, has its recipients. Due now or at `send_at`, which
    is on the school's clock if it names no zone."""

    wording: Wording
    recipients: Sequence[Recipient] = ()
    encoding: EncodingMode = "auto"
    send_at: datetime | None = None
    confirm_duplicates: bool = False
    recipient_list: str = ""
    confirm_placeholders: bool = False


@dataclass(frozen=True)
class Outcome:
    """The accepted request, its refusals, and warnings about what looks like a mistake."""

    request: SendRequest
    refusals: Sequence[Refusal]
    warnings: Sequence[Warned] = ()


class NoRecipientLeft(RefusedError):
    """Every recipient was refused; `refusals` says why."""

    code = "no-recipient-left"

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        codes, details = {each.code for each in refusals}, {each.detail for each in refusals}
        # The common cause is named: a text too long is no lack of recipients.
        why = details.pop() if len(details) == 1 else ""
        super().__init__(f"Aucun destinataire ne peut recevoir ce message. {why}".rstrip())
        self.refusals = refusals
        self.common_code = codes.pop() if len(codes) == 1 else None


@dataclass(frozen=True)
class _Wanted:
    """A command checked against its school."""

    request_id: str
    digest: str
    text: str
    encoding: EncodingMode
    accepted_at: datetime
    due_at: datetime
    confirmed: bool


@dataclass(frozen=True)
class _Sorted:
    """Recipients sorted into lines and refusals; `recipients` as posted, or as `rows` of a list."""

    recipients: Sequence[Recipient]
    rows: Sequence[int] | None
    lines: Sequence[Line]
    refusals: Sequence[Refusal]
    unnamed: frozenset[int]
    """Refusals stored without their number, because it was erased here and only the school's own list has it (R45)."""
    unused: Sequence[UnusedNumbers] = ()

    def kept(self) -> Sequence[Refusal]:
        """The refusals as they are stored."""
        if not self.unnamed:
            return self.refusals
        return [replace(each, phone="") if each.index in self.unnamed else each for each in self.refusals]

    def less(self, prints: Sequence[bytes], sent: frozenset[bytes]) -> _Sorted:
        """Without the lines whose `prints` are among `sent`: they got the same text a moment ago."""
        again = [line for line, each in zip(self.lines, prints, strict=True) if each in sent]
        refused = [
            Refusal(
                index=line.index,
                phone=self.recipients[line.index].phone,
                code="duplicate",
                detail=_SENT_ALREADY,
                row=self.rows[line.index] if self.rows is not None else None,
            )
            for line in again
        ]
        lines = [line for line, each in zip(self.lines, prints, strict=True) if each not in sent]
        return replace(
            self, lines=lines, refusals=sorted([*self.refusals, *refused], key=lambda refusal: refusal.index)
        )


@dataclass(frozen=True)
class AcceptSendRequest:
    """Debits only what is stored, and stores nothing that counts without its debit."""

    schools: Schools
    consents: Consents
    templates: Templates
    lists: RecipientLists
    requests: SendRequests
    maintenance: Maintenance
    clock: Clock
    window: timedelta
    default_daily_limit: int
    key: Callable[[], str]
    """The secret of numbers. It keys the digest of a body, because the digest outlives erased numbers in the body."""

    def accept(self, caller: Caller, command: SendCommand, idempotency_key: str | None) -> Outcome:
        """Raises SchoolClosed, InsufficientBalance, IdempotencyKeyReused, NoRecipientLeft and other RefusedErrors.

        During maintenance what was accepted before is still answered, and UnderMaintenance raised for all else; its key
        stays free (R49).
        """
        uai = caller.require_school(*SENDING)
        digest = _digest(command, self.key()) if idempotency_key else ""  # nobody says a request without one again
        request_id = digest_id(uai, caller.subject, idempotency_key) if idempotency_key else random_id()
        if idempotency_key and (standing := self.requests.get(request_id)):
            return self._repeated(standing, command, digest)
        if self.maintenance.is_on():
            raise UnderMaintenance
        # In milliseconds, as it is stored, so that this answer equals what is read later.
        now = self.clock.now()
        now = now.replace(microsecond=now.microsecond // 1000 * 1000)
        school = require_callers_school(self.schools, caller, *SENDING)
        school.check_may_send(now)
        school.check_sender(caller.subject)
        due = due_at(command.send_at, school, now)
        text = text_of(self.templates, uai, command.wording)
        wanted = _Wanted(request_id, digest, text, command.encoding, now, due, command.confirm_duplicates)
        standing, refusals, unused = self._accept(school, caller, wanted, command)
        if standing.body_digest != digest or standing.accepted_at != now:
            return self._repeated(standing, command, digest)
        if command.recipient_list:
            self.lists.discard(uai, command.recipient_list)
        return Outcome(standing, refusals, (*unused, *unknown_variables(text, command.recipients)))

    def _repeated(self, standing: SendRequest, command: SendCommand, digest: str) -> Outcome:
        """R29: the same key and body are the same request; the same key with another body is a mistake."""
        if standing.body_digest != digest:
            raise IdempotencyKeyReused
        if command.recipient_list:
            # The call that accepted it may have died before this, and nothing else would remove the list today.
            self.lists.discard(standing.school, command.recipient_list)
        warnings = unknown_variables(standing.text, command.recipients)
        return Outcome(standing, self.requests.refusals(standing.id), warnings)

    def _sort(self, school: School, command: SendCommand, text: str) -> _Sorted:
        recipients, rows = command.recipients, None
        unused: Sequence[UnusedNumbers] = ()
        if command.recipient_list:
            from schoolsms.application.sending.accepting.recipient_lists import listed  # few requests name a list

            found = listed(self.lists, school.uai, command.recipient_list, text)
            recipients, rows, unused = found.recipients, found.rows, found.unused
        lines, refusals = draft(
            text,
            command.encoding,
            recipients,
            school.multipliers(),
            territory(school.uai),
            confirm_placeholders=command.confirm_placeholders,
        )
        phones = [line.phone for line in lines]
        granted = self.consents.granted(school.uai, phones)
        unnamed: frozenset[int] = frozenset()
        if not granted.issuperset(phones):
            asked = [line for line in lines if line.phone not in granted]
            forgotten = self.consents.forgotten(school.uai, {line.phone for line in asked})
            unnamed = frozenset(line.index for line in asked if line.phone in forgotten)
            lines, refusals = with_consent(lines, refusals, recipients, granted)
        if rows is not None:
            refusals = [replace(each, row=rows[each.index]) for each in refusals]
        return _Sorted(recipients, rows, lines, refusals, unnamed, unused)

    def _accept(
        self, school: School, caller: Caller, wanted: _Wanted, command: SendCommand
    ) -> tuple[SendRequest, Sequence[Refusal], Sequence[UnusedNumbers]]:
        """The stored request, its refusals, the unused columns of its list. Repeated during erasures (R45)."""
        for _ in range(ROUNDS):
            mark = self.requests.erasure_mark(school.uai)
            drafted = self._sort(school, command, wanted.text)
            with suppress(ErasedMeanwhile):
                return *self._accept_once(school, caller, wanted, drafted, mark), drafted.unused
        raise TransientError("too many erasures of this school at once")

    def _accept_once(
        self, school: School, caller: Caller, wanted: _Wanted, drafted: _Sorted, mark: str
    ) -> tuple[SendRequest, Sequence[Refusal]]:
        """As `_accept`, with duplicates among the refusals (R25). Raises ErasedMeanwhile."""
        since = None if wanted.confirmed else wanted.due_at - WITHIN
        for _ in range(ROUNDS):
            lines, refusals = drafted.lines, drafted.refusals
            if not lines:
                raise NoRecipientLeft(refusals)
            request = self._request(school, caller, wanted, lines, refusals)
            prints = fingerprints(lines)
            try:
                found = Fingerprints(prints, since)
                return self._post(school, caller, request, lines, drafted.kept(), found, mark), refusals
            except AlreadySent as sent:
                drafted = drafted.less(prints, sent.found)
        raise TransientError("too many requests of this school with the same messages at once")

    def _post(
        self,
        school: School,
        caller: Caller,
        request: SendRequest,
        lines: Sequence[Line],
        refusals: Sequence[Refusal],
        prints: Fingerprints,
        mark: str,
    ) -> SendRequest:
        """The stored request."""
        now = request.accepted_at
        posting = None
        if request.cost_sms:
            # A scheduled request is debited, and counts for the daily ceiling, on the day it is accepted.
            day = school.local_day(now)
            ceiling = school.ceiling(self.default_daily_limit)
            posting = ledger.debit(request.id, request.cost_sms, now, day=day, daily_limit=ceiling)
        try:
            return self.requests.store_and_debit(request, lines, refusals, posting, prints, mark)
        except InsufficientBalance as refused:
            if caller.manages:
                raise
            # A sender never sees the stock (R14).
            raise InsufficientBalance(
                f"Cet envoi coûte {request.cost_sms} SMS, plus que le stock de votre établissement. "
                "Adressez-vous à un gestionnaire de SMS."
            ) from refused

    def _purge_at(self, school: School, end_of_year: date, due: datetime) -> datetime:
        """Return the time of the table's TTL: well after the purge, and never while messages may be under way.

        If a record vanished during delivery, its message would be claimed, and sent, a second time.
        """
        year_end = datetime.combine(end_of_year, time(), zone(school.calendar))
        return max(year_end, due + self.window) + SECOND_NET

    def _request(
        self, school: School, caller: Caller, wanted: _Wanted, lines: Sequence[Line], refusals: Sequence[Refusal]
    ) -> SendRequest:
        year = school_year_of(school.calendar, school.local_day(wanted.due_at))
        return SendRequest(
            id=wanted.request_id,
            school=school.uai,
            school_year=year.label,
            purge_at=self._purge_at(school, year.end_exclusive, wanted.due_at),
            author=caller.subject,
            author_name=caller.email,
            client_id=caller.client_id,
            calendar=school.calendar,
            text=prepare(wanted.text, wanted.encoding),
            accepted=len(lines),
            refused=len(refusals),
            cost_sms=sum(line.cost_sms for line in lines),
            sender=school.sender_name,
            accepted_at=wanted.accepted_at,
            due_at=wanted.due_at,
            expires_at=wanted.due_at + self.window,
            body_digest=wanted.digest,
            attempt=random_id(),
        )


def _digest(command: SendCommand, key: str) -> str:
    """Digest of a body, keyed so that it reveals no number. Never change it: stored digests are compared with it.

    It covers the names of a template and of a list, not their content, which may change.
    """
    wording = command.wording if isinstance(command.wording, str) else {"template": command.wording.name}
    body: list[object] = [wording, command.encoding, command.recipient_list or command.recipients]
    if command.send_at or command.confirm_duplicates:
        body += [command.send_at.isoformat() if command.send_at else None, command.confirm_duplicates]
    if command.confirm_placeholders:
        body.append("confirm_placeholders")
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), check_circular=False)
    # Keyed BLAKE2b is a MAC (RFC 7693).
    secret = hashlib.sha256(key.encode()).digest()
    return hashlib.blake2b(canonical.encode(), key=secret, digest_size=10, person=b"bodies").hexdigest()
