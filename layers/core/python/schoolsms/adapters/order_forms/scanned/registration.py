"""Lay a scanned page over the page that was issued: by the corners of its QR, then by what is printed all over it.

Only Pillow: a patch of the issued page is sought around where it should be, and a smooth map of the plane is fitted
to where the patches were found. That follows rotation, scale, skew, a phone held at a slant, a feeder that drags.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from operator import mul

from PIL import Image, ImageFilter

from schoolsms.adapters.order_forms.pdf.acroform import Rectangle
from schoolsms.adapters.order_forms.scanned.differences import Box, around_each, difference

Point = tuple[float, float]

_MESH = 48.0  # points: between the knots the map is as good as bilinear
_PATCH = (56.0, 28.0)  # points: two or three words
_STAGES = ((36, 9, 3), (72, 5, 3), (72, 4, 6), (144, 4, 6))
"""Resolution in dpi, reach of the search in pixels, coefficients of the map: a plane map has 3, a curved one 6."""

_LEAST_CONTRAST = 9.0  # mean grey levels by which a patch differs from itself moved a little: less tells no place
_MOST_MISMATCH = 0.62  # of what a patch differs at its best place, over what it differs on average
_FAR = 1.2  # points: a patch that lies farther off the map is no witness
_LEAST_WITNESSES = 0.6  # of the patches, in every quarter of the page
_SOFT = ImageFilter.GaussianBlur(0.7)


@dataclass(frozen=True)
class Landmarks:
    """Boxes of an issued page that are easily found again, in its softened picture at `dpi`."""

    dpi: int
    page: Image.Image
    patches: Sequence[Box]


class Misplaced(Exception):
    """The page cannot be laid over the one that was issued: cropped, torn, or another one."""


@dataclass(frozen=True)
class Placement:
    """Maps points of the issued page (from its top left corner) to pixels of the picture."""

    columns: tuple[float, ...]
    rows: tuple[float, ...]
    size: tuple[float, float]

    def at(self, point: Point) -> Point:
        """The place of `point` in the picture."""
        terms = _terms(point, self.size, len(self.columns))
        return sum(map(mul, self.columns, terms)), sum(map(mul, self.rows, terms))

    def scale(self) -> float:
        """Pixels of the picture in a point of the page, at its middle."""
        middle = self.size[0] / 2, self.size[1] / 2
        (x, y), (across, down) = self.at(middle), self.at((middle[0] + 50, middle[1]))
        return float(((across - x) ** 2 + (down - y) ** 2) ** 0.5 / 50)


def by_corners(corners: Sequence[Point], square: Rectangle, size: tuple[float, float]) -> Placement:
    """The map that takes the `square` (left, top, right, bottom) to `corners`, clockwise from the top left one."""
    left, top, right, bottom = square
    ours = ((left, top), (right, top), (right, bottom), (left, bottom))
    x0, y0 = (left + right) / 2, (top + bottom) / 2
    u0, v0 = (sum(corner[axis] for corner in corners) / 4 for axis in (0, 1))
    cosine = sine = length = 0.0
    for (x, y), (u, v) in zip(ours, corners, strict=True):
        cosine += (x - x0) * (u - u0) + (y - y0) * (v - v0)
        sine += (x - x0) * (v - v0) - (y - y0) * (u - u0)
        length += (x - x0) ** 2 + (y - y0) ** 2
    a, b = cosine / length, sine / length

    def place(x: float, y: float) -> Point:
        return u0 + a * (x - x0) - b * (y - y0), v0 + b * (x - x0) + a * (y - y0)

    middle, across, down = (
        place(size[0] / 2, size[1] / 2),
        place(size[0], size[1] / 2),
        place(size[0] / 2, size[1]),
    )
    columns, rows = ((middle[i], across[i] - middle[i], down[i] - middle[i]) for i in (0, 1))
    return Placement(columns, rows, size)


def warped(picture: Image.Image, placement: Placement, dpi: int) -> Image.Image:
    """`picture` as the issued page lies at `dpi`; white where it does not reach."""
    scale = dpi / 72
    factor = max(1, int(placement.scale() / scale + 0.2))
    picture = picture.reduce(factor) if factor > 1 else picture
    width, height = (round(side * scale) for side in placement.size)
    xs, ys = _knots(width, _MESH * scale), _knots(height, _MESH * scale)
    mesh = []
    places = {}
    for x, y in product(xs, ys):
        column, row = placement.at((x / scale, y / scale))
        places[x, y] = column / factor, row / factor
    for left, right in zip(xs, xs[1:], strict=False):
        for top, bottom in zip(ys, ys[1:], strict=False):
            corners = ((left, top), (left, bottom), (right, bottom), (right, top))
            mesh.append(((left, top, right, bottom), tuple(side for at in corners for side in places[at])))
    return picture.transform(
        (width, height), Image.Transform.MESH, mesh, resample=Image.Resampling.BILINEAR, fillcolor=255
    )


def landmarks(
    issued: Mapping[int, Image.Image], size: tuple[float, float], free: Sequence[Rectangle]
) -> Sequence[Landmarks]:
    """The landmarks of an issued page of that size in points, the coarsest first.

    `issued`: the page at each of `resolutions()`. `free`: where the school writes (left, top, right, bottom).
    """
    softened = {dpi: page.filter(_SOFT) for dpi, page in issued.items()}
    patches = {dpi: list(_patches(page, dpi, size, free)) for dpi, page in softened.items()}
    return [Landmarks(dpi, softened[dpi], patches[dpi]) for dpi in resolutions()]


def refined(picture: Image.Image, start: Placement, issued: Sequence[Landmarks]) -> Placement:
    """`start`, corrected until what is printed lies on the landmarks of the `issued` page. Raises Misplaced."""
    by_dpi = {each.dpi: each for each in issued}
    placement = start
    witnesses: list[tuple[Point, Point]] = []
    for dpi, reach, terms in _STAGES:
        page, patches = by_dpi[dpi].page, by_dpi[dpi].patches
        seen = warped(picture, placement, dpi).filter(_SOFT)
        costs = around_each(patches, page, seen, reach)
        found = [(patch, at) for patch in patches if (at := _least(patch, next(costs), dpi, reach))]
        pairs = [((at[0], at[1]), placement.at((at[0] + at[2], at[1] + at[3]))) for _, at in found]
        placement, witnesses = _fitted(pairs, terms, placement)
    _check(witnesses, [_centre(patch, dpi) for patch in patches], placement.size)
    return placement


def resolutions() -> tuple[int, ...]:
    """The resolutions, in dpi, at which the issued page is compared."""
    return tuple(sorted({stage[0] for stage in _STAGES}))


def _knots(length: int, step: float) -> list[int]:
    count = max(1, round(length / step))
    return [round(length * index / count) for index in range(count + 1)]


def _centre(patch: Box, dpi: int) -> Point:
    return (patch[0] + patch[2]) / 2 * 72 / dpi, (patch[1] + patch[3]) / 2 * 72 / dpi


def _patches(page: Image.Image, dpi: int, size: tuple[float, float], free: Sequence[Rectangle]) -> Iterator[Box]:
    """The patches of the issued page whose print tells where they are, in both directions."""
    scale = dpi / 72
    width, height = _PATCH
    lefts = [width / 2 + width * column for column in range(int(size[0] / width - 1))]
    tops = [height / 2 + height * row for row in range(int(size[1] / height - 0.6))]
    for left, top in product(lefts, tops):
        if any(left < r and left + width > x and top < b and top + height > t for x, t, r, b in free):
            continue
        x, y, right, bottom = (round(side * scale) for side in (left, top, left + width, top + height))
        print_here = page.crop((x, y, right, bottom))
        moved = (page.crop((x + dx, y + dy, right + dx, bottom + dy)) for dx, dy in ((2, 0), (0, 2)))
        least = _LEAST_CONTRAST * print_here.width * print_here.height
        if all(difference(print_here, other) >= least for other in moved):
            yield x, y, right, bottom


def _least(patch: Box, costs: Sequence[int], dpi: int, reach: int) -> tuple[float, float, float, float] | None:
    """The centre of `patch` and how far from it, in points, its print was found, by its `costs` around it."""
    side = 2 * reach + 1
    best = min(range(len(costs)), key=costs.__getitem__)
    if costs[best] > _MOST_MISMATCH * sum(costs) / len(costs):
        return None
    dy, dx = divmod(best, side)
    if not (0 < dx < side - 1 and 0 < dy < side - 1):
        return None
    across = _vertex(costs[best - 1], costs[best], costs[best + 1])
    down = _vertex(costs[best - side], costs[best], costs[best + side])
    x, y = _centre(patch, dpi)
    return x, y, (dx - reach + across) * 72 / dpi, (dy - reach + down) * 72 / dpi


def _vertex(before: float, at: float, after: float) -> float:
    """Return the place of the least V-shaped cost between its neighbours, from -0.5 to 0.5."""
    steep = max(before, after) - at
    return (before - after) / (2 * steep) if steep > 0 else 0.0


def _fitted(
    pairs: Sequence[tuple[Point, Point]], terms: int, start: Placement
) -> tuple[Placement, list[tuple[Point, Point]]]:
    """The map that fits most of `pairs`, and those that it fits."""
    fitted, kept, scale = start, list(pairs), start.scale()
    for allowed in (4 * _FAR, 2 * _FAR, _FAR, _FAR):
        if len(kept) < 2 * terms:
            raise Misplaced
        fitted = Placement(*_solved(kept, terms, start.size), start.size)
        kept = [pair for pair in pairs if _distance(fitted.at(pair[0]), pair[1]) <= allowed * scale]
    return fitted, kept


def _distance(one: Point, other: Point) -> float:
    return float(((one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2) ** 0.5)


def _check(witnesses: Sequence[tuple[Point, Point]], patches: Sequence[Point], size: tuple[float, float]) -> None:
    """Raise Misplaced unless most patches of every quarter of the page are where the map has them."""
    found = {pair[0] for pair in witnesses}
    for right in (False, True):
        for lower in (False, True):
            here = [p for p in patches if (p[0] > size[0] / 2) == right and (p[1] > size[1] / 2) == lower]
            if sum(point in found for point in here) < _LEAST_WITNESSES * len(here):
                raise Misplaced


def _terms(point: Point, size: tuple[float, float], count: int) -> tuple[float, ...]:
    x, y = 2 * point[0] / size[0] - 1, 2 * point[1] / size[1] - 1
    return (1.0, x, y, x * x, x * y, y * y)[:count]


def _solved(
    pairs: Sequence[tuple[Point, Point]], terms: int, size: tuple[float, float]
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Least squares for columns and rows, by elimination in the normal equations."""
    factors = [list(each) for each in zip(*(_terms(ours, size, terms) for ours, _ in pairs), strict=True)]
    values = [[theirs[axis] for _, theirs in pairs] for axis in (0, 1)]
    matrix = [[0.0] * (terms + len(values)) for _ in range(terms)]
    for i, j in product(range(terms), range(terms + len(values))):
        other = factors[j] if j < terms else values[j - terms]
        matrix[i][j] = matrix[j][i] if j < i else sum(map(mul, factors[i], other))
    for i in range(terms):
        pivot = max(range(i, terms), key=lambda row: abs(matrix[row][i]))
        matrix[i], matrix[pivot] = matrix[pivot], matrix[i]
        if abs(matrix[i][i]) < 1e-9:
            raise Misplaced
        for row in range(terms):
            if row != i:
                factor = matrix[row][i] / matrix[i][i]
                matrix[row] = [a - factor * b for a, b in zip(matrix[row], matrix[i], strict=True)]
    columns, rows = (tuple(matrix[i][terms + axis] / matrix[i][i] for i in range(terms)) for axis in (0, 1))
    return columns, rows
