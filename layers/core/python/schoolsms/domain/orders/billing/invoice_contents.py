"""The contents of an invoice's paper, made from the order, its form and the school (R41).

The first invoice names the school as its form does, because the school signed that. One that replaces a cancelled
invoice names it as it is registered now, because the form may be what was wrong, and a registration is checked as it
comes in. Packs, prices and rate of VAT are always the form's, because the order was accepted and credited at them.
"""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from decimal import Decimal

from schoolsms.domain.orders.billing.invoices import Buyer, InvoiceContent, InvoiceLine, InvoiceVat, Seller, paris_day
from schoolsms.domain.orders.forms.order_forms import LONGEST_REFERENCE, IssuedForm
from schoolsms.domain.orders.orders import Order
from schoolsms.domain.orders.packs import Totals, sms_of, totals
from schoolsms.domain.schools.schools import Address, School
from schoolsms.domain.schools.vat import default_vat

_EXEMPT_TERRITORIES = frozenset(("GF", "YT"))  # in France, yet VAT is not in force there: CGI, art. 294
_EXEMPT = "Opération exonérée de TVA"


def vat_of(rate: Decimal, country: str) -> InvoiceVat:
    """Return how the invoice of a school in `country` (ISO code of its territory) names `rate` percent."""
    if rate:
        return InvoiceVat(rate, "S")
    mention = default_vat(country).mention
    if mention is None:
        return InvoiceVat(rate, "E", _EXEMPT)
    return InvoiceVat(rate, "E" if country in _EXEMPT_TERRITORIES else "O", mention)


def content_of(order: Order, form: IssuedForm, school: School, seller: Seller) -> InvoiceContent:
    """Return the content of a credited order's invoice: the form's prices and rate, the order's quantities.

    Raises ValueError when that is not the amount the order was accepted for, because a person must look then.
    """
    if order.credited_at is None:
        raise ValueError("only a credited order is invoiced")
    amounts = totals(form.packs, order.quantities, form.vat_rate)
    if amounts != Totals(order.ht_cents, order.vat_cents) or sms_of(form.packs, order.quantities) != order.sms:
        raise ValueError("the order and its form differ in amounts")
    return InvoiceContent(
        order_id=order.id,
        seller=seller,
        buyer=Buyer(form.uai, _clean(form.school_name), form.siret, _address(form.address, school.address)),
        lines=tuple(
            InvoiceLine(pack.id, pack.sms, order.quantities[pack.id], pack.price_ht_cents)
            for pack in form.packs
            if order.quantities.get(pack.id)
        ),
        vat=vat_of(form.vat_rate, school.country),
        ht_cents=amounts.ht_cents,
        vat_cents=amounts.vat_cents,
        served_on=paris_day(order.credited_at),
        service_code=_clean(order.read.get("service_code", ""), LONGEST_REFERENCE),
        engagement_number=_clean(order.read.get("engagement_number", ""), LONGEST_REFERENCE),
    )


def content_anew(order: Order, form: IssuedForm, school: School, seller: Seller) -> InvoiceContent:
    """Return the content of the invoice that replaces a cancelled one of the order: to the school as registered now.

    Raises ValueError as `content_of` does.
    """
    buyer = Buyer(school.uai, _clean(school.name), school.siret, _registered(school.address))
    return replace(content_of(order, form, school, seller), buyer=buyer)


def _address(printed: str, registered: Address) -> Address:
    """The address the form was issued with, in its parts; the registered one if it is not as we print them."""
    *lines, last = [_clean(line) for line in printed.splitlines()] or [""]
    postcode, _, city = last.partition(" ")
    if printed == registered.lines() or not (lines and postcode and city):
        return _registered(registered)
    return Address(lines[0], postcode, city, registered.country, ", ".join(lines[1:]))


def _registered(address: Address) -> Address:
    line1, line2 = _clean(address.line1), _clean(address.line2)
    return Address(line1, _clean(address.postcode), _clean(address.city), address.country, line2)


def _clean(text: str, longest: int = 200) -> str:
    """`text` in one line, without control characters, because XML forbids them and each number must be issued."""
    visible = "".join(character for character in " ".join(text.split()) if unicodedata.category(character)[0] != "C")
    return visible[:longest].strip()
