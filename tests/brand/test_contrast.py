"""Whether a colour can be read: against the guidelines' own numbers, and on the grounds that the style sheet has."""

import math
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brand import colours, contrast
from brand.models import OWN_DARK, OWN_LIGHT

TOKENS = (Path(__file__).resolve().parents[2] / "static/css/tokens.css").read_text()
COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21), ("#777777", "#ffffff", 4.48), ("#767676", "#ffffff", 4.54),
     ("#0000ff", "#ffffff", 8.59)],
)  # fmt: skip
def test_known_contrasts(one, other, ratio):
    assert contrast.ratio(one, other) == contrast.ratio(other, one) == pytest.approx(ratio, abs=0.006)


def oklch(text: str) -> str:
    """A colour of the style sheet as #rrggbb, by Ottosson's matrices."""
    if text.startswith("#"):
        return text if len(text) == 7 else "#" + "".join(2 * part for part in text[1:])
    light, chroma, hue = re.match(r"oklch\(([\d.]+)% ([\d.]+) ([\d.]+)\)", text).groups()
    a, b = (float(chroma) * each(math.radians(float(hue))) for each in (math.cos, math.sin))
    rows = ((0.3963377774, 0.2158037573), (-0.1055613458, -0.0638541728), (-0.0894841775, -1.2914855480))
    cones = [(float(light) / 100 + x * a + y * b) ** 3 for x, y in rows]
    matrix = (
        (4.0767416621, -3.3077115913, 0.2309699292),
        (-1.2684380046, 2.6097574011, -0.3413193965),
        (-0.0041960863, -0.7034186147, 1.7076147010),
    )
    linear = [max(0, sum(k * cone for k, cone in zip(row, cones, strict=True))) for row in matrix]
    parts = (12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055 for part in linear)
    return "#" + "".join(f"{round(255 * min(1, part)):02x}" for part in parts)


def pair(name: str) -> tuple[str, str]:
    inner = re.search(rf"--{name}: light-dark\((.*)\);", TOKENS)[1]
    light, dark = re.findall(r"#\w+|oklch\([^)]*\)", inner)
    return oklch(light), oklch(dark)


def test_grounds_and_own_colours_are_those_of_the_style_sheet():
    light, dark = zip(*(pair(name) for name in ("paper", "raised", "sunken")), strict=True)
    assert (light, dark) == (contrast.LIGHT, contrast.DARK)
    assert pair("accent") == (OWN_LIGHT, OWN_DARK)
    assert contrast.passes(OWN_LIGHT, contrast.LIGHT)
    assert contrast.passes(OWN_DARK, contrast.DARK)


@given(COLOURS)
def test_nearest_shade_passes_and_leaves_alone_what_does(colour):
    for theme in (contrast.LIGHT, contrast.DARK):
        shade = contrast.nearest(colour, theme)
        assert contrast.passes(shade, theme)
        assert (shade == colour) == contrast.passes(colour, theme)


@given(COLOURS, COLOURS)
def test_what_passes_can_be_read_wherever_the_sheet_puts_it(one, other):
    """Links, hover, the band with its text, and what is selected."""
    themes = contrast.LIGHT, contrast.DARK
    light, dark = contrast.nearest(one, themes[0]), contrast.nearest(other, themes[1])
    told = dict(re.findall(r"--([\w-]+):light-dark\(([^)]*)\)", colours.sheet(light, dark)))
    pairs = {name: value.split(",") for name, value in told.items()}
    for place, theme in enumerate(themes):
        accent, deep, tint, on = (pairs[name][place] for name in ("accent", "deep", "tint", "on-accent"))
        assert contrast.ratio(accent, on) >= contrast.NEEDED
        assert contrast.ratio(accent, tint) >= contrast.NEEDED
        assert min(contrast.ratio(deep, ground) for ground in theme) >= contrast.NEEDED


@pytest.mark.parametrize("text", ["", None, "red", "#fff", "#00000g", "#000000;}", "#000000\n", "url(x)"])
def test_nothing_but_six_digits_is_a_colour(text):
    assert not colours.is_colour(text)
