"""A school (établissement, Client), its managers, whether it may send now, and where to (R1, R2, R17, R23, R27)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal

from schoolsms.domain.errors import ConflictError, RefusedError, SchoolClosed, SenderBlocked
from schoolsms.domain.schools.decisions.destinations import Destinations, Tariff, in_force, sends_from
from schoolsms.domain.schools.decisions.formal_notices import FormalNotice
from schoolsms.domain.schools.mail_addresses import expanded, same
from schoolsms.domain.schools.notified import Notified
from schoolsms.domain.schools.school_years import Calendar, zone
from schoolsms.domain.schools.stock.subscription_ends import WARNED_AT, Warned, warning_due

DEFAULT_LOW_BALANCE_THRESHOLD = 100

MOST_BLOCKED_SENDERS = 200
SchoolState = Literal["active", "suspended", "terminated"]

MOST_INTEGRATIONS = 20
MOST_ORDER_SENDERS = 20


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
class Integration:
    """A machine client that may act for a school (R28)."""

    client_id: str
    granted_at: datetime
    granted_by: str


@dataclass(frozen=True)
class BlockedSender:
    """A user of the school, by the subject of their tokens, whom a manager stopped (R25)."""

    sub: str
    blocked_at: datetime
    blocked_by: str


@dataclass(frozen=True)
class School:
    """`subscription_end` is the last day of the Skolengo subscription, in the school's own time zone.

    `order_senders` are the addresses beside the managers' from which an order form may be mailed, as registered.

    From `state` on it is changed by decisions alone, never by a registration; `acts` is how many there were. Nor are
    `last_warning` and `pending_forfeiture_notice`, the id of an entry whose mail is still due.
    """

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
    order_senders: tuple[str, ...] = ()
    state: SchoolState = "active"
    terminated_at: datetime | None = None
    destinations: Destinations | None = None
    accepted_destinations: Destinations | None = None
    integrations: tuple[Integration, ...] = ()
    formal_notice: FormalNotice | None = None
    blocked_senders: tuple[BlockedSender, ...] = ()
    notified: tuple[Notified, ...] = ()
    acts: int = 0
    last_warning: Warned | None = None
    pending_forfeiture_notice: str = ""
    consents_offered_for: date | None = None

    def local_day(self, now: datetime) -> date:
        """The school's own date at `now`."""
        return now.astimezone(zone(self.calendar)).date()

    def subscribed(self, now: datetime) -> bool:
        """Whether the Skolengo subscription still runs at `now` (R1)."""
        return self.local_day(now) <= self.subscription_end

    def ceiling(self, default: int) -> int:
        """Return how many SMS may be sent a day; `default` where the operator set nothing (R25)."""
        return default if self.daily_limit is None else self.daily_limit

    def warning_due(self, now: datetime) -> Warned | None:
        """The warning that what is left will be forfeited, if one is to be given at `now` (R17)."""
        return warning_due(self.subscription_end, self.local_day(now), self.last_warning)

    def consents_offer_due(self, now: datetime) -> bool:
        """Whether the school is to be offered its proofs of consent: its subscription ends soon, or has ended (§8)."""
        near = self.subscription_end - self.local_day(now) <= timedelta(days=max(WARNED_AT))
        return near and self.consents_offered_for != self.subscription_end

    def has_manager(self, email: str) -> bool:
        """Whether a manager of the school has this address."""
        return any(same(email, manager.email) for manager in self.managers)

    def notified_addresses(self) -> list[str]:
        """Recipients of the school's mails, each once: the confirmed of its list, its managers without a list (R10)."""
        # An address without a token was confirmed as a manager's, so it counts only while the person is one.
        confirmed = [each for each in self.notified if each.confirmed]
        listed = [each.email for each in confirmed if each.token or self.has_manager(each.email)]
        return listed or self.manager_addresses()

    def manager_addresses(self) -> list[str]:
        """The addresses of the registered managers, each once, whatever list the school keeps."""
        return list(dict.fromkeys(manager.email for manager in self.managers))

    def may_order(self, sender: str) -> bool:
        """Whether an order may come from this address: a manager's, or one the operator registered (R13)."""
        registered = (expanded(each, self.uai) for each in self.order_senders)
        return self.has_manager(sender) or any(same(sender, each) for each in registered)

    def check_may_send(self, now: datetime) -> None:
        """Raise SchoolClosed when nothing may be sent for this school now (R1, R17, R27)."""
        if self.state == "suspended":
            raise SchoolClosed(
                "L'envoi de SMS est suspendu pour votre établissement. Contactez Kosmos.", "school-suspended"
            )
        if self.state == "terminated":
            raise SchoolClosed(
                "Le service de SMS de votre établissement est résilié. Contactez Kosmos.", "school-terminated"
            )
        if not self.subscribed(now):
            raise SchoolClosed(
                "L'abonnement Skolengo de votre établissement a pris fin. Contactez Kosmos pour le renouveler.",
                "subscription-ended",
            )

    # ---------------------------------------------------------------- where to (R23)

    def multipliers(self) -> Mapping[str, int]:
        """SMS that one SMS counts, by the country it goes to; the school may send to no other country."""
        return in_force(self.country, self.destinations, self.accepted_destinations)

    def authorised(self, sending_country: str, multipliers: Mapping[str, int], tariff: Tariff | None = None) -> School:
        """With these destinations to accept; unchanged when they are those already. Raises RefusedError."""
        if not sends_from(self.country, sending_country):
            raise RefusedError(
                f"L'établissement est enregistré dans le pays {self.country} : il n'envoie pas depuis un autre.",
                "sending-country-mismatch",
            )
        if tariff and not tariff.prices.keys() <= multipliers.keys():
            raise RefusedError(
                "Le tarif donne un prix pour un pays qui n'est pas parmi les destinations.",
                "price-without-destination",
                field="tariff.prices",
            )
        known = self.destinations
        proposed = Destinations(sending_country, multipliers, known.version if known else 0, tariff)
        if proposed == known:
            return self
        return replace(self, destinations=replace(proposed, version=proposed.version + 1))

    def accepting(self, version: int | None) -> School:
        """Having accepted the present offer, of which `version`, if named, was read. Raises ConflictError."""
        if self.destinations is None:
            raise ConflictError(
                "Aucune destination à l'étranger n'est proposée à votre établissement.", "no-destinations"
            )
        if version not in (None, self.destinations.version):
            raise ConflictError(
                "Les destinations ont changé depuis que vous les avez lues : relisez-les.", "destinations-changed"
            )
        return replace(self, accepted_destinations=self.destinations)

    # ---------------------------------------------------------------- suspension, termination (R27)

    def suspended(self) -> School:
        """Raises ConflictError once terminated."""
        return replace(self._not_terminated(), state="suspended")

    def reinstated(self) -> School:
        """Its suspension ended. Raises ConflictError once terminated."""
        return replace(self._not_terminated(), state="active")

    def terminated(self, at: datetime) -> School:
        """For good, and with it every contract. Unchanged when it is terminated already."""
        return self if self.state == "terminated" else replace(self, state="terminated", terminated_at=at)

    # ---------------------------------------------------------------- formal notices (§6)

    def noticed(self, facts: str, deadline: date, at: datetime) -> School:
        """Under formal notice; unchanged when that very notice is in force. Raises ConflictError, RefusedError."""
        known = self.formal_notice
        if known and known.in_force:
            if (known.facts, known.deadline) == (facts, deadline):
                return self
            raise ConflictError(
                "Une mise en demeure est en cours : levez-la avant d'en adresser une autre.", "formal-notice-in-force"
            )
        if deadline <= self.local_day(at):
            raise RefusedError("L'échéance doit être à venir.", "deadline-not-in-future", field="deadline")
        return replace(self._not_terminated(), formal_notice=FormalNotice(self.acts + 1, facts, deadline, at))

    def notice_answered(self, answer: str, at: datetime) -> School:
        """With the answer of the school to the notice in force. Raises ConflictError when there is none."""
        if self.formal_notice is None or not self.formal_notice.in_force:
            raise ConflictError("Aucune mise en demeure n'est en cours.", "no-formal-notice")
        return replace(self, formal_notice=self.formal_notice.answered(answer, at))

    def notice_lifted(self, reason: str, at: datetime) -> School:
        """Unchanged when the last notice was lifted before. Raises ConflictError when there never was any."""
        if self.formal_notice is None:
            raise ConflictError("Aucune mise en demeure n'est en cours.", "no-formal-notice")
        return replace(self, formal_notice=self.formal_notice.lifted(reason, at))

    def notice_named(self) -> Mapping[str, object]:
        """Return the fields by which a suspension or a termination names the notice in force; none without one."""
        notice = self.formal_notice
        return notice.named() if notice and notice.in_force else {}

    def _not_terminated(self) -> School:
        if self.state == "terminated":
            raise ConflictError("Le service de cet établissement est résilié, définitivement.", "school-terminated")
        return self

    # ---------------------------------------------------------------- users whom a manager stopped (R25)

    def blocks(self, sub: str) -> bool:
        """Whether a manager stopped that user."""
        return any(each.sub == sub for each in self.blocked_senders)

    def check_sender(self, sub: str) -> None:
        """Raise SenderBlocked when a manager stopped that user."""
        if self.blocks(sub):
            raise SenderBlocked(
                "Un gestionnaire de SMS de votre établissement a suspendu vos envois. Adressez-vous à lui, ou à un "
                "autre gestionnaire de SMS."
            )

    def blocking(self, sender: BlockedSender) -> School:
        """Unchanged when the user is blocked already. Raises ConflictError when there are too many."""
        if self.blocks(sender.sub):
            return self
        if len(self.blocked_senders) >= MOST_BLOCKED_SENDERS:
            raise ConflictError(
                f"{MOST_BLOCKED_SENDERS} personnes au plus peuvent être bloquées : retirez-leur leur rôle.",
                "too-many-blocked-senders",
            )
        return replace(self, blocked_senders=(*self.blocked_senders, sender))

    def unblocking(self, sub: str) -> School:
        """Let that user send again, blocked or not."""
        return replace(self, blocked_senders=tuple(each for each in self.blocked_senders if each.sub != sub))

    # ---------------------------------------------------------------- integrations (R28)

    def grants(self, client_id: str) -> bool:
        """Whether that machine client may act for the school."""
        return any(each.client_id == client_id for each in self.integrations)

    def granting(self, integration: Integration) -> School:
        """Unchanged when it is granted already. Raises ConflictError when there are too many."""
        if self.grants(integration.client_id):
            return self
        if len(self.integrations) >= MOST_INTEGRATIONS:
            raise ConflictError(
                f"Un établissement a {MOST_INTEGRATIONS} intégrations au plus : retirez-en une.",
                "too-many-integrations",
            )
        return replace(self, integrations=(*self.integrations, integration))

    def revoking(self, client_id: str) -> School:
        """Without that machine client, granted or not."""
        return replace(self, integrations=tuple(each for each in self.integrations if each.client_id != client_id))
