"""Build the seller of the invoices from settings, checked before any number is taken."""

from stdnum import bic as bics
from stdnum import iban as ibans
from stdnum.fr import siret as sirets
from stdnum.fr import tva

from schoolsms.domain.orders.billing.invoices import Seller
from schoolsms.domain.schools.schools import Address


def seller_of(
    *,
    name: str,
    legal_form: str,
    capital_euros: int,
    siret: str,
    rcs_city: str,
    vat_number: str,
    street: str,
    postcode: str,
    city: str,
    iban: str,
    bic: str,
    vat_on_debits: bool,
    email: str,
    phone: str,
) -> Seller:
    """The seller. ValueError names the setting whose key or form is wrong."""
    checks = (
        ("SIRET", sirets.is_valid(siret)),
        ("VAT number", tva.is_valid(vat_number)),
        ("IBAN", ibans.is_valid(iban)),
        ("BIC", bics.is_valid(bic)),
    )
    for setting, valid in checks:
        if not valid:
            raise ValueError(f"the seller's {setting} is not valid")
    number = sirets.compact(siret)
    return Seller(
        name=name,
        legal_form=legal_form,
        capital_euros=capital_euros,
        siren=number[:9],
        siret=number,
        rcs_city=rcs_city,
        vat_number=f"FR{tva.compact(vat_number)}",
        address=Address(street, postcode, city, "FR"),
        iban=ibans.compact(iban),
        vat_on_debits=vat_on_debits,
        bic=bics.compact(bic),
        email=email,
        phone=phone,
    )
