"""Show managers and the operator the stock, the ledger and orders (R2, R12, R14, R18)."""

from dataclasses import dataclass

from schoolsms.application.ports.core import Ledger, Schools, Slice
from schoolsms.application.ports.orders import Orders
from schoolsms.application.schools.callers_school import require_callers_school
from schoolsms.domain.errors import NotFoundError, RefusedError
from schoolsms.domain.orders.contract import Contract, contract_of
from schoolsms.domain.orders.orders import Order, OrderState
from schoolsms.domain.schools.access import Caller
from schoolsms.domain.schools.ledger import Balance, Entry
from schoolsms.domain.schools.schools import School

_NO_SUCH_ORDER = "Cette commande n'existe pas."


@dataclass(frozen=True)
class ReadAccounts:
    """Managers read their own school; the operator reads orders of all. Senders read nothing here."""

    schools: Schools
    ledger: Ledger
    orders: Orders

    def balance(self, caller: Caller) -> tuple[School, Balance]:
        """The caller's school and its balance."""
        school = require_callers_school(self.schools, caller, "sms_manager")
        return school, self.ledger.balance(school.uai)

    def entries(self, caller: Caller, cursor: str | None) -> Slice[Entry]:
        """The ledger of the caller's school, newest first."""
        return self.ledger.entries(require_callers_school(self.schools, caller, "sms_manager").uai, cursor)

    def list_orders(self, caller: Caller, state: str | None, cursor: str | None) -> Slice[Order]:
        """The orders of the caller's school, newest first, in `state` if it is named; for the operator, all those in
        `state` ("review" unless named). Raises RefusedError.
        """
        if "operator" in caller.roles:
            return self.orders.in_state(_state(state) or "review", cursor)
        uai = require_callers_school(self.schools, caller, "sms_manager").uai
        wanted = _state(state)
        while True:  # A school has few orders, so filter here, and skip slices without any.
            piece = self.orders.of_school(uai, cursor)
            found = [order for order in piece.items if wanted in (None, order.state)]
            if found or piece.cursor is None:
                return Slice(found, piece.cursor)
            cursor = piece.cursor

    def order(self, caller: Caller, order_id: str) -> Order:
        """One order; another school's is not found (R2)."""
        own = caller.require_operator_or_school("sms_manager")
        order = self.orders.get(order_id)
        if order is None or own not in (None, order.school):
            raise NotFoundError(_NO_SUCH_ORDER)
        return order

    def contract(self, order: Order) -> Contract | None:
        """The contract that `order` made, once it is accepted (R4)."""
        school = self.schools.get(order.school) if order.school else None
        return contract_of(order, school) if school else None


def _state(written: str | None) -> OrderState | None:
    match written or None:
        case None | "incomplete" | "review" | "accepted" | "credited" | "rejected" as known:
            return known
        case _:
            raise RefusedError("Cet état de commande n'existe pas.", "unknown-state")
