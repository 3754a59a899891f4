"""The order form as it is issued, and as it comes back (R5-R7); docs/orders.md says how it is judged."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from schoolsms.domain.orders.forms.accepted_texts import AcceptedText
from schoolsms.domain.orders.packs import Pack, euros_fr, totals

QUANTITY_PREFIX = "qty_"

BILLING_REFERENCES = ("service_code", "engagement_number")
"""Fields that a public school may want on its invoice (R41)."""

LONGEST_REFERENCE = 100
"""Characters of a service code or an engagement number, Chorus Pro's limit."""


@dataclass(frozen=True)
class IssuedForm:
    """An order form as it was handed out; its prices stay valid for that form.

    `texts` are the three that its signature accepts; the first are the particular conditions, in `conditions_version`.
    """

    order_id: str
    uai: str
    siret: str
    school_name: str
    address: str
    contact_name: str
    contact_email: str
    packs: tuple[Pack, ...]
    quantities: Mapping[str, int]
    vat_rate: Decimal
    school_year: str
    conditions_version: str
    issued_at: datetime
    texts: tuple[AcceptedText, ...] = ()

    def values(self) -> dict[str, str]:
        """Values of its fields when it was handed out, by the name of the field; blank ones are left out."""
        named = ("order_id", "uai", "siret", "school_name", "address", "contact_name", "contact_email")
        values: dict[str, str] = {name: getattr(self, name) for name in named}
        ordered = {pack: quantity for pack, quantity in self.quantities.items() if quantity}
        values |= {QUANTITY_PREFIX + pack: str(quantity) for pack, quantity in ordered.items()}
        if ordered:
            amounts = totals(self.packs, ordered, self.vat_rate)
            values |= {
                "total_ht": euros_fr(amounts.ht_cents),
                "vat": euros_fr(amounts.vat_cents),
                "total_ttc": euros_fr(amounts.ttc_cents),
            }
        return values


Way = Literal["filled", "printed", "scanned", "foreign", "encrypted", "unreadable"]
"""Kinds of returned documents: a PDF form with fields, one whose fields were printed away, a picture, a PDF that is
no form of ours, one that needs a password, or bytes that no PDF reader opens."""


@dataclass(frozen=True)
class FormIdentity:
    """The order that a document names; `order_id` and `uai` only when the QR's HMAC authenticates them.

    `other_order_ids`: orders that other authentic QRs in the same document name.
    """

    way: Way
    order_id: str | None = None
    uai: str | None = None
    other_order_ids: tuple[str, ...] = ()

    @property
    def order_ids(self) -> tuple[str, ...]:
        """Every order it names."""
        return (self.order_id, *self.other_order_ids) if self.order_id else ()


Signature = Literal["ink", "digital", "untrusted", "absent", "broken"]
"""`broken`: a digital signature that is not intact, not valid or does not cover the whole file; `untrusted`: one that
is all that, of a signer whom no trusted certificate vouches for."""


@dataclass(frozen=True)
class Picture:
    """Picture (PNG) of one alteration, or of handwriting: on `page` of the document as received, from 1."""

    alteration: str
    page: int
    png: bytes


@dataclass(frozen=True)
class FormReading:
    """The content of a returned form. `fields` by field name, stripped, check boxes as "yes" or "".

    `alterations` names in French each thing that the issued form does not have (R5), none if it is unaltered;
    `pictures` show where, as far as they have a place. A scanned or printed form has no `fields`: it holds what
    it was issued with. On its page was seen whether the conditions are `ticked`, whether it is `dated`, and which of
    the boxes left blank are `written` into; a filled form says all that in its `fields`. `signer` is who signed
    digitally, as the certificate says: a person's name.
    """

    fields: Mapping[str, str]
    signature: Signature
    alterations: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    ticked: bool = False
    dated: bool = False
    written: tuple[str, ...] = ()
    signer: str = ""
