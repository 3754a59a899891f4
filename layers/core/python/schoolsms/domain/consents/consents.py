"""Consents that a school has, each with its proof, and withdrawals; none is ever rewritten (R24, R44)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from schoolsms.domain.errors import RefusedError
from schoolsms.domain.schools.school_years import zone
from schoolsms.domain.schools.schools import School
from schoolsms.domain.texts.phone_numbers import ANYWHERE, Mobile, RefusedNumber, parse_mobile, why_invalid

_NO_MOBILE = "Ce numéro n'est pas celui d'un mobile : vérifiez-le."

MOST_EVENTS = 100
"""The most events of one number, because more come from a faulty program. A withdrawal is always taken."""

AHEAD = timedelta(minutes=10)
"""Most that another clock may be ahead of ours."""

_ENDINGS = frozenset(("withdrawn", "corrected", "reassigned"))
"""After one of these only a consent that was collected later counts."""


@dataclass(frozen=True)
class Proof:
    """Proof of a consent (R44): the sentence agreed to, its version, how, who asked, when. Without number."""

    wording: str
    version: str
    channel: str
    collected_by: str
    collected_at: datetime


@dataclass(frozen=True)
class Collected:
    """A proof as it was given; a day, or an hour without a zone, is meant where the school is.

    `new_holder`: the school says that an erased number belongs to another person now, whose consent this is.
    """

    wording: str
    version: str
    channel: str
    collected_by: str
    collected_at: datetime | date
    new_holder: bool = False

    def proof(self, school: School) -> Proof:
        at = self.collected_at
        if not isinstance(at, datetime):
            at = datetime.combine(at, time())
        if at.tzinfo is None:
            at = at.replace(tzinfo=zone(school.calendar))
        # In milliseconds, as it is kept: else the same proof given again would be another.
        at = at.replace(microsecond=at.microsecond // 1000 * 1000)
        try:
            at = at.astimezone(UTC)
        except OverflowError:  # the first or the last day there is: no clock makes a difference
            at = at.replace(tzinfo=UTC)
        return Proof(self.wording, self.version, self.channel, self.collected_by, at)


EventKind = Literal["granted", "withdrawn", "rectified", "corrected", "reassigned"]


@dataclass(frozen=True)
class ConsentEvent:
    """Recorded `at` by that manager, or by the recipient's own answer; a consent has a `proof`, the others none.

    A correction is `rectified` on the right number, and `corrected` on the wrong one, at the same instant. `reassigned`
    is dated by the erasure, after which somebody else got the number; what came before it is gone.
    """

    kind: EventKind
    at: datetime
    by: str
    proof: Proof | None = None


@dataclass(frozen=True)
class ConsentRecord:
    """All that is known of a number in one school, oldest event first; `changes` counts how often it was written.

    Of an erased number only `suppressed_at` is left: it is written to again only with a new holder's consent (R45).
    Of one that was corrected away it is left that it was, and what it answered since.
    """

    phone: str
    events: Sequence[ConsentEvent] = ()
    suppressed_at: datetime | None = None
    changes: int = 0

    @property
    def granted(self) -> bool:
        last = next((each for each in reversed(self.events) if each.kind != "rectified"), None)
        return self.suppressed_at is None and last is not None and last.kind == "granted"

    @property
    def proof(self) -> Proof | None:
        """Of the last consent, withdrawn or not."""
        return next((each.proof for each in reversed(self.events) if each.proof), None)

    @property
    def forgotten(self) -> bool:
        """Erased or corrected away: a keyed hash is all that is left of the number (R45)."""
        return self.suppressed_at is not None or (
            self.proof is None and any(each.kind == "corrected" for each in self.events)
        )

    @property
    def reassigned_at(self) -> datetime | None:
        """When the number was erased that belongs to another person since."""
        return next((each.at for each in self.events if each.kind == "reassigned"), None)

    @property
    def withdrawn_at(self) -> datetime | None:
        """Return when the last consent ended, if it did."""
        return None if self.granted else next((e.at for e in reversed(self.events) if e.kind == "withdrawn"), None)


def with_consent_of(
    record: ConsentRecord, proof: Proof, at: datetime, by: str, *, new_holder: bool = False
) -> ConsentRecord:
    """`record` with that consent; itself when it has it already. Raises RefusedError.

    A consent collected before the last withdrawal does not undo it, because importing an old list again would. One of
    a `new_holder`, collected after an erasure, lifts the block.
    """
    if record.suppressed_at and not (new_holder and proof.collected_at > record.suppressed_at):
        raise _refused_after(ConsentEvent("reassigned", record.suppressed_at, by))
    if proof.collected_at > at + AHEAD:
        raise RefusedError("La date de recueil est à venir.", "collected-in-future")
    if record.granted and record.proof == proof:
        return record
    ended = max((each for each in record.events if each.kind in _ENDINGS), key=lambda each: each.at, default=None)
    # The same proof too, dated a little after by a clock that was ahead.
    if ended and (proof.collected_at <= ended.at or (not record.granted and proof in _proofs(record))):
        raise _refused_after(ended)
    if record.suppressed_at:
        record = replace(record, events=(ConsentEvent("reassigned", record.suppressed_at, by),), suppressed_at=None)
    if len(record.events) >= MOST_EVENTS:
        raise RefusedError("Trop de consentements sont enregistrés pour ce numéro.", "too-many-consents")
    return replace(record, events=(*record.events, ConsentEvent("granted", at, by, proof)))


def _refused_after(ended: ConsentEvent) -> RefusedError:
    if ended.kind == "reassigned":
        return RefusedError(
            "Ce numéro a été effacé à la demande de la personne : il ne peut plus recevoir de message. S'il appartient "
            "désormais à une autre personne, recueillez son consentement (daté d'après l'effacement, avec l'heure s'il "
            "est du même jour) et enregistrez-le en indiquant un nouveau titulaire (new_holder).",
            "number-erased",
        )
    if ended.kind == "corrected":
        return RefusedError(
            "Ce numéro a été corrigé depuis : il n'était pas celui de la personne. Un nouveau recueil, daté d'après la "
            "correction, est nécessaire (avec l'heure s'il est du même jour).",
            "number-corrected",
        )
    return RefusedError(
        "Ce destinataire a retiré son consentement depuis : un nouveau recueil, daté d'après le retrait, est "
        "nécessaire (avec l'heure s'il est du même jour).",
        "consent-withdrawn",
    )


def _proofs(record: ConsentRecord) -> Sequence[Proof]:
    return [each.proof for each in record.events if each.proof]


def without_consent(record: ConsentRecord, at: datetime, by: str) -> ConsentRecord:
    """`record` withdrawn `at` that moment; itself when there is nothing to withdraw, or when the person consented anew
    after it: the consent was both collected and recorded later, so that no date set ahead outlives a STOP.

    STOP from a number that was corrected away is remembered too, so that a new consent must be collected after it.
    """
    if not record.granted and not (record.events and record.events[-1].kind == "corrected"):
        return record
    last = next((each for each in reversed(record.events) if each.proof), None)
    if record.granted and last and last.proof and min(last.at, last.proof.collected_at) > at:
        return record
    return replace(record, events=(*record.events, ConsentEvent("withdrawn", at, by)))


def rectified(old: ConsentRecord, new: ConsentRecord, at: datetime, by: str) -> ConsentRecord:
    """The record of the right number, with all that was recorded under the wrong one. Raises RefusedError.

    A correction undoes no withdrawal and no erasure of the new number. Nor does a withdrawal of the wrong number move,
    because the STOP would be forgotten there, and the next import would write to that phone again.
    """
    if not old.granted:
        raise RefusedError(
            "Ce numéro a retiré son consentement, et le retrait reste : enregistrez le consentement du nouveau numéro.",
            "number-withdrawn",
        )
    if new.suppressed_at or new.withdrawn_at:
        raise RefusedError(
            "Le nouveau numéro a retiré son consentement ou a été effacé : rien n'a été changé.", "number-withdrawn"
        )
    # The right number does not get the event `corrected`: it may be the same one, when a correction is taken back.
    events = sorted((each for each in (*old.events, *new.events) if each.kind != "corrected"), key=lambda each: each.at)
    return replace(new, events=(*events, ConsentEvent("rectified", _after_all(old, at), by)))


def corrected(old: ConsentRecord, at: datetime, by: str) -> ConsentRecord:
    """Return the mark that the wrong number was corrected, so that no list collected before brings it back."""
    return replace(old, events=(ConsentEvent("corrected", _after_all(old, at), by),))


def is_corrected_to(old: ConsentRecord, new: ConsentRecord) -> bool:
    """Whether the number of `old` was corrected to that of `new`, and nobody consented for the old one since."""
    at = next((each.at for each in old.events if each.kind == "corrected"), None)
    return not old.granted and at is not None and any(each.kind == "rectified" and each.at == at for each in new.events)


def _after_all(old: ConsentRecord, at: datetime) -> datetime:
    """`at`, or a little later when a clock that was ahead dated a consent after it; in milliseconds, as it is kept."""
    at = max([at, *(proof.collected_at for proof in _proofs(old))])
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def number(written: str, home: str = "FR") -> str:
    """The mobile number in E.164, as typed in the territory `home`, its country being authorised yet or not.

    Raises RefusedError.
    """
    found: Mobile | RefusedNumber = parse_mobile(written, ANYWHERE, home)
    if isinstance(found, RefusedNumber):
        why = why_invalid(written) if found.code == "invalid-number" else _NO_MOBILE
        raise RefusedError(why, found.code)
    return found.e164


def is_number(written: str, phone: str, home: str = "FR") -> bool:
    """Whether `written`, in any spelling of the territory `home`, is the number `phone` (E.164)."""
    found = parse_mobile(written, ANYWHERE, home)
    return isinstance(found, Mobile) and found.e164 == phone
