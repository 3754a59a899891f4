"""Invoices as documents: Factur-X, a PDF/A-3B that carries its EN 16931 XML (R41)."""

from schoolsms.adapters.invoices.papers import FacturXPapers

__all__ = ["FacturXPapers"]
