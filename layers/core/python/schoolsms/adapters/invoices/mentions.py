"""Legal mentions of an invoice, with the same words on the page and in the XML.

The law asks for it: Code de commerce, art. L. 441-9 and D. 441-5; CGI, annexe II, art. 242 nonies A.
"""

from schoolsms.domain.french import NBSP
from schoolsms.domain.orders.invoices import DAYS_TO_PAY, Invoice, Seller
from schoolsms.domain.orders.packs import euros_fr

OPERATION = "Catégorie de l’opération : prestation de services"
DEBITS = "Option pour le paiement de la taxe d’après les débits"
PAYMENT_TERMS = (
    f"Paiement en totalité par virement bancaire, dans les {DAYS_TO_PAY}{NBSP}jours suivant la réception de la facture."
)
DISCOUNT = "Pas d’escompte pour paiement anticipé."


def general(invoice: Invoice) -> list[str]:
    """Category of operation, option for debits, and why there is no VAT."""
    content = invoice.content
    said = [f"{OPERATION}."]
    if content.vat.reason:
        said.append(f"{content.vat.reason}.")
    elif content.seller.vat_on_debits:
        said.append(f"{DEBITS}.")
    return said


def legal_identity(seller: Seller) -> str:
    """Form, capital and registration, as commercial law wants them on every invoice."""
    capital = euros_fr(seller.capital_euros * 100).replace(",00", "")
    siren = grouped(seller.siren, 3)
    return f"{seller.legal_form} au capital de {capital}, RCS {seller.rcs_city} {siren}"


def grouped(digits: str, size: int) -> str:
    """`digits` in groups of `size`, as people read them; a SIRET is a SIREN, then five digits."""
    if len(digits) == 14:
        return f"{grouped(digits[:9], 3)}{NBSP}{digits[9:]}"
    return NBSP.join(digits[start : start + size] for start in range(0, len(digits), size))
