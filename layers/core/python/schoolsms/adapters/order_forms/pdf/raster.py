"""Pages as pictures and as text, by pdfium; bounded whatever size a page claims to have."""

from ctypes import byref, c_double, c_int, create_string_buffer
from dataclasses import dataclass
from io import BytesIO

import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium_c  # type: ignore[import-untyped]
from PIL import Image

MAX_SIDE = 4_000
"""The longest side of a picture, in pixels: A4 at 300 dpi is 3,508."""

MAX_PAGES = 20
"""Pages that are looked at, because an order form has one."""

MAX_PIXELS = 50_000_000
"""A picture that claims more is not opened: A4 at 600 dpi is 35 million."""

_MAX_IMAGE_PIXELS = 200_000_000
"""Of all images that a page draws, one drawn twice counted twice: three layers of a colour scan at 600 dpi are 105."""

_MAX_CHARACTERS = 20_000
_MOST_OBLONG = 2.2
_NEW_SUBFILE_TYPE, _REDUCED = 254, 1  # of TIFF 6.0

Character = tuple[str, tuple[float, float, float, float]]
"""A sign and the box of its drawing: left, bottom, right, top, in points."""


class Locked(Exception):
    """The document needs a password."""


class Unreadable(Exception):
    """No reader opens the document."""


@dataclass(frozen=True)
class Sign:
    """A letter on a page: where its ink is and its baseline, in points from the top left corner; its size in points."""

    text: str
    box: tuple[float, float, float, float]
    baseline: float
    size: float
    bold: bool


class Document:
    """A PDF, opened for looking at it."""

    def __init__(self, document: bytes) -> None:
        """Raises Locked or Unreadable."""
        try:
            self._pdf = pdfium.PdfDocument(document)
        except pdfium.PdfiumError as exc:
            if getattr(exc, "err_code", None) == pdfium_c.FPDF_ERR_PASSWORD:
                raise Locked from exc
            raise Unreadable from exc
        self._pdf.init_forms()
        self._weighed: set[int] = set()

    def __len__(self) -> int:
        return len(self._pdf)

    def has(self, index: int) -> bool:
        """Whether the page can be opened: a damaged document may count more pages than it has."""
        try:
            self._pdf[index]
        except pdfium.PdfiumError:
            return False
        return True

    def size(self, index: int) -> tuple[float, float]:
        """Width and height of a page, in points."""
        width, height = self._pdf[index].get_size()
        return float(width), float(height)

    def picture(self, index: int, dpi: int, *, annotations: bool, fields: bool | None = None) -> Image.Image:
        """The page in grey, with or without its annotations, and its fields if they differ. Raises Unreadable."""
        page = self._pdf[index]
        self._weigh(index, page)
        scale = min(dpi / 72, MAX_SIDE / max(page.get_size()))
        fields = annotations if fields is None else fields
        bitmap = page.render(scale=scale, grayscale=True, draw_annots=annotations, may_draw_forms=fields)
        image: Image.Image = bitmap.to_pil().convert("L")
        return image

    def _weigh(self, index: int, page: pdfium.PdfPage) -> None:
        """Raise Unreadable when the page draws images without end: each would be unpacked."""
        if index in self._weighed:
            return
        pixels = 0
        for item in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=3):
            width, height = item.get_px_size()
            pixels += width * height
            if pixels > _MAX_IMAGE_PIXELS:
                raise Unreadable
        self._weighed.add(index)

    def text(self, index: int) -> str:
        """The text of the page's content, annotations and fields left out."""
        text = self._pdf[index].get_textpage()
        return str(text.get_text_range(count=min(text.count_chars(), _MAX_CHARACTERS)))

    def shown(self, index: int) -> str:
        """The text of the page, fields and annotations included. Changes the page: ask this last."""
        pdfium_c.FPDFPage_Flatten(self._pdf[index], pdfium_c.FLAT_NORMALDISPLAY)
        return self.text(index)

    def is_picture(self, index: int) -> bool:
        """Whether one image covers most of the page, as scanners make it (a text layer or not)."""
        page = self._pdf[index]
        width, height = page.get_size()
        for item in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=3):
            left, bottom, right, top = item.get_bounds()
            if (right - left) * (top - bottom) > 0.6 * width * height:
                return True
        return False

    def characters(self, index: int) -> list[Character]:
        """Return the text of the page, fields and annotations included, in the order in which it is drawn.

        Whether it can be seen is another question. Changes the page: ask this last.
        """
        pdfium_c.FPDFPage_Flatten(self._pdf[index], pdfium_c.FLAT_NORMALDISPLAY)
        text = self._pdf[index].get_textpage()
        return [
            (chr(pdfium_c.FPDFText_GetUnicode(text, place)), text.get_charbox(place))
            for place in range(min(text.count_chars(), _MAX_CHARACTERS))
            if pdfium_c.FPDFText_IsGenerated(text, place) != 1
        ]

    def rebuilt(self) -> bytes:
        """The document as this reader understands it, written anew."""
        out = BytesIO()
        self._pdf.save(out)
        return out.getvalue()

    def has_fields(self) -> bool:
        """Whether it is a form, filled or not."""
        kind: int = self._pdf.get_formtype()
        return kind != int(pdfium_c.FORMTYPE_NONE)

    def upright(self, index: int) -> bool:
        """Turn the page as it was made; whether it was turned otherwise."""
        page = self._pdf[index]
        turned: bool = page.get_rotation() != 0
        if turned:
            page.set_rotation(0)
        return turned

    def signs(self, index: int, font: str) -> list[Sign]:
        """The letters and figures that the page shows, fields included; none unless all are in `font`.

        Changes the page: ask this last.
        """
        page = self._pdf[index]
        pdfium_c.FPDFPage_Flatten(page, pdfium_c.FLAT_NORMALDISPLAY)
        shown = self._pdf[index].get_textpage()
        signs = []
        for at in range(min(shown.count_chars(), _MAX_CHARACTERS)):
            text = chr(pdfium_c.FPDFText_GetUnicode(shown, at))
            if text.isalnum():
                name = create_string_buffer(64)
                pdfium_c.FPDFText_GetFontInfo(shown, at, name, len(name), byref(c_int()))
                if font.encode() not in name.value:
                    return []
                signs.append(_sign(shown, at, text, page.get_height(), bold=b"Bold" in name.value))
        return signs


def _sign(shown: pdfium.PdfTextPage, at: int, text: str, height: float, *, bold: bool) -> Sign:
    left, bottom, right, top = shown.get_charbox(at)
    x, y = c_double(), c_double()
    pdfium_c.FPDFText_GetCharOrigin(shown, at, byref(x), byref(y))
    size = float(pdfium_c.FPDFText_GetFontSize(shown, at))
    return Sign(text, (left, height - top, right, height - bottom), height - y.value, size, bold)


def pictures(document: bytes, limit: int) -> list[Image.Image]:
    """The pages of a JPEG, PNG or TIFF, in grey, none larger than a page needs. Raises Unreadable."""
    frames = []
    try:
        with Image.open(BytesIO(document), formats=("JPEG", "PNG", "TIFF")) as image:
            # Only a TIFF has pages: beside its photo a telephone keeps a small one, a depth map, a moving picture.
            count = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
            for index in range(count):
                image.seek(index)
                if _is_thumbnail(image):
                    continue
                if image.width * image.height > MAX_PIXELS:
                    raise Unreadable
                image.draft("L", (MAX_SIDE, MAX_SIDE))
                frame = _grey(image)
                frame.thumbnail((MAX_SIDE, MAX_SIDE))
                frames.append(_squared(frame, image.info.get("dpi", (1, 1))))
                if len(frames) == limit:
                    break
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as exc:
        raise Unreadable from exc
    return frames


def _is_thumbnail(image: Image.Image) -> bool:
    """Whether a frame of a TIFF says of itself that it is a smaller copy of another one."""
    tags = getattr(image, "tag_v2", {})
    return image.tell() > 0 and bool(int(tags.get(_NEW_SUBFILE_TYPE, 0)) & _REDUCED)


def _grey(image: Image.Image) -> Image.Image:
    """`image` with 256 levels of grey, on white where it is transparent."""
    if image.mode.startswith("I;16") or image.mode == "I":
        return image.convert("I").point(lambda level: level / 256).convert("L")
    if image.has_transparency_data:
        seen = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", seen.size, "white"), seen).convert("L")
    return image.convert("L")


def _squared(frame: Image.Image, dpi: tuple[float, float]) -> Image.Image:
    """`frame` with square dots: a fax has half as many lines, or a few less, than dots in a line."""
    across, down = (float(each) for each in dpi)
    if not (across > 0 and down > 0 and 1 / _MOST_OBLONG <= across / down <= _MOST_OBLONG):
        return frame
    width, height = (
        round(side * max(across, down) / each) for side, each in zip(frame.size, (across, down), strict=True)
    )
    return frame if frame.size == (width, height) else frame.resize((width, height), Image.Resampling.BICUBIC)
