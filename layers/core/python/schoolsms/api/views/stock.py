"""What the HTTP API shows of a school's stock, and of the pack that it is using."""

from __future__ import annotations  # no function needs to load the words of all

from typing import TYPE_CHECKING, Any

from schoolsms.api.views.accounts import contract_view
from schoolsms.domain.orders.packs import euros

if TYPE_CHECKING:
    from schoolsms.application.schools.read_accounts import Stock
    from schoolsms.domain.orders.pack_in_use import LotLeft

View = dict[str, Any]


def balance_view(stock: Stock) -> View:
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


def pack_in_use_view(used: LotLeft) -> View:
    """Order and price are null for SMS that a correction added: they are of no pack that was bought."""
    lot = used.lot
    return {
        "order_id": lot.order_id or None,
        "pack": lot.pack or None,
        "price_ht": None if lot.price_ht_cents is None else euros(lot.price_ht_cents),
        "remaining_sms": used.remaining_sms,
    }
