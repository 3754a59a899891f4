"""Legal mentions of an invoice, with the same words on the page and in the XML.

The law asks for it: Code de commerce, art. L. 441-9 and D. 441-5; CGI, annexe II, art. 242 nonies A.
"""

from schoolsms.domain.french import NBSP, french_date, printed
from schoolsms.domain.orders.billing.credit_notes import CreditNote
from schoolsms.domain.orders.billing.invoices import DAYS_TO_PAY, Invoice, Seller
from schoolsms.domain.orders.packs import euros_fr

OPERATION = f"Catégorie de l’opération{NBSP}: prestation de services"
DEBITS = "Option pour le paiement de la taxe d’après les débits"
PAYMENT_TERMS = (
    f"Paiement en totalité par virement bancaire, dans les {DAYS_TO_PAY}{NBSP}jours suivant la réception de la facture."
)
DISCOUNT = "Pas d’escompte pour paiement anticipé."
ACCOUNTING = "Service facturation"


CREDIT_NOTE_TERMS = "Aucun règlement n’est attendu. Ce qui a été réglé de la facture annulée est à rendre à l’acheteur."


def paper_terms(paper: Invoice | CreditNote) -> str:
    """Say what is to be paid, or that nothing is."""
    return CREDIT_NOTE_TERMS if isinstance(paper, CreditNote) else PAYMENT_TERMS


def cancels(note: CreditNote) -> str:
    """Which invoice the credit note cancels, and why: CGI, art. 289, I, 5 wants a reference that cannot be mistaken."""
    day = french_date(note.invoice_issued_on).partition(" ")[2]
    return (
        f"Cet avoir annule en totalité la facture n°{NBSP}{note.invoice_number} du {day}. "
        f"Motif{NBSP}: {printed(' '.join(note.reason.split()))}"
    )


def general(paper: Invoice | CreditNote) -> list[str]:
    """The replaced invoice, category of operation, option for debits, reason for no VAT, and Chorus Pro.

    Nothing that the service keeps says whether a school is public, so the sentence does.
    """
    content = paper.content
    said = [f"{OPERATION}."]
    if isinstance(paper, Invoice) and paper.replaces:
        day = french_date(paper.replaces.issued_on).partition(" ")[2]
        said.insert(
            0, f"Cette facture remplace la facture n°{NBSP}{paper.replaces.number} du {day}, annulée par un avoir."
        )
    if content.vat.reason:
        said.append(f"{content.vat.reason}.")
    elif content.seller.vat_on_debits:
        said.append(f"{DEBITS}.")
    deposited = "cet avoir est déposé" if isinstance(paper, CreditNote) else "cette facture est déposée"
    said.append(f"Établissements publics{NBSP}: {deposited} sur Chorus Pro.")
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
