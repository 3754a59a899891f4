"""Issue an order form: one A4 page, prefilled, fillable in any viewer, the same bytes for the same form."""

from io import BytesIO

from pypdf import PdfWriter

from schoolsms.adapters.order_forms import qr
from schoolsms.adapters.order_forms.issuing import layout
from schoolsms.adapters.order_forms.issuing.drawing import draw
from schoolsms.adapters.order_forms.issuing.fields import add_fields
from schoolsms.adapters.order_forms.issuing.imprint import Imprint
from schoolsms.domain.orders.forms.order_forms import IssuedForm
from schoolsms.domain.orders.packs import MOST_PACKS


def issue(form: IssuedForm, hmac_key: bytes, imprint: Imprint) -> bytes:
    """The PDF of `form`. ValueError when its packs do not fit on the page."""
    if not 1 <= len(form.packs) <= MOST_PACKS:
        raise ValueError(f"an order form has 1 to {MOST_PACKS} packs")
    identity = qr.QrIdentity(form.uai, form.school_year, form.order_id)
    drawn = draw(form, qr.text_of(identity, hmac_key), imprint)
    writer = PdfWriter(clone_from=BytesIO(drawn))
    add_fields(writer, layout.text_fields(form.packs), form.values())
    out = BytesIO()
    writer.pdf_header = "%PDF-1.7"  # the first that has all a signature needs
    writer.write(out)
    return out.getvalue()
