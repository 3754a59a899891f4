"""Views of a school's stock, and of the pack that it is using."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schoolsms.api.views.orders import contract_view
from schoolsms.domain.orders.packs import euros

if TYPE_CHECKING:
    from typing import Annotated, TypedDict

    from schoolsms.api.views.orders import ContractView
    from schoolsms.api.views.schools.schools import State
    from schoolsms.api.views.values import Day, Euros
    from schoolsms.application.schools.stock.read_accounts import Stock
    from schoolsms.application.schools.stock.read_packs import PackOfDay
    from schoolsms.domain.orders.pack_in_use import LotLeft
    from schoolsms.domain.schools.stock.outlook import Outlook
    from schoolsms.domain.schools.stock.usage import DayUsage

    class PackInUseView(TypedDict):
        order_id: str | None
        pack: Annotated[str, "`correction` for SMS that the operator's correction added"] | None
        price_ht: Euros | None
        remaining_sms: int

    class BalanceView(TypedDict):
        school: str
        balance: Annotated[int, "SMS left"]
        contract: Annotated[ContractView | None, "in force now; SMS stay usable until `subscription_end`"]
        pack_in_use: PackInUseView | None
        low_balance_threshold: int
        subscription_end: Day
        state: State

    class PackOfDayView(TypedDict):
        """As `day` ended, or as it is now on the day that runs."""

        school: str
        day: Day
        balance: Annotated[int, "SMS left"]
        pack_in_use: PackInUseView | None

    class OutlookView(TypedDict):
        """The pace from `since` to `until`, and how long the stock lasts at it.

        School days are Monday to Friday without public holidays; the holidays of schools are not known.
        """

        balance: Annotated[int, "SMS left"]
        since: Annotated[Day, "four weeks ago, or the day of the first credit"]
        until: Annotated[Day, "today"]
        school_days: int
        spent_sms: Annotated[int, "debits less what was released; over `school_days` it is the pace"]
        school_days_left: Annotated[int | None, "null where nothing was spent"]
        lasts_until: Annotated[Day | None, "null also beyond 400 days"]

    class UsageView(TypedDict):
        """Signed SMS of one day of the school's own, by kind of ledger entry; `change` is their sum.

        `balance` is what the day's last entry left; it holds until the next day that is listed.
        """

        day: Day
        credit: int
        debit: int
        release: int
        forfeiture: int
        correction: int
        change: int
        balance: int


def balance_view(stock: Stock) -> BalanceView:
    school = stock.school
    return {
        "school": school.uai,
        "balance": stock.balance.sms,
        "contract": contract_view(stock.contract),
        "pack_in_use": pack_in_use_view(stock.pack_in_use) if stock.pack_in_use else None,
        "low_balance_threshold": school.low_balance_threshold,
        "subscription_end": school.subscription_end.isoformat(),
        "state": school.state,
    }


def pack_in_use_view(used: LotLeft) -> PackInUseView:
    """Order and price are null for SMS that a correction added: they are of no pack that was bought."""
    lot = used.lot
    return {
        "order_id": lot.order_id or None,
        "pack": lot.pack or None,
        "price_ht": None if lot.price_ht_cents is None else euros(lot.price_ht_cents),
        "remaining_sms": used.remaining_sms,
    }


def pack_of_day_view(found: PackOfDay) -> PackOfDayView:
    return {
        "school": found.school.uai,
        "day": found.day.isoformat(),
        "balance": found.balance_sms,
        "pack_in_use": pack_in_use_view(found.pack_in_use) if found.pack_in_use else None,
    }


def outlook_view(found: Outlook) -> OutlookView:
    return {
        "balance": found.balance_sms,
        "since": found.first.isoformat(),
        "until": found.last.isoformat(),
        "school_days": found.school_days,
        "spent_sms": found.spent_sms,
        "school_days_left": found.school_days_left,
        "lasts_until": found.lasts_until.isoformat() if found.lasts_until else None,
    }


def usage_view(usage: DayUsage) -> UsageView:
    return {
        "day": usage.day.isoformat(),
        "credit": usage.amounts.get("credit", 0),
        "debit": usage.amounts.get("debit", 0),
        "release": usage.amounts.get("release", 0),
        "forfeiture": usage.amounts.get("forfeiture", 0),
        "correction": usage.amounts.get("correction", 0),
        "change": usage.change,
        "balance": usage.balance_after,
    }
