"""Views of schools: what is known and decided of one, where it may send, its balance and its ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schoolsms.api.views.schools.formal_notices import formal_notice_view
from schoolsms.api.views.schools.school_acts import act_view
from schoolsms.api.views.values import utc
from schoolsms.domain.french import LEDGER_KINDS, printed
from schoolsms.domain.schools.access import ROLES
from schoolsms.domain.schools.school_years import zone
from schoolsms.domain.schools.stock.ledger_causes import explained

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Annotated, Literal, TypedDict

    from schoolsms.api.views.schools.formal_notices import FormalNoticeView
    from schoolsms.api.views.schools.school_acts import ActView
    from schoolsms.api.views.values import Day, Instant, UnitPrice
    from schoolsms.application.schools.stock.read_accounts import Profile
    from schoolsms.domain.schools.access import Role
    from schoolsms.domain.schools.decisions.destinations import Destinations
    from schoolsms.domain.schools.decisions.school_acts import Act
    from schoolsms.domain.schools.school_years import Calendar
    from schoolsms.domain.schools.schools import BlockedSender, Manager, School
    from schoolsms.domain.schools.stock.ledger import Entry, Kind
    from schoolsms.domain.schools.stock.ledger_causes import CauseType

    State = Literal["active", "suspended", "terminated"]

    class AddressView(TypedDict):
        line1: str
        line2: str | None
        postcode: str
        city: str
        country: str

    class ManagerView(TypedDict):
        name: str
        email: str

    class IntegrationView(TypedDict):
        client_id: str
        granted_at: Instant
        granted_by: str

    class MultiplierView(TypedDict):
        multiplier: int

    Multipliers = Annotated[dict[str, MultiplierView], "by country (ISO 3166)"]

    class TariffView(TypedDict):
        text: str
        prices: Annotated[dict[str, UnitPrice], "before VAT an SMS, by country (ISO 3166)"]

    class DestinationsView(TypedDict):
        sending_country: str | None
        destinations: Multipliers
        version: int
        accepted_version: int | None
        in_force: Multipliers
        tariff: Annotated[TariffView | None, "to accept with the multipliers"]
        accepted_tariff: TariffView | None

    class SchoolView(TypedDict):
        uai: str
        name: str
        siret: str
        address: AddressView
        managers: list[ManagerView]
        subscription_end: Annotated[Day, "its last day"]
        calendar: Calendar
        low_balance_threshold: int
        sender_name: str | None
        daily_limit: int | None
        order_senders: list[str]
        vat_rate: Annotated[str, "per cent"]
        country: str
        state: State
        formal_notice: FormalNoticeView | None
        destinations: DestinationsView
        integrations: list[IntegrationView]

    class BlockedSenderView(TypedDict):
        sub: str
        blocked_at: Instant
        blocked_by: str

    class SchoolWithActsView(SchoolView):
        blocked_senders: list[BlockedSenderView]
        acts: list[ActView]

    class CauseView(TypedDict):
        type: CauseType
        id: str

    class NamedSchoolView(TypedDict):
        uai: str
        name: str
        state: State
        subscription_end: Day
        time_zone: Annotated[str, "of the school's clock, as tz names it: `Europe/Paris`"]

    class ProfileView(TypedDict):
        sub: str
        email: str | None
        school: Annotated[NamedSchoolView | None, "null for the operator"]
        roles: list[Role]
        may_send: Annotated[bool, "whether a send request would be accepted now, as far as role and school go"]
        why_not: Annotated[str | None, "the code that it would be refused with"]
        why_not_detail: Annotated[str | None, "why, and what to do, in French"]

    class EntryView(TypedDict):
        id: str
        at: Instant
        kind: Kind
        kind_text: Annotated[str, "in French"]
        amount: Annotated[int, "signed SMS"]
        balance_after: int
        cause: CauseView
        explanation: Annotated[str, "why, in French"]


def school_view(school: School) -> SchoolView:
    address = school.address
    return {
        "uai": school.uai,
        "name": school.name,
        "siret": school.siret,
        "address": {
            "line1": address.line1,
            "line2": address.line2 or None,
            "postcode": address.postcode,
            "city": address.city,
            "country": address.country,
        },
        "managers": managers_view(school.managers),
        "subscription_end": school.subscription_end.isoformat(),
        "calendar": school.calendar,
        "low_balance_threshold": school.low_balance_threshold,
        "sender_name": school.sender_name,
        "daily_limit": school.daily_limit,
        "order_senders": list(school.order_senders),
        "vat_rate": str(school.vat_rate),
        "country": school.country,
        "state": school.state,
        "formal_notice": formal_notice_view(school.formal_notice) if school.formal_notice else None,
        "destinations": destinations_view(school),
        "integrations": [
            {"client_id": each.client_id, "granted_at": utc(each.granted_at), "granted_by": each.granted_by}
            for each in school.integrations
        ],
    }


def managers_view(managers: Sequence[Manager]) -> list[ManagerView]:
    return [{"name": manager.name, "email": manager.email} for manager in managers]


def profile_view(profile: Profile) -> ProfileView:
    caller, school = profile.caller, profile.school
    return {
        "sub": caller.subject,
        "email": caller.email or None,
        "school": _named_school_view(school) if school else None,
        "roles": [role for role in ROLES if role in caller.roles],
        "may_send": profile.why_not is None,
        "why_not": profile.why_not.code if profile.why_not else None,
        "why_not_detail": str(profile.why_not) if profile.why_not else None,
    }


def _named_school_view(school: School) -> NamedSchoolView:
    return {
        "uai": school.uai,
        "name": school.name,
        "state": school.state,
        "subscription_end": school.subscription_end.isoformat(),
        "time_zone": zone(school.calendar).key,
    }


def blocked_senders_view(blocked: Sequence[BlockedSender]) -> list[BlockedSenderView]:
    return [{"sub": each.sub, "blocked_at": utc(each.blocked_at), "blocked_by": each.blocked_by} for each in blocked]


def school_with_acts_view(school: School, acts: Sequence[Act]) -> SchoolWithActsView:
    """A school as the operator sees it, with all that was decided about it."""
    return {
        **school_view(school),
        "blocked_senders": blocked_senders_view(school.blocked_senders),
        "acts": [act_view(act) for act in acts],
    }


def destinations_view(school: School) -> DestinationsView:
    """Destinations abroad that the operator authorised, those the school accepted, and those in force now (R23)."""
    authorised, accepted = school.destinations, school.accepted_destinations
    return {
        "sending_country": authorised.sending_country if authorised else None,
        "destinations": _multipliers(authorised.multipliers if authorised else {}),
        "version": authorised.version if authorised else 0,
        "accepted_version": accepted.version if accepted else None,
        "in_force": _multipliers(school.multipliers()),
        "tariff": _tariff(authorised),
        "accepted_tariff": _tariff(accepted),
    }


def _tariff(of: Destinations | None) -> TariffView | None:
    if of is None or of.tariff is None:
        return None
    return {"text": of.tariff.text, "prices": dict(of.tariff.shown_prices())}


def _multipliers(of: Mapping[str, int]) -> Multipliers:
    return {country: {"multiplier": of[country]} for country in sorted(of)}


def entry_view(entry: Entry) -> EntryView:
    return {
        "id": entry.id,
        "at": utc(entry.at),
        "kind": entry.kind,
        "kind_text": LEDGER_KINDS[entry.kind],
        "amount": entry.amount,
        "balance_after": entry.balance_after,
        "cause": {"type": entry.cause.type, "id": entry.cause.id},
        "explanation": printed(explained(entry)),
    }
