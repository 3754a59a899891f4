"""Even out what a scanner saw: paper becomes white, print as dark as it was issued, single specks go."""

from itertools import accumulate

from PIL import Image, ImageChops, ImageFilter

from schoolsms.adapters.order_forms.pdf.surroundings import without_specks

_CELL = 4.0  # points: paper is sought in cells of this side …
_AROUND = 11  # … so many across, of which the solid print of the form never fills …
_PAPER_SHARE = 0.3  # … this share
_SOLID_SHARE = 0.02  # of the page is printed solid: QR and bars take more
_SOLID = 195  # grey levels by which the bars of the form are darker than the paper
_MOST_GAIN = 3.0  # a paler print is mere noise


def even(picture: Image.Image, scale: float, *, gain: bool = True) -> Image.Image:
    """`picture` (grey, `scale` pixels a point) on white paper; without `gain` pale ink stays pale."""
    clean = without_specks(picture)
    dark = ImageChops.subtract(_paper(clean, scale), clean)
    factor = min(_MOST_GAIN, max(0.5, _SOLID / max(1, _darkest(dark)))) if gain else 1.0
    return dark.point([max(0, round(255 - level * factor)) for level in range(256)])


def _paper(picture: Image.Image, scale: float) -> Image.Image:
    """Return the lightness of the paper at every point."""
    cells = picture.reduce(max(1, round(_CELL * scale)))
    rank = round(_AROUND * _AROUND * (1 - _PAPER_SHARE))
    smooth = cells.filter(ImageFilter.RankFilter(_AROUND, rank)).filter(ImageFilter.GaussianBlur(2))
    return smooth.resize(picture.size, Image.Resampling.BILINEAR)


def _darkest(dark: Image.Image) -> int:
    """The level that only the solid print exceeds."""
    histogram = dark.histogram()
    counted = accumulate(histogram[::-1])
    least = dark.width * dark.height * _SOLID_SHARE
    return next((255 - index for index, count in enumerate(counted) if count >= least), 0)
