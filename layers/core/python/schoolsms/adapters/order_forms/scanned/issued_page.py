"""The page that was issued, as a returned one is compared with it: each part is made when it is first asked for.

It depends on the issued PDF alone, so whoever reads many papers of one form needs one.
"""

from collections.abc import Sequence
from functools import cached_property

from PIL import Image

from schoolsms.adapters.order_forms.filled.links import links_of
from schoolsms.adapters.order_forms.pdf import ink, raster
from schoolsms.adapters.order_forms.pdf.acroform import Rectangle, Widget, reader_of, widgets
from schoolsms.adapters.order_forms.scanned import compare_letters, normalise, pages, registration

BY_HAND = (
    *("contact_name", "contact_role", "contact_email", "contact_phone"),
    *("service_code", "engagement_number", "place_and_date"),
)
"""The fields that a school may write in by hand where they were left blank."""


class IssuedPage:
    """The first page of an issued form. Its pictures are shared: nobody may draw in them."""

    def __init__(self, issued: bytes) -> None:
        self.document = raster.Document(issued)
        reader = reader_of(issued)
        self.fields: Sequence[Widget] = [each for each in widgets(reader, 1) if each.page == 0]
        self.links = links_of(reader)
        self.codes = frozenset(code.text for code in pages.codes(self.document))
        self.size = self.document.size(0)

    def box(self, field: Widget, margin: float) -> Rectangle:
        """The field from the top left corner of the page, in points, grown by `margin`."""
        left, bottom, right, top = field.rectangle
        height = self.size[1]
        return left - margin, height - top - margin, right + margin, height - bottom + margin

    @cached_property
    def landmarks(self) -> Sequence[registration.Landmarks]:
        """The print by which a returned page is aligned: all that is away from where the school writes."""
        free = [self.box(each, 4) for each in self.fields if each.name in ("signature", *BY_HAND)]
        rendered = {dpi: self._reduced(dpi) for dpi in registration.resolutions()}
        return registration.landmarks(rendered, self.size, free)

    @cached_property
    def dark(self) -> Image.Image:
        """The page as darkness, at `ink.DPI`."""
        return ink.darkness(normalise.even(self._reduced(ink.DPI), ink.PIXELS))

    @cached_property
    def letters(self) -> Sequence[compare_letters.Letter]:
        """The letters and figures of the page; none of a form whose font is not embedded."""
        fine = self._fine  # rendered before, because looking for the signs changes the page
        return compare_letters.letters(fine, self.document.signs(0, compare_letters.TYPEFACE))

    def _reduced(self, dpi: int) -> Image.Image:
        """The page at `dpi`, rendered fine first: at low resolutions pdfium sets letters on whole pixels."""
        return self._fine.reduce(2 * ink.DPI // dpi)

    @cached_property
    def _fine(self) -> Image.Image:
        return self.document.picture(0, 2 * ink.DPI, annotations=True)
