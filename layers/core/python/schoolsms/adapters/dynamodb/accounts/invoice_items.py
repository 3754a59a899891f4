"""Convert the content of an invoice to plain values for DynamoDB and back."""

from datetime import date
from decimal import Decimal

from schoolsms.adapters.dynamodb.client.codec import Item
from schoolsms.domain.orders.invoices import Buyer, InvoiceContent, InvoiceLine, InvoiceVat, Seller
from schoolsms.domain.schools.schools import Address


def content_item(content: InvoiceContent) -> Item:
    """Return all of it as an item, the seller included, because an invoice never changes when its seller does."""
    seller, buyer, vat = content.seller, content.buyer, content.vat
    return {
        "order_id": content.order_id,
        "seller": {
            "name": seller.name,
            "legal_form": seller.legal_form,
            "capital_euros": seller.capital_euros,
            "siren": seller.siren,
            "siret": seller.siret,
            "rcs_city": seller.rcs_city,
            "vat_number": seller.vat_number,
            "address": _address_item(seller.address),
            "iban": seller.iban,
            "vat_on_debits": seller.vat_on_debits,
        },
        "buyer": {
            "uai": buyer.uai,
            "name": buyer.name,
            "siret": buyer.siret,
            "address": _address_item(buyer.address),
        },
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


def _address_item(address: Address) -> Item:
    return {
        "line1": address.line1,
        "line2": address.line2,
        "postcode": address.postcode,
        "city": address.city,
        "country": address.country,
    }
