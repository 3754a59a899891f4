"""Views of a school's stock, and of the pack that it is using."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schoolsms.api.views.orders import contract_view
from schoolsms.domain.orders.packs import euros

if TYPE_CHECKING:
    from typing import Annotated, TypedDict

    from schoolsms.api.views.orders import ContractView
    from schoolsms.api.views.schools import State
    from schoolsms.api.views.values import Day, Euros
    from schoolsms.application.schools.read_accounts import Stock
    from schoolsms.domain.orders.pack_in_use import LotLeft
    from schoolsms.domain.schools.usage import DayUsage

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

    class UsageView(TypedDict):
        """Signed SMS of one day of the school's own, by kind of ledger entry; `change` is their sum."""

        day: Day
        credit: int
        debit: int
        release: int
        forfeiture: int
        correction: int
        change: int


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


def usage_view(usage: DayUsage) -> UsageView:
    return {
        "day": usage.day.isoformat(),
        "credit": usage.amounts.get("credit", 0),
        "debit": usage.amounts.get("debit", 0),
        "release": usage.amounts.get("release", 0),
        "forfeiture": usage.amounts.get("forfeiture", 0),
        "correction": usage.amounts.get("correction", 0),
        "change": usage.change,
    }
