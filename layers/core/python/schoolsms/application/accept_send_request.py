"""A send request is checked, counted, debited once and stored; its delivery starts from there (R16, R19-R24)."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from schoolsms.application.ports import Clock, Consents, Schools, SendRequests
from schoolsms.domain import ledger
from schoolsms.domain.access import Caller
from schoolsms.domain.errors import ConflictError, InsufficientBalance, NotFoundError, RefusedError
from schoolsms.domain.ids import digest_id, random_id
from schoolsms.domain.phone_numbers import Mobile, RefusedNumber, parse_mobile
from schoolsms.domain.placeholders import MissingVariable, Template, compile_template
from schoolsms.domain.school_years import school_year_of, zone
from schoolsms.domain.schools import School
from schoolsms.domain.send_requests import Line, Refusal, RefusalCode, SendRequest
from schoolsms.domain.sms_text import MAX_CHARACTERS, MAX_SMS, count, is_too_long
from schoolsms.domain.typography import forbidden_characters, prepare

SECOND_NET = timedelta(days=30)
"""How long after the end of the school year the table's own TTL removes what the purge should have (R38)."""

MOST_VARIABLES = 50
"""Places for variables in one text: more is no message, and rendering it for all would take too long."""

LONGEST_NAME_SHOWN = 40

_DETAILS: Mapping[RefusalCode, str] = {
    "invalid-number": "Ce numéro n'existe pas : vérifiez-le.",
    "not-a-mobile": "Ce numéro n'est pas un mobile : il ne reçoit pas de SMS.",
    "country-not-authorised": "L'envoi vers ce pays n'est pas autorisé pour votre établissement.",
    "no-consent": "Aucun consentement n'est enregistré pour ce numéro.",
    "missing-variable": "La variable « {name} » n'a pas de valeur pour ce destinataire.",
    "too-long": f"Le message dépasse {MAX_SMS} SMS ou {MAX_CHARACTERS} caractères : raccourcissez-le.",
    "duplicate": "Ce numéro figure déjà dans la liste.",
    "forbidden-content": "Le message contient des caractères qu'un SMS ne peut pas porter.",
}


@dataclass(frozen=True)
class Recipient:
    """A recipient as posted."""

    phone: str
    variables: Mapping[str, str]


@dataclass(frozen=True)
class SendCommand:
    """What is asked for."""

    text: str
    recipients: Sequence[Recipient]
    encoding: Literal["auto", "gsm", "unicode"] = "auto"


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
        lines, refusals = self._sort(uai, command)
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

    def _sort(self, uai: str, command: SendCommand) -> tuple[list[Line], list[Refusal]]:
        """The recipients that can be written to, as lines; and the others, as refusals."""
        compose = _Composer(command.text, command.encoding)
        if compose.variables > MOST_VARIABLES:
            raise RefusedError(f"Un message porte au plus {MOST_VARIABLES} variables.", "too-many-variables")
        drafts: dict[str, Line] = {}
        refusals: list[Refusal] = []
        for index, recipient in enumerate(command.recipients):
            mobile = parse_mobile(recipient.phone)
            if isinstance(mobile, RefusedNumber):
                refusals.append(_refusal(index, recipient, mobile.code))
            elif mobile.e164 in drafts:
                refusals.append(_refusal(index, recipient, "duplicate"))
            else:
                drafted = compose.line(index, recipient, mobile)
                if isinstance(drafted, Refusal):
                    refusals.append(drafted)
                else:
                    drafts[mobile.e164] = drafted
        granted = self.consents.granted(uai, drafts)
        for phone in [phone for phone in drafts if phone not in granted]:
            line = drafts.pop(phone)
            refusals.append(_refusal(line.index, command.recipients[line.index], "no-consent"))
        return list(drafts.values()), sorted(refusals, key=lambda refusal: refusal.index)

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


class _Composer:
    """Renders, prepares and counts the text for one recipient after another; a text without variables only once."""

    def __init__(self, text: str, encoding: Literal["auto", "gsm", "unicode"]) -> None:
        self._template: Template = compile_template(text)
        self._encoding: Literal["auto", "gsm", "unicode"] = encoding
        self._last: tuple[str, tuple[str, Literal["gsm", "unicode"], int] | RefusalCode] | None = None

    @property
    def variables(self) -> int:
        """How many places the text has for variables."""
        return self._template.places

    def line(self, index: int, recipient: Recipient, mobile: Mobile) -> Line | Refusal:
        rendered = self._template.render(recipient.variables)
        if isinstance(rendered, MissingVariable):
            return _refusal(index, recipient, "missing-variable", name=rendered.name[:LONGEST_NAME_SHOWN])
        composed = self._composed(rendered)
        if isinstance(composed, str):
            return _refusal(index, recipient, composed)
        text, coding, sms_count = composed
        cost = 0 if mobile.is_test else sms_count
        return Line(index, mobile.e164, text, coding, sms_count, cost, mobile.is_test)

    def _composed(self, rendered: str) -> tuple[str, Literal["gsm", "unicode"], int] | RefusalCode:
        if self._last is None or self._last[0] != rendered:
            self._last = rendered, self._compose(rendered)
        return self._last[1]

    def _compose(self, rendered: str) -> tuple[str, Literal["gsm", "unicode"], int] | RefusalCode:
        text = prepare(rendered, self._encoding)
        if not text.strip() or forbidden_characters(text):
            return "forbidden-content"
        counted = count(text)
        if is_too_long(counted):
            return "too-long"
        return text, counted.encoding, counted.sms_count


def _refusal(index: int, recipient: Recipient, code: RefusalCode, **words: str) -> Refusal:
    return Refusal(index, recipient.phone, code, _DETAILS[code].format(**words))


def _digest(command: SendCommand) -> str:
    body = [command.text, command.encoding, [[each.phone, dict(each.variables)] for each in command.recipients]]
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:20]
