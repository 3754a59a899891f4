"""Whether a form is signed, and how (§2: the signature of the form accepts the contract)."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING

from PIL import Image, ImageChops

from schoolsms.adapters.order_forms.pdf.acroform import Rectangle
from schoolsms.adapters.order_forms.pdf.surroundings import darkest, lightest
from schoolsms.domain.orders.forms.order_forms import Signature

if TYPE_CHECKING:
    from asn1crypto.x509 import Certificate  # type: ignore[import-untyped]
    from pyhanko_certvalidator.authority import CertTrustAnchor

DPI = 120
_PIXELS = DPI / 72
INSET = 3.0
"""Points left out along the frame of the signature, because viewers highlight it."""

MIN_INK = 12.0
"""Square points of ink; two letters with a fine pen are 25, a stray dot is 7."""

MIN_EXTENT = 8.0
"""Points that the ink takes in width or in height, gaps not counted: a few dots do not."""

MAX_NAME = 100
"""Characters of a signer's name that are shown."""

_INK_LEVELS = 40
"""Grey levels by which ink is darker than the paper."""

_BROADEST = 20
"""Pixels, 12 points: the broadest felt pen draws 6."""

FAINT_LEVELS = 8
"""Grey levels of the palest stroke that a person makes out on white."""


def by_ink(page: Image.Image, issued: Image.Image, rectangle: Rectangle, height: float) -> bool:
    """Whether `page` has strokes in `rectangle` that `issued` has not; both at DPI, of a page `height` points high.

    The paper of a photo of a signature is none, however dark it is.
    """
    around = _pixels(rectangle, height, _BROADEST)
    page, issued = page.crop(around), issued.crop(around)
    strokes = ImageChops.subtract(_without_strokes(page), page)
    strokes = strokes.point([0] * _INK_LEVELS + [255] * (256 - _INK_LEVELS))
    ink = ImageChops.darker(strokes, darker(page, issued, _INK_LEVELS))
    return _is_enough(ink.crop((_BROADEST, _BROADEST, ink.width - _BROADEST, ink.height - _BROADEST)))


def is_covered(page: Image.Image, issued: Image.Image, rectangle: Rectangle, height: float) -> bool:
    """Whether anything on `page` in `rectangle` is darker than `issued`, were it too pale or too broad for strokes."""
    return _is_enough(darker(page, issued, FAINT_LEVELS).crop(_pixels(rectangle, height)))


def _pixels(rectangle: Rectangle, height: float, beyond: int = 0) -> tuple[int, int, int, int]:
    """`rectangle` within its INSET, from the top, and so many pixels beyond."""
    left, bottom, right, top = rectangle
    return (
        round((left + INSET) * _PIXELS) - beyond,
        round((height - top + INSET) * _PIXELS) - beyond,
        round((right - INSET) * _PIXELS) + beyond,
        round((height - bottom - INSET) * _PIXELS) + beyond,
    )


def _is_enough(ink: Image.Image) -> bool:
    pixels = ink.histogram()[255]
    columns, rows = ink.getprojection()
    extent = max(sum(columns), sum(rows)) / _PIXELS
    return pixels / _PIXELS**2 >= MIN_INK and extent >= MIN_EXTENT


def _without_strokes(page: Image.Image) -> Image.Image:
    """`page` with all that is dark and narrower than _BROADEST as light as what is around it."""
    side = _BROADEST // 4 * 4 + 1
    return darkest(lightest(page, side), side)


def darker(page: Image.Image, issued: Image.Image, levels: int) -> Image.Image:
    """White where `page` is darker, by so many grey levels, than `issued` is anywhere around.

    Edges drawn a pixel off do not show.
    """
    around = darkest(issued, 3)
    return ImageChops.subtract(around, page).point([0] * levels + [255] * (256 - levels))


def by_certificate(document: bytes, trusted: Sequence[bytes] = ()) -> tuple[Signature, str]:
    """ "broken" unless each signature of the document is intact and valid and one covers the whole file; and who
    signed that one, if known.

    Then "digital" when a certificate of `trusted` (PEM) is that signer's or vouches for it, all of them valid now and
    the signer's made for signing; else "untrusted". Nothing is fetched, so revocations are not seen: who is no longer
    trusted leaves the list. Programs sign in the form's own field or in a new one: what counts is what is covered.
    """
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.diff_analysis import ModificationLevel
    from pyhanko.sign.general import SigningError
    from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
    from pyhanko.sign.validation.errors import SignatureValidationError
    from pyhanko_certvalidator import ValidationContext

    context = ValidationContext(trust_roots=_anchors(trusted), allow_fetching=False)
    # Platforms append the time and the state of the certificates, which changes nothing of what was signed.
    proofs = (ModificationLevel.NONE, ModificationLevel.LTA_UPDATES)
    whole: tuple[Signature, str] = ("broken", "")
    try:
        reader = PdfFileReader(BytesIO(document), strict=False)
        if reader.encrypted:
            reader.decrypt("")
        for signature in reader.embedded_regular_signatures:
            status = validate_pdf_signature(signature, signer_validation_context=context)
            if not (status.intact and status.valid):
                return "broken", ""
            if status.coverage is SignatureCoverageLevel.ENTIRE_FILE or status.modification_level in proofs:
                whole = ("digital" if status.trusted else "untrusted"), _name(status.signing_cert)
    except (PdfError, SigningError, SignatureValidationError, ValueError):
        return "broken", ""
    return whole


def _anchors(trusted: Sequence[bytes]) -> list[CertTrustAnchor]:
    """An anchor is believed as it is by default: one that is out of date vouches for nobody, one that is
    no authority's for itself alone."""
    from asn1crypto import pem, x509  # type: ignore[import-untyped]
    from pyhanko_certvalidator.authority import CertTrustAnchor, TrustedServiceType, TrustQualifiers

    certificates = [x509.Certificate.load(der) for each in trusted for _, _, der in pem.unarmor(each, multiple=True)]
    kinds = {True: TrustedServiceType.CERTIFICATE_AUTHORITY, False: TrustedServiceType.UNSUPPORTED}
    return [
        CertTrustAnchor(
            each,
            TrustQualifiers(
                valid_from=each.not_valid_before,
                valid_until=each.not_valid_after,
                trusted_service_type=kinds[bool(each.ca)],
            ),
        )
        for each in certificates
    ]


def _name(certificate: Certificate) -> str:
    """Return the subject of the certificate, in one short line."""
    common = certificate.subject.native.get("common_name")
    name = common if isinstance(common, str) else str(certificate.subject.human_friendly)
    return " ".join("".join(sign if sign.isprintable() else " " for sign in name).split())[:MAX_NAME]
