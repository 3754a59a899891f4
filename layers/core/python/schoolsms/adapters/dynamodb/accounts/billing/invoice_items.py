"""Convert the content of an invoice, and what it replaces, to plain values for DynamoDB and back."""

from dataclasses import asdict
from datetime import date
from decimal import Decimal

from schoolsms.adapters.dynamodb.client.codec import Item
from schoolsms.domain.orders.billing.invoices import Buyer, InvoiceContent, InvoiceLine, InvoiceVat, Replaced, Seller
from schoolsms.domain.schools.schools import Address


def content_item(content: InvoiceContent) -> Item:
    """Return all of it as an item, the seller included, because an invoice never changes when its seller does."""
    vat = content.vat
    return {
        "order_id": content.order_id,
        "seller": asdict(content.seller),
        "buyer": asdict(content.buyer),
        "lines": [[line.pack_id, line.sms, line.quantity, line.price_ht_cents] for line in content.lines],
        "vat": {"rate": str(vat.rate), "category": vat.category, "reason": vat.reason},
        "ht_cents": content.ht_cents,
        "vat_cents": content.vat_cents,
        "served_on": content.served_on.isoformat(),
        "service_code": content.service_code,
        "engagement_number": content.engagement_number,
    }


def content_from_item(item: Item) -> InvoiceContent:
    """Read what `content_item` wrote."""
    vat = item["vat"]
    return InvoiceContent(
        order_id=item["order_id"],
        seller=Seller(**{**item["seller"], "address": Address(**item["seller"]["address"])}),
        buyer=Buyer(**{**item["buyer"], "address": Address(**item["buyer"]["address"])}),
        lines=tuple(InvoiceLine(*line) for line in item["lines"]),
        vat=InvoiceVat(Decimal(vat["rate"]), vat["category"], vat["reason"]),
        ht_cents=item["ht_cents"],
        vat_cents=item["vat_cents"],
        served_on=date.fromisoformat(item["served_on"]),
        service_code=item["service_code"],
        engagement_number=item["engagement_number"],
    )


def replaced_item(replaced: Replaced) -> Item:
    return {"number": replaced.number, "issued_on": replaced.issued_on.isoformat()}


def replaced_from_item(item: Item | None) -> Replaced | None:
    """Read what `replaced_item` wrote; None of an invoice that replaces none."""
    return Replaced(item["number"], date.fromisoformat(item["issued_on"])) if item else None
