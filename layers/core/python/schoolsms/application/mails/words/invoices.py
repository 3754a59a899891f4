"""The mails about an invoice that a school's managers read (R41, R42), composed by `layout.py`."""

from datetime import date

from schoolsms.application.mails.layout import Facts, Notice, letter
from schoolsms.domain.french import NBSP, french_date
from schoolsms.domain.orders.billing.invoices import Invoice
from schoolsms.domain.orders.billing.payments import LATE, RECOVERY
from schoolsms.domain.orders.packs import euros_fr

_NOTHING_REMOVED = "Ce retard ne retire rien aux SMS déjà crédités, qui restent utilisables."


def invoice_issued(invoice: Invoice, due_on: date) -> Notice:
    """To every manager, the PDF attached; `due_on` counts from the day this is sent (R41)."""
    content = invoice.content
    chorus = (
        ("Code service", content.service_code),
        ("Numéro d'engagement", content.engagement_number),
    )
    return letter(
        f"Facture {invoice.number}",
        f"Vous trouverez ci-jointe la facture de la commande de SMS de votre établissement ({content.buyer.name}).",
        *((f"Elle remplace la facture {invoice.replaces.number}, annulée par un avoir.",) if invoice.replaces else ()),
        Facts(
            (
                ("Facture", invoice.number),
                ("Bon de commande", content.order_id),
                *((name, value) for name, value in chorus if value),
                ("Montant HT", euros_fr(content.ht_cents)),
                ("TVA", euros_fr(content.vat_cents)),
                ("Montant TTC", euros_fr(content.ttc_cents)),
                ("À régler au plus tard le", french_date(due_on)),
            )
        ),
        *_how_to_pay(invoice),
        "La facture est au format Factur-X (PDF et données structurées) : transmettez le fichier tel quel à votre "
        "service comptable. Elle reste téléchargeable à tout moment depuis Skolengo.",
    )


def invoice_again(invoice: Invoice) -> Notice:
    """To whom the operator mails an invoice once more, the PDF attached, with what is left to pay today."""
    content = invoice.content
    due = (("Reste à régler", euros_fr(invoice.rest_cents)), ("Échéance", french_date(invoice.due_on)))
    return letter(
        f"Facture {invoice.number} (nouvel envoi)",
        f"Voici de nouveau la facture de la commande de SMS de votre établissement ({content.buyer.name}). Elle est "
        "jointe à ce message, inchangée.",
        Facts(
            (
                ("Facture", f"{invoice.number} du {day_only(invoice.issued_on)}"),
                ("Bon de commande", content.order_id),
                ("Montant TTC", euros_fr(content.ttc_cents)),
                *(due if invoice.rest_cents else (("Réglée", "en totalité"),)),
            )
        ),
        *(_how_to_pay(invoice) if invoice.rest_cents else ()),
    )


def invoice_cancelled(invoice: Invoice, note_number: str) -> Notice:
    """To every manager, the PDF of the credit note attached: nothing is to be paid any more, and why (R41)."""
    content = invoice.content
    paid = invoice.refund_due_cents
    return letter(
        f"Avoir {note_number} : facture {invoice.number} annulée",
        f"La facture {invoice.number} de votre établissement ({content.buyer.name}) a été émise par erreur. L'avoir "
        "joint à ce message l'annule en totalité.",
        Facts(
            (
                ("Avoir", note_number),
                ("Facture annulée", f"{invoice.number} du {day_only(invoice.issued_on)}"),
                ("Bon de commande", content.order_id),
                ("Motif", invoice.cancellation.reason if invoice.cancellation else ""),
                ("Montant de l'avoir TTC", euros_fr(content.ttc_cents)),
                *((("Déjà réglé, à vous rendre", euros_fr(paid)),) if paid else ()),
            )
        ),
        f"Les {euros_fr(paid)} que vous avez versés vous seront rendus : indiquez-nous, en réponse à ce message, le "
        "compte à créditer."
        if paid
        else "Ne réglez pas cette facture. Si un virement est déjà parti, il vous sera rendu : répondez à ce message.",
        "Transmettez l'avoir tel quel à votre service comptable : il est au format Factur-X (PDF et données "
        "structurées). Il reste téléchargeable à tout moment depuis Skolengo.",
        "Cet avoir ne change rien à votre stock de SMS. Si le stock doit être corrigé, vous recevrez un autre message.",
    )


def invoice_late(invoice: Invoice, days_late: int) -> Notice:
    """To every manager, when it is not paid in time, or not in full, the PDF attached (R42)."""
    content = invoice.content
    in_full = "en totalité " if invoice.payments else ""
    part_paid = (("Déjà réglé", euros_fr(invoice.paid_cents)), ("Reste à régler", euros_fr(invoice.rest_cents)))
    return letter(
        f"Facture {invoice.number} : rappel de paiement",
        f"Sauf erreur de notre part, la facture {invoice.number} de votre établissement ({content.buyer.name}) n'est "
        f"pas réglée {in_full}à ce jour, soit {days_late}{NBSP}jours après son échéance. Elle est jointe à ce message.",
        Facts(
            (
                ("Facture", invoice.number),
                ("Bon de commande", content.order_id),
                ("Montant TTC", euros_fr(content.ttc_cents)),
                *(part_paid if invoice.payments else ()),
                ("Échéance", french_date(invoice.due_on)),
            )
        ),
        *_how_to_pay(invoice),
        f"{LATE} {RECOVERY}",
        f"{_NOTHING_REMOVED} Si le règlement vient d'être effectué, ne tenez pas compte de ce rappel.",
    )


def _how_to_pay(invoice: Invoice) -> tuple[str | Facts, ...]:
    seller = invoice.content.seller
    rest = f", du reste de {euros_fr(invoice.rest_cents)}" if invoice.payments else ", en totalité"
    return (
        f"Le règlement se fait par virement bancaire{rest} :",
        Facts(
            (
                ("Titulaire du compte", seller.name),
                ("IBAN", grouped(seller.iban)),
                *((("BIC", seller.bic),) if seller.bic else ()),
                ("Référence à rappeler", invoice.number),
            )
        ),
    )


def day_only(day: date) -> str:
    """ "23 novembre 2026"."""
    return french_date(day).partition(" ")[2]


def grouped(iban: str) -> str:
    """In groups of four, as people read it."""
    return NBSP.join(iban[start : start + 4] for start in range(0, len(iban), 4))
