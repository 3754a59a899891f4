"""Read and replace what the operator publishes: closure days, prices, trusted signers (R9, R12, R40)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from schoolsms.application.ports.core import Closures, PriceList, TrustedSigners
from schoolsms.domain.errors import RefusedError
from schoolsms.domain.orders.packs import MOST_PACKS, Pack
from schoolsms.domain.schools.access import Caller


@dataclass(frozen=True)
class OperatorSettings:
    """Changes apply to later orders and forms; each keeps the deadline or the prices of the day it was made."""

    closures: Closures
    prices: PriceList
    signers: TrustedSigners

    def closure_days(self) -> Sequence[date]:
        """In order. Shown to anybody, because they move the deadlines that schools are given (§3)."""
        return sorted(self.closures.days())

    def publish_closures(self, caller: Caller, days: Sequence[date]) -> Sequence[date]:
        """Replace the list; what it is now."""
        caller.require("operator")
        self.closures.publish(frozenset(days))
        return sorted(set(days))

    def packs(self, caller: Caller) -> Sequence[Pack]:
        """As the order form lists them; managers may see what they can order."""
        caller.require_operator_or_school("sms_manager")
        return self.prices.packs()

    def publish_prices(self, caller: Caller, packs: Sequence[Pack]) -> Sequence[Pack]:
        """Replace the list; forms already issued keep their prices. Raises RefusedError."""
        caller.require("operator")
        if not 1 <= len(packs) <= MOST_PACKS:
            raise RefusedError(f"Un tarif a de 1 à {MOST_PACKS} packs.", "invalid-price-list")
        if len({pack.id for pack in packs}) != len(packs):
            raise RefusedError("Deux packs portent le même identifiant.", "invalid-price-list")
        self.prices.publish(tuple(packs))
        return packs

    def trusted_signers(self, caller: Caller) -> Sequence[str]:
        """Certificates, in PEM."""
        caller.require("operator")
        return self.signers.certificates()

    def publish_trusted_signers(self, caller: Caller, certificates: Sequence[str]) -> Sequence[str]:
        """Replace the list, each certificate once; every later mail is judged by it."""
        caller.require("operator")
        published = list(dict.fromkeys(certificates))
        self.signers.publish(published)
        return published
