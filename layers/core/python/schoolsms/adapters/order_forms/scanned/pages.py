"""The pages of a document, PDF or picture, and the one among them that is an order form."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import zxingcpp
from PIL import Image

from schoolsms.adapters.order_forms import qr
from schoolsms.adapters.order_forms.pdf import raster
from schoolsms.adapters.order_forms.pdf.surroundings import darkest, lightest
from schoolsms.adapters.order_forms.scanned.registration import Point

MAX_FORMS = 8
"""Pages of a batch of forms whose QRs are read: each page beside the first makes a person look anyway."""

RESOLUTIONS = (200, 300)  # dpi
_LEAST_CONTRAST = (
    60  # grey levels: pale print on grey paper has 130, what shows through the back 25 (else it is no blank)
)
_STAMPED_PAGES = 3  # that are looked at once more, for a QR under a stamp
_PICTURE_SIGNATURES = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"II*\x00", b"MM\x00*")
_QR = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])


class Source(Protocol):
    """Pages to look at."""

    def __len__(self) -> int: ...

    def has(self, index: int) -> bool:
        """Whether the page can be opened."""

    def picture(self, index: int, dpi: int, *, annotations: bool) -> Image.Image:
        """A page in grey, for an A4 page at about `dpi`."""


@dataclass(frozen=True)
class Frames:
    """The frames of a JPEG, PNG or TIFF as pages."""

    frames: Sequence[Image.Image]

    def __len__(self) -> int:
        return len(self.frames)

    def has(self, index: int) -> bool:
        """Whether there is such a frame."""
        return index < len(self.frames)

    def picture(self, index: int, dpi: int, *, annotations: bool) -> Image.Image:
        """The frame as it is: it has one resolution and nothing laid over it."""
        del dpi, annotations
        return self.frames[index]


@dataclass(frozen=True)
class Found:
    """A QR of ours: on which page, in which picture of it, and its corners there, clockwise from its top left one."""

    page: int
    picture: Image.Image
    text: str
    corners: tuple[Point, ...]


def is_picture(document: bytes) -> bool:
    """Whether `document` is a JPEG, a PNG or a TIFF."""
    return document.startswith(_PICTURE_SIGNATURES)


class Returned:
    """A document that came back. It is opened and searched for QRs once, whatever is asked about it."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    @cached_property
    def source(self) -> Source:
        """Its pages. Raises raster.Locked or raster.Unreadable."""
        if is_picture(self.content):
            return Frames(raster.pictures(self.content, raster.MAX_PAGES + 1))
        return raster.Document(self.content)

    @cached_property
    def codes(self) -> Sequence[Found]:
        """The QRs of ours on the first page that has any. Raises as `source`."""
        return codes(self.source)


def codes(source: Source) -> list[Found]:
    """The QRs of ours on the first page that has any."""
    resolutions = RESOLUTIONS if not isinstance(source, Frames) else RESOLUTIONS[:1]
    tries = [(dpi, False, raster.MAX_PAGES) for dpi in resolutions] + [(RESOLUTIONS[0], True, _STAMPED_PAGES)]
    for dpi, stamped, most in tries:
        for page in range(min(len(source), most)):
            if found := list(_codes_of(source, page, dpi, stamped=stamped)):
                return found
    return []


def texts(returned: Returned) -> list[str]:
    """Read our QRs on the first page that has any, then on the few pages after it."""
    source, found = returned.source, returned.codes
    said = [code.text for code in found]
    for page in range(found[0].page + 1, min(len(source), found[0].page + MAX_FORMS)) if found else ():
        said += [code.text for code in _codes_of(source, page, RESOLUTIONS[0])]
    return list(dict.fromkeys(said))


def _codes_of(source: Source, page: int, dpi: int, *, stamped: bool = False) -> Iterator[Found]:
    if not source.has(page):
        return
    picture = source.picture(page, dpi, annotations=True)
    # Five dots are less than a square of the QR (0.7 mm) and more than a line of a stamp across it.
    seen = darkest(lightest(picture, 5), 5) if stamped else picture
    for code in zxingcpp.read_barcodes(seen, formats=_QR):
        at = code.position
        corners = tuple((float(p.x), float(p.y)) for p in (at.top_left, at.top_right, at.bottom_right, at.bottom_left))
        if code.text.startswith(qr.PREFIX) and not _shows_through(picture, corners):
            yield Found(page, picture, code.text[:300], corners)


def _shows_through(picture: Image.Image, corners: Sequence[Point]) -> bool:
    """Whether this is the front seen through its back: far paler than the palest print."""
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    part = picture.crop((round(min(xs)), round(min(ys)), round(max(xs)) + 1, round(max(ys)) + 1))
    levels = [level for level, count in enumerate(part.histogram()) if count]
    return levels[-1] - levels[0] < _LEAST_CONTRAST
