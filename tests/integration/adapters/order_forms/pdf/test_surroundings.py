"""Neighbourhoods of pixels equal those of Pillow's own filters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageFilter

from schoolsms.adapters.order_forms.pdf.surroundings import darkest, lightest, without_specks

SIDES = (1, 3, 5, 7, 17, 21)


@pytest.mark.parametrize("side", SIDES)
@given(width=st.integers(1, 24), height=st.integers(1, 24), data=st.data())
def test_the_lightest_and_the_darkest_are_those_that_pillow_finds(
    side: int, width: int, height: int, data: st.DataObject
) -> None:
    levels = data.draw(st.binary(min_size=width * height, max_size=width * height))
    image = Image.frombytes("L", (width, height), levels)

    assert lightest(image, side).tobytes() == image.filter(ImageFilter.MaxFilter(side)).tobytes()
    assert darkest(image, side).tobytes() == image.filter(ImageFilter.MinFilter(side)).tobytes()


@given(width=st.integers(1, 12), height=st.integers(1, 12), data=st.data())
def test_a_speck_becomes_the_second_darkest_that_pillow_finds(width: int, height: int, data: st.DataObject) -> None:
    levels = data.draw(st.binary(min_size=width * height, max_size=width * height))
    image = Image.frombytes("L", (width, height), levels)

    ranked = image.filter(ImageFilter.RankFilter(3, 1))
    assert without_specks(image).tobytes() == ImageChops.lighter(image, ranked).tobytes()
