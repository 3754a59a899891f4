"""Issue the order form that a manager downloads, prefilled for the school (R6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from schoolsms.application.ports.core import Clock, IssuedForms, OrderForms, PriceList, Schools
from schoolsms.application.schools.callers_school import require_callers_school
from schoolsms.domain.errors import RefusedError
from schoolsms.domain.ids import random_id
from schoolsms.domain.orders.forms.accepted_texts import CONDITIONS, AcceptedText, declared
from schoolsms.domain.orders.forms.order_forms import IssuedForm
from schoolsms.domain.orders.packs import MAX_QUANTITY
from schoolsms.domain.schools.access import Caller
from schoolsms.domain.schools.mail_addresses import same
from schoolsms.domain.schools.school_years import school_year_of
from schoolsms.domain.schools.schools import Manager, School


@dataclass(frozen=True)
class IssueOrderForm:
    """Issues a form under a number of its own, and keeps what it said: its prices stay valid for it."""

    schools: Schools
    prices: PriceList
    forms: IssuedForms
    order_forms: OrderForms
    clock: Clock
    terms_of_sale: str
    gdpr_annex: str

    def issue(self, caller: Caller, quantities: Mapping[str, str]) -> tuple[str, bytes]:
        """The order's id and its PDF. `quantities` as written in the query. Raises RefusedError."""
        school = require_callers_school(self.schools, caller, "sms_manager")
        now = self.clock.now()
        if school.state == "terminated" or not school.subscribed(now):
            school.check_may_send(now)
        year = school_year_of(school.calendar, school.local_day(now)).label
        manager = _manager(school, caller)
        packs = self.prices.packs()
        form = IssuedForm(
            order_id=f"BC{year[2:4]}-{random_id(10)}",
            uai=school.uai,
            siret=school.siret,
            school_name=school.name,
            address=school.address.lines(),
            contact_name=manager.name,
            contact_email=manager.email,
            packs=packs,
            quantities=_checked(quantities, [pack.id for pack in packs]),
            vat_rate=school.vat_rate,
            school_year=year,
            conditions_version=CONDITIONS.version,
            issued_at=now,
            texts=self._texts(),
        )
        document = self.order_forms.issue(form)
        self.forms.put(form, document)
        return form.order_id, document

    def _texts(self) -> tuple[AcceptedText, ...]:
        """Return the texts that a signature accepts, as the operator declares them now."""
        return (
            CONDITIONS,
            declared("conditions-generales", self.terms_of_sale),
            declared("annexe-rgpd", self.gdpr_annex),
        )


def _manager(school: School, caller: Caller) -> Manager:
    for manager in school.managers:
        if same(manager.email, caller.email):
            return manager
    return Manager("", caller.email)


def _checked(written: Mapping[str, str], known: Sequence[str]) -> dict[str, int]:
    quantities = {}
    for pack_id, quantity in written.items():
        if pack_id not in known:
            raise RefusedError(
                f"Le pack {pack_id} n'est pas au tarif. Ceux qui y sont : {', '.join(known)}.", "unknown-pack"
            )
        if not (quantity.isascii() and quantity.isdigit() and len(quantity) <= 4 and int(quantity) <= MAX_QUANTITY):
            raise RefusedError(
                f"La quantité du pack {pack_id} est un nombre entier de 0 à {MAX_QUANTITY}.", "invalid-quantity"
            )
        if int(quantity):
            quantities[pack_id] = int(quantity)
    return quantities
