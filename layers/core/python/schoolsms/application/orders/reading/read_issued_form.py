"""Show the operator what an order form said when it was handed out, beside what came back (R12)."""

from collections.abc import Mapping
from dataclasses import dataclass

from schoolsms.application.ports.core import IssuedForms
from schoolsms.domain.orders.orders import Order
from schoolsms.domain.schools.access import Caller


@dataclass(frozen=True)
class ReadIssuedForm:
    """For the operator alone, because a form names a contact of its school."""

    forms: IssuedForms

    def values(self, caller: Caller, order: Order) -> Mapping[str, str] | None:
        """The values by the name of their field; None if no form of that number was handed out."""
        caller.require("operator")
        form = self.forms.get(order.id)
        return form.values() if form else None
