"""Hours at which families expect no message of a school: nights, Sundays and public holidays."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal
from zoneinfo import ZoneInfo

from schoolsms.domain.french import french_datetime, printed

MORNING, EVENING = 7, 21
"""Hours of the school's clock between which a message may come."""

_SUNDAY = 6


@dataclass(frozen=True, slots=True)
class UnusualHour:
    """A message to `recipients` people would go out at `due_at`, unusual because of `why` (French)."""

    due_at: datetime
    zone: ZoneInfo
    why: str
    recipients: int

    code: ClassVar[Literal["unusual-hour"]] = "unusual-hour"
    name: ClassVar[str] = ""
    """No variable of the text is concerned."""

    @property
    def detail(self) -> str:
        return printed(
            f"Cet envoi partira le {french_datetime(self.due_at, self.zone)}, heure de l'établissement : {self.why}."
        )


@dataclass(frozen=True, slots=True)
class MayNotSend:
    """The school may not send now: `code` and `detail` are those of the refusal that a request would get (R27)."""

    code: str
    detail: str
    recipients: int

    name: ClassVar[str] = ""
    """No variable of the text is concerned."""


def unusual_hour(due_at: datetime, zone: ZoneInfo, holiday: str, recipients: int) -> UnusualHour | None:
    """The warning that `due_at` calls for, if any; `holiday` is the French name of that day, "" for most days."""
    local = due_at.astimezone(zone)
    reasons = []
    if not MORNING <= local.hour < EVENING:
        reasons.append(f"c'est la nuit ({EVENING} h à {MORNING} h)")
    if holiday:
        reasons.append(f"c'est un jour férié ({holiday})")
    elif local.weekday() == _SUNDAY:
        reasons.append("c'est un dimanche")
    return UnusualHour(due_at, zone, " et ".join(reasons), recipients) if reasons else None
