"""Show managers and the operator the stock and the ledger, and every caller who they are (R2, R14, R18)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import takewhile

from schoolsms.application.ports.accounts.orders import Orders
from schoolsms.application.ports.core import Clock, Ledger, Schools, Slice
from schoolsms.application.ports.maintenance import Maintenance
from schoolsms.application.ports.walks import every_item
from schoolsms.application.schools.callers_school import registered_school, require_callers_school
from schoolsms.application.schools.stock.find_packs import FindPacks
from schoolsms.domain.errors import RefusedError, SchoolClosed, SenderBlocked, UnderMaintenance
from schoolsms.domain.orders.contract import LONGEST_CONTRACT, Contract, running_contract
from schoolsms.domain.orders.orders import Order
from schoolsms.domain.orders.pack_in_use import LotLeft
from schoolsms.domain.schools.access import SENDING, Caller, Forbidden
from schoolsms.domain.schools.schools import Manager, School
from schoolsms.domain.schools.stock.ledger import Balance, Entry


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
    """The caller. `why_not`: what a send request would be refused with now, None if it may be sent."""

    caller: Caller
    school: School | None
    why_not: RefusedError | None


@dataclass(frozen=True)
class ReadAccounts:
    """Managers read their own school, the operator every school. Senders read only their own profile."""

    schools: Schools
    ledger: Ledger
    orders: Orders
    clock: Clock
    packs: FindPacks
    maintenance: Maintenance

    def profile(self, caller: Caller) -> Profile:
        """Return the profile of a caller of any role. The operator has no school, unless they send for one."""
        sends = bool(caller.school) and not caller.roles.isdisjoint(SENDING)
        if "operator" in caller.roles and not sends:
            caller.require("operator")
            return Profile(caller, None, Forbidden("L'opérateur n'envoie pas de SMS : il n'a pas d'établissement."))
        school = require_callers_school(self.schools, caller, *SENDING)
        try:
            school.check_may_send(self.clock.now())
            school.check_sender(caller.subject)
        except (SchoolClosed, SenderBlocked) as refused:
            return Profile(caller, school, refused)
        return Profile(caller, school, UnderMaintenance() if self.maintenance.is_on() else None)

    def stock(self, caller: Caller) -> Stock:
        """The stock of the caller's school."""
        return self._stock(require_callers_school(self.schools, caller, "sms_manager"))

    def stock_of(self, caller: Caller, uai: str) -> Stock:
        """The stock of a school, for the operator."""
        caller.require("operator")
        return self._stock(registered_school(self.schools, uai))

    def _stock(self, school: School) -> Stock:
        """Balance and packs as of the same entry, whatever is posted meanwhile."""
        balance = self.ledger.balance(school.uai)
        in_use = self.packs.after(school.uai, balance.seq, balance.sms).in_use
        return Stock(school, balance, in_use, running_contract(self._lately_ordered(balance), school, self.clock.now()))

    def _lately_ordered(self, balance: Balance) -> Iterator[Order]:
        """The orders that may have made a contract that runs."""
        # The list is a moment behind, and may lack the one that was credited last.
        credited = self.orders.get(balance.last_credit.removeprefix("credit:"))
        if credited:
            yield credited
        since = self.clock.now() - LONGEST_CONTRACT
        listed = every_item(partial(self.orders.of_school, balance.school))
        yield from takewhile(lambda order: order.received_at > since, listed)

    def managers(self, caller: Caller) -> Sequence[Manager]:
        """The people whom a sender asks about what became of messages (§5): the school's managers."""
        return require_callers_school(self.schools, caller, "sms_sender", "sms_manager").managers

    def entries(self, caller: Caller, cursor: str | None) -> Slice[Entry]:
        """The ledger of the caller's school, newest first."""
        return self.ledger.entries(require_callers_school(self.schools, caller, "sms_manager").uai, cursor)
