"""A school (établissement, Client), its managers, and whether it may send now (R1, R2, R17, R27)."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from schoolsms.domain.errors import SchoolClosed
from schoolsms.domain.school_years import Calendar, zone

DEFAULT_LOW_BALANCE_THRESHOLD = 100


@dataclass(frozen=True)
class Address:
    line1: str
    postcode: str
    city: str
    country: str
    line2: str = ""

    def lines(self) -> str:
        """The address as one text, a line each."""
        return "\n".join(x for x in (self.line1, self.line2, f"{self.postcode} {self.city}") if x)


@dataclass(frozen=True)
class Manager:
    """A person with the role "gestionnaire de SMS"."""

    name: str
    email: str


@dataclass(frozen=True)
class School:
    """`subscription_end` is the last day of the Skolengo subscription, in the school's own time zone."""

    uai: str
    name: str
    siret: str
    address: Address
    managers: tuple[Manager, ...]
    subscription_end: date
    calendar: Calendar
    country: str
    vat_rate: Decimal
    low_balance_threshold: int = DEFAULT_LOW_BALANCE_THRESHOLD
    sender_name: str | None = None
    daily_limit: int | None = None
    state: Literal["active", "suspended", "terminated"] = "active"

    def local_day(self, now: datetime) -> date:
        """The school's own date at `now`."""
        return now.astimezone(zone(self.calendar)).date()

    def subscribed(self, now: datetime) -> bool:
        """Whether the Skolengo subscription still runs at `now` (R1)."""
        return self.local_day(now) <= self.subscription_end

    def has_manager(self, email: str) -> bool:
        """Whether a manager of the school has this address."""
        return any(email.casefold() == manager.email.casefold() for manager in self.managers)

    def check_may_send(self, now: datetime) -> None:
        """Raise SchoolClosed when nothing may be sent for this school now (R1, R17, R27)."""
        if self.state == "suspended":
            raise SchoolClosed(
                "L'envoi de SMS est suspendu pour votre établissement. Contactez Kosmos.", "school-suspended"
            )
        if self.state == "terminated":
            raise SchoolClosed("Le service de SMS de votre établissement est résilié.", "school-terminated")
        if not self.subscribed(now):
            raise SchoolClosed("L'abonnement Skolengo de votre établissement a pris fin.", "subscription-ended")
