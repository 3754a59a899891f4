"""Show managers and the operator the stock and the ledger, and every caller who they are (R2, R14, R18)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from schoolsms.application.ports.core import Clock, Ledger, Schools, Slice
from schoolsms.application.ports.orders import Orders
from schoolsms.application.schools.callers_school import require_callers_school
from schoolsms.domain.errors import NotFoundError, SchoolClosed, SenderBlocked
from schoolsms.domain.orders.contract import Contract, running_contract
from schoolsms.domain.orders.orders import Order
from schoolsms.domain.orders.pack_in_use import LotLeft, stock_of
from schoolsms.domain.schools.access import SENDING, Caller, Forbidden
from schoolsms.domain.schools.ledger import Balance, Entry
from schoolsms.domain.schools.schools import Manager, School

_NO_SUCH_SCHOOL = "Cet établissement n'est pas enregistré."


@dataclass(frozen=True)
class Stock:
    """The balance of a school; the pack that it is using, because liability is capped at its price (§6)."""

    school: School
    balance: Balance
    pack_in_use: LotLeft | None
    contract: Contract | None
    """The one in force now. Without one, what was bought stays usable until the subscription ends."""


@dataclass(frozen=True)
class Profile:
    """The caller. `why_not` is the code that a send request would be refused with now, None if it may be sent."""

    caller: Caller
    school: School | None
    why_not: str | None


@dataclass(frozen=True)
class ReadAccounts:
    """Managers read their own school, the operator every school. Senders read only their own profile."""

    schools: Schools
    ledger: Ledger
    orders: Orders
    clock: Clock

    def profile(self, caller: Caller) -> Profile:
        """Return the profile of a caller of any role. The operator has no school, unless they send for one."""
        sends = bool(caller.school) and not caller.roles.isdisjoint(SENDING)
        if "operator" in caller.roles and not sends:
            caller.require("operator")
            return Profile(caller, None, Forbidden.code)
        school = require_callers_school(self.schools, caller, *SENDING)
        try:
            school.check_may_send(self.clock.now())
            school.check_sender(caller.subject)
        except (SchoolClosed, SenderBlocked) as refused:
            return Profile(caller, school, refused.code)
        return Profile(caller, school, None)

    def stock(self, caller: Caller) -> Stock:
        """The stock of the caller's school."""
        return self._stock(require_callers_school(self.schools, caller, "sms_manager"))

    def stock_of(self, caller: Caller, uai: str) -> Stock:
        """The stock of a school, for the operator."""
        caller.require("operator")
        school = self.schools.get(uai)
        if school is None:
            raise NotFoundError(_NO_SUCH_SCHOOL)
        return self._stock(school)

    def _stock(self, school: School) -> Stock:
        """Balance and packs as of the same entry, whatever is posted meanwhile. Reads every entry of the school."""
        balance = self.ledger.balance(school.uai)
        entries = list(self.ledger.entries_up_to(school.uai, balance.seq))
        orders = {order.id: order for order in self._orders_of(school.uai)}
        for entry in entries:
            # The list of orders is a moment behind, and never lacks an order for long.
            if entry.kind == "credit" and entry.cause.id not in orders and (order := self.orders.get(entry.cause.id)):
                orders[order.id] = order
        contract = running_contract(orders.values(), school, self.clock.now())
        return Stock(school, balance, stock_of(entries, orders).in_use, contract)

    def _orders_of(self, uai: str) -> Iterator[Order]:
        cursor: str | None = None
        while True:
            piece = self.orders.of_school(uai, cursor)
            yield from piece.items
            cursor = piece.cursor
            if cursor is None:
                return

    def managers(self, caller: Caller) -> Sequence[Manager]:
        """The people whom a sender asks about what became of messages (§5): the school's managers."""
        return require_callers_school(self.schools, caller, "sms_sender", "sms_manager").managers

    def entries(self, caller: Caller, cursor: str | None) -> Slice[Entry]:
        """The ledger of the caller's school, newest first."""
        return self.ledger.entries(require_callers_school(self.schools, caller, "sms_manager").uai, cursor)
