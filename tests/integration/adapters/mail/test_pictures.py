import io

import pytest
from PIL import Image

from schoolsms.adapters.mail.picture_sides import picture_sides


@pytest.mark.parametrize(
    ("kind", "options"),
    [("PNG", {}), ("JPEG", {}), ("JPEG", {"progressive": True}), ("JPEG", {"comment": b"x" * 500}), ("MPO", {})],
)
def test_a_picture_says_how_many_pixels_it_has(kind: str, options: dict[str, object]) -> None:
    out = io.BytesIO()
    Image.new("RGB", (827, 1169)).save(out, kind, **options)
    assert picture_sides(out.getvalue()) == (827, 1169)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.7",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8",
        b"\xff\xd8\xff\xe0\x00\x10JFIF",
        b"\xff\xd8" + b"\xff" * 9_000,
        b"\xff\xd8" + b"\xff\xe0\x00\x00" * 9_000,
        b"\xff\xd8 no marker at all",
    ],
)
def test_a_picture_without_stated_size_has_no_known_sides(content: bytes) -> None:
    assert picture_sides(content) is None
