"""Order forms (bons de commande) as PDF. Needs the documents layer."""

from schoolsms.adapters.order_forms.pdf_order_forms import PdfOrderForms

__all__ = ["PdfOrderForms"]
