"""A send request is checked, counted, debited once and stored; its delivery starts from there (R16, R19-R24)."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from schoolsms.application.ports import Clock, Consents, Schools, SendRequests
from schoolsms.domain import ledger
from schoolsms.domain.access import Caller
from schoolsms.domain.errors import ConflictError, InsufficientBalance, NotFoundError, RefusedError
from schoolsms.domain.ids import digest_id, random_id
from schoolsms.domain.recipients import Recipient, draft, refusal
from schoolsms.domain.school_years import school_year_of, zone
from schoolsms.domain.schools import School
from schoolsms.domain.send_requests import Line, Refusal, SendRequest
from schoolsms.domain.typography import EncodingMode, prepare

SECOND_NET = timedelta(days=30)
"""How long after the end of the school year the table's own TTL removes what the purge should have (R38)."""


@dataclass(frozen=True)
class SendCommand:
    """What is asked for."""

    text: str
    recipients: Sequence[Recipient]
    encoding: EncodingMode = "auto"


@dataclass(frozen=True)
class Outcome:
    """The request as it stands, and who was refused."""

    request: SendRequest
    refusals: Sequence[Refusal]


class NoRecipientLeft(RefusedError):
    """Every recipient was refused; `refusals` says why."""

    code = "no-recipient-left"

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        super().__init__("Aucun destinataire ne peut recevoir ce message.")
        self.refusals = refusals


@dataclass(frozen=True)
class AcceptSendRequest:
    """Nothing is debited unless all is stored, and nothing is stored that counts unless it is debited."""

    schools: Schools
    consents: Consents
    requests: SendRequests
    clock: Clock
    window: timedelta

    def accept(self, caller: Caller, command: SendCommand, idempotency_key: str | None) -> Outcome:
        """Raises SchoolClosed, InsufficientBalance, ConflictError, NoRecipientLeft and other RefusedErrors."""
        uai = caller.require_school("sms_sender", "sms_manager")
        digest = _digest(command)
        request_id = digest_id(uai, caller.subject, idempotency_key) if idempotency_key else random_id()
        if idempotency_key and (standing := self.requests.get(request_id)):
            return self._repeated(standing, digest)
        now = self.clock.now()
        school = self.schools.get(uai)
        if school is None:
            raise NotFoundError("Votre établissement n'est pas enregistré. Contactez Kosmos.")
        school.check_may_send(now)
        lines, refusals = self._sort(school, command)
        if not lines:
            raise NoRecipientLeft(refusals)
        request = self._request(request_id, school, caller, command, digest, now, lines, refusals)
        posting = ledger.debit(request.id, request.cost_sms, now) if request.cost_sms else None
        try:
            standing = self.requests.accept(request, lines, refusals, posting)
        except InsufficientBalance as refused:
            if caller.manages:
                raise
            # A sender never sees the stock (R14).
            raise InsufficientBalance(
                f"Cet envoi coûte {request.cost_sms} SMS, plus que le stock de votre établissement. "
                "Adressez-vous à un gestionnaire de SMS."
            ) from refused
        if standing.body_digest != digest or standing.accepted_at != request.accepted_at:
            return self._repeated(standing, digest)
        return Outcome(standing, refusals)

    def _repeated(self, standing: SendRequest, digest: str) -> Outcome:
        """R29: the same key and body are the same request; the same key with another body is a mistake."""
        if standing.body_digest != digest:
            raise ConflictError(
                "Cette clé d'idempotence a déjà servi pour un autre envoi : utilisez-en une nouvelle.",
                "idempotency-key-reused",
            )
        return Outcome(standing, self.requests.refusals(standing.id))

    def _sort(self, school: School, command: SendCommand) -> tuple[list[Line], list[Refusal]]:
        """The recipients that can be written to, as lines; and the others, as refusals."""
        drafted, refusals = draft(command.text, command.encoding, command.recipients, school.multipliers())
        granted = self.consents.granted(school.uai, {line.phone for line in drafted})
        lines = [line for line in drafted if line.phone in granted]
        for line in drafted:
            if line.phone not in granted:
                refusals.append(refusal(line.index, command.recipients[line.index].phone, "no-consent"))
        return lines, sorted(refusals, key=lambda each: each.index)

    def _purge_at(self, school: School, end_of_year: date, now: datetime) -> datetime:
        """When the table forgets by itself: well after the purge, and never while messages may still be on their way.

        A record that vanished under a running delivery would be claimed, thus sent, a second time.
        """
        year_end = datetime.combine(end_of_year, time(), zone(school.calendar))
        return max(year_end, now + self.window) + SECOND_NET

    def _request(
        self,
        request_id: str,
        school: School,
        caller: Caller,
        command: SendCommand,
        digest: str,
        now: datetime,
        lines: Sequence[Line],
        refusals: Sequence[Refusal],
    ) -> SendRequest:
        # Stored in milliseconds, so that the answer and what is read back later agree.
        now = now.replace(microsecond=now.microsecond // 1000 * 1000)
        year = school_year_of(school.calendar, school.local_day(now))
        return SendRequest(
            id=request_id,
            school=school.uai,
            school_year=year.label,
            purge_at=self._purge_at(school, year.end_exclusive, now),
            author=caller.subject,
            author_name=caller.email,
            text=prepare(command.text, command.encoding),
            accepted=len(lines),
            refused=len(refusals),
            cost_sms=sum(line.cost_sms for line in lines),
            sender=school.sender_name,
            accepted_at=now,
            due_at=now,
            expires_at=now + self.window,
            body_digest=digest,
            attempt=random_id(),
        )


def _digest(command: SendCommand) -> str:
    body = [command.text, command.encoding, [[each.phone, dict(each.variables)] for each in command.recipients]]
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:20]
