"""Compute when a request is due: at once, or at the instant that was asked for (R29)."""

from datetime import UTC, datetime, timedelta

from schoolsms.domain.errors import RefusedError
from schoolsms.domain.schools.school_years import zone
from schoolsms.domain.schools.schools import School

FARTHEST = timedelta(days=360)
"""A state machine runs for a year at most, the 72 hours of delivery included."""


def due_at(send_at: datetime | None, school: School, now: datetime) -> datetime:
    """In UTC, whole milliseconds. A `send_at` without a zone is on the school's own clock.

    A local time that a change of clocks skips is an hour later, one that it repeats is the first of both. Raises
    RefusedError for an instant at which nothing could or should be sent.
    """
    if send_at is None:
        return now
    if send_at.tzinfo is None:
        send_at = send_at.replace(tzinfo=zone(school.calendar))
    try:
        # In UTC, because in a local zone 72 hours later would be an hour off when clocks change (R31).
        send_at = send_at.astimezone(UTC)
    except OverflowError:  # the first or the last day there is
        raise _impossible("Cette date d'envoi n'existe pas.") from None
    send_at = send_at.replace(microsecond=send_at.microsecond // 1000 * 1000)
    if send_at <= now:
        raise _impossible("La date d'envoi est passée : choisissez-en une à venir, ou aucune pour un envoi immédiat.")
    if send_at - now > FARTHEST:
        raise _impossible(f"Un envoi se programme au plus {FARTHEST.days} jours à l'avance.")
    if not school.subscribed(send_at):
        raise _impossible("L'abonnement Skolengo de votre établissement aura pris fin à cette date.")
    return send_at


def _impossible(detail: str) -> RefusedError:
    return RefusedError(detail, "invalid-send-at")
