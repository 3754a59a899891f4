"""Issue an order form: one A4 page, prefilled, fillable in any viewer, the same bytes for the same form."""

from io import BytesIO

from pypdf import PdfWriter

from schoolsms.adapters.order_forms import qr
from schoolsms.adapters.order_forms.issuing import layout
from schoolsms.adapters.order_forms.issuing.drawing import draw
from schoolsms.adapters.order_forms.issuing.fields import add_fields
from schoolsms.domain.orders.order_forms import QUANTITY_PREFIX, IssuedForm
from schoolsms.domain.orders.packs import MOST_PACKS, euros_fr, totals


def issue(form: IssuedForm, hmac_key: bytes, order_inbox: str) -> bytes:
    """The PDF of `form`. ValueError when its packs do not fit on the page."""
    if not 1 <= len(form.packs) <= MOST_PACKS:
        raise ValueError(f"an order form has 1 to {MOST_PACKS} packs")
    identity = qr.QrIdentity(form.uai, form.school_year, form.order_id)
    drawn = draw(form, qr.text_of(identity, hmac_key), order_inbox)
    writer = PdfWriter(clone_from=BytesIO(drawn))
    add_fields(writer, layout.text_fields(form.packs), _values(form))
    out = BytesIO()
    writer.pdf_header = "%PDF-1.7"  # the first that has all a signature needs
    writer.write(out)
    return out.getvalue()


def _values(form: IssuedForm) -> dict[str, str]:
    values = {
        "order_id": form.order_id,
        "uai": form.uai,
        "siret": form.siret,
        "school_name": form.school_name,
        "address": form.address,
        "contact_name": form.contact_name,
        "contact_email": form.contact_email,
    }
    ordered = {pack: quantity for pack, quantity in form.quantities.items() if quantity}
    values |= {QUANTITY_PREFIX + pack: str(quantity) for pack, quantity in ordered.items()}
    if ordered:
        amounts = totals(form.packs, ordered, form.vat_rate)
        values |= {
            "total_ht": euros_fr(amounts.ht_cents),
            "vat": euros_fr(amounts.vat_cents),
            "total_ttc": euros_fr(amounts.ttc_cents),
        }
    return values
