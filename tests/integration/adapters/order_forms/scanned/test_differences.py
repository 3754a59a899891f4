"""Sums that Pillow's code makes are those of the pixels, one by one."""

import random

import pytest
from PIL import Image

from schoolsms.adapters.order_forms.pdf import ink
from schoolsms.adapters.order_forms.scanned.differences import around_each, differences

CHANCE = random.Random(1)


def picture(width: int, height: int) -> Image.Image:
    return Image.frombytes("L", (width, height), CHANCE.randbytes(width * height))


def summed(one: Image.Image, other: Image.Image) -> int:
    return sum(abs(a - b) for a, b in zip(one.tobytes(), other.tobytes(), strict=True))


@pytest.mark.parametrize("size", [(1, 1), (5, 7), (112, 56), (250, 260)])
def test_a_picture_is_compared_with_each_place_of_another(size: tuple[int, int]) -> None:
    ours, around = picture(*size), picture(size[0] + 4, size[1] + 4)
    cost = differences(ours, around)
    for dx, dy in ((0, 0), (3, 1), (4, 4)):
        assert cost((dx, dy)) == summed(ours, around.crop((dx, dy, dx + size[0], dy + size[1])))


def test_patches_are_compared_with_what_is_around_each() -> None:
    page, seen, reach = picture(90, 80), picture(90, 80), 3
    patches = [(3, 3, 31, 17), (31, 40, 59, 54), (62, 66, 90, 80)]  # the last one ends at the edge of the page
    expected = [
        tuple(
            summed(page.crop((x, y, right, bottom)), seen.crop((x + dx, y + dy, right + dx, bottom + dy)))
            for dy in range(-reach, reach + 1)
            for dx in range(-reach, reach + 1)
        )
        for x, y, right, bottom in patches
    ]
    assert list(around_each(patches, page, seen, reach)) == expected


def test_likeness_is_the_correlation_of_the_pixels() -> None:
    one, other = picture(40, 30), picture(40, 30)
    a, b, count = one.tobytes(), other.tobytes(), 1200
    both = sum(x * y for x, y in zip(a, b, strict=True)) - sum(a) * sum(b) / count
    spreads = [sum(x * x for x in each) - sum(each) ** 2 / count for each in (a, b)]
    assert ink.likeness(one, other) == pytest.approx(both / (spreads[0] * spreads[1]) ** 0.5, abs=1e-12)
    assert ink.likeness(one, one) == pytest.approx(1)
    assert ink.likeness(one, Image.new("L", one.size, 9)) == 0
