"""The colours of both themes can be read: contrast by WCAG 2.2 (1.4.3: text 4.5, 1.4.11: edges of controls 3)."""

import re

import pytest

from local.console.build import SOURCES

THEME = (SOURCES / "styles" / "theme.css").read_text("utf-8")
TEXTS = [
    *((text, "page") for text in ("ink", "soft", "navy", "navy-strong", "good", "bad", "attention")),
    *((text, "field") for text in ("ink", "soft", "navy", "navy-strong")),
    *((text, f"{kind}-field") for kind in ("good", "bad", "attention") for text in ("ink", kind)),
    ("on-navy", "navy"),
    ("on-navy", "navy-strong"),
]
EDGES = [("edge", "page"), ("edge", "field"), ("focus", "page"), ("focus", "field")]


def colours(css: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): #([0-9a-f]{6});", css))


LIGHT = colours(THEME.partition("@media (prefers-color-scheme: dark)")[0])
DARK = LIGHT | colours(THEME.partition("@media (prefers-color-scheme: dark)")[2])


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_measured_as_the_standard_says() -> None:
    assert contrast("ffffff", "000000") == pytest.approx(21)
    assert contrast("777777", "ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXTS)
def test_a_text_can_be_read_on_its_ground(theme: dict[str, str], text: str, ground: str) -> None:
    assert contrast(theme[text], theme[ground]) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_the_edge_of_a_control_can_be_seen(theme: dict[str, str], edge: str, ground: str) -> None:
    assert contrast(theme[edge], theme[ground]) >= 3


def test_the_dark_theme_has_values_of_its_own() -> None:
    ours = colours(THEME.partition("@media (prefers-color-scheme: dark)")[2])
    assert LIGHT.keys() - ours.keys() <= {"on-navy"} | {"focus"}
