"""Whether a form is signed, and how (§2: the signature of the form accepts the contract)."""

from collections.abc import Sequence
from io import BytesIO

from PIL import Image, ImageChops, ImageFilter

from schoolsms.adapters.order_forms.acroform import Rectangle
from schoolsms.domain.order_forms import Signature

DPI = 120
_PIXELS = DPI / 72
INSET = 3.0
"""What is left out along the frame of the signature, in points: viewers highlight it."""

MIN_INK = 12.0
"""Square points of ink; two letters with a fine pen are 25, a stray dot is 7."""

MIN_EXTENT = 8.0
"""Points that the ink takes in width or in height, gaps not counted: a few dots do not."""

_INK_LEVELS = 40
"""Grey levels by which ink is darker than the paper."""


def by_ink(page: Image.Image, issued: Image.Image, rectangle: Rectangle, height: float) -> bool:
    """Whether `page` has ink in `rectangle` that `issued` has not; both at DPI, of a page `height` points high."""
    left, bottom, right, top = rectangle
    sides = (left + INSET, height - top + INSET, right - INSET, height - bottom - INSET)
    area = tuple(round(side * _PIXELS) for side in sides)
    ink = darker(page, issued, _INK_LEVELS).crop((area[0], area[1], area[2], area[3]))
    pixels = ink.histogram()[255]
    columns, rows = ink.getprojection()
    extent = max(sum(columns), sum(rows)) / _PIXELS
    return pixels / _PIXELS**2 >= MIN_INK and extent >= MIN_EXTENT


def darker(page: Image.Image, issued: Image.Image, levels: int) -> Image.Image:
    """White where `page` is darker, by so many grey levels, than `issued` is anywhere around.

    Edges drawn a pixel off do not show.
    """
    around = issued.filter(ImageFilter.MinFilter(3))
    return ImageChops.subtract(around, page).point([0] * levels + [255] * (256 - levels))


def by_certificate(document: bytes, trusted: Sequence[bytes] = (), field: str = "signature") -> Signature:
    """ "broken" unless the signature in `field` is intact, valid and covers the whole file.

    Then "digital" when one of the certificates `trusted` (PEM) is the signer's or vouches for it, else "untrusted".
    """
    from asn1crypto import pem, x509  # type: ignore[import-untyped]
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.general import SigningError
    from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
    from pyhanko.sign.validation.errors import SignatureValidationError
    from pyhanko_certvalidator import ValidationContext

    roots = [x509.Certificate.load(der) for each in trusted for _, _, der in pem.unarmor(each, multiple=True)]
    try:
        reader = PdfFileReader(BytesIO(document), strict=False)
        if reader.encrypted:
            reader.decrypt("")
        signature = next(one for one in reader.embedded_signatures if one.field_name == field)
        if signature.evaluate_signature_coverage() is not SignatureCoverageLevel.ENTIRE_FILE:
            return "broken"
        context = ValidationContext(trust_roots=roots, allow_fetching=False)
        status = validate_pdf_signature(signature, signer_validation_context=context)
    except (PdfError, SigningError, SignatureValidationError, ValueError, StopIteration):
        return "broken"
    if not (status.intact and status.valid):
        return "broken"
    return "digital" if status.trusted else "untrusted"
