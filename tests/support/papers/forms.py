"""An issued order form as tests need it; what a school does with it is in `local.players.paper`."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from schoolsms.domain.orders.forms.order_forms import IssuedForm
from schoolsms.domain.orders.packs import DEFAULT_PRICE_LIST


def issued_form(**changes: Any) -> IssuedForm:
    """The record of an issued form: two packs of 1,000 SMS and one of 500 for a lycée."""
    form: dict[str, Any] = {
        "order_id": "BC-2026-01JD8Z5Q6T",
        "uai": "0070021B",
        "siret": "19070021000017",
        "school_name": "Lycée général Cœur d’Ardèche",
        "address": "12 bis, avenue de l’Œuvre\nBP 4021\n07000 PRIVAS",
        "contact_name": "Zoé Lefèvre",
        "contact_email": "zoe.lefevre@lycee.test",
        "packs": DEFAULT_PRICE_LIST,
        "quantities": {"P500": 1, "P1000": 2},
        "vat_rate": Decimal(20),
        "school_year": "2026-2027",
        "conditions_version": "2026-09",
        "issued_at": datetime(2026, 9, 1, 8, tzinfo=UTC),
    }
    return IssuedForm(**form | changes)
