"""Whether a colour can be read on the grounds of the two themes, by the Web Content Accessibility Guidelines 2.2.

Pure: no Django, no database. Colours are "#rrggbb" in sRGB. Relative luminance and the contrast ratio are those of the
guidelines' glossary; text needs 4.5 (criterion 1.4.3, level AA).
"""

from collections.abc import Sequence
from typing import Final

NEEDED: Final = 4.5
# The grounds that text of the accent colour stands on, as static/css/tokens.css has them: paper, raised, sunken.
LIGHT: Final = ("#faf9f5", "#ffffff", "#f2f1ec")
DARK: Final = ("#111419", "#191d24", "#0b0e14")
BLACK: Final = "#000000"
WHITE: Final = "#ffffff"
TINTED: Final = 0.08
"""How much of the accent is in the ground of what is selected."""


def luminance(colour: str) -> float:
    """Relative luminance, from 0 (black) to 1 (white)."""
    red, green, blue = (_linear(part / 255) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def ratio(one: str, other: str) -> float:
    """The contrast of two colours, from 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def mixed(colour: str, into: str, share: float) -> str:
    """A colour with a share (0 to 1) of another one in it."""
    mix = (round(a + (b - a) * share) for a, b in zip(_parts(colour), _parts(into), strict=True))
    return "#" + "".join(f"{part:02x}" for part in mix)


def grounds(colour: str, theme: Sequence[str]) -> tuple[str, ...]:
    """All grounds of a theme on which text of this colour stands: also the paper that has a breath of it."""
    return (*theme, mixed(theme[0], colour, TINTED))


def least(colour: str, theme: Sequence[str]) -> float:
    """The contrast on the ground on which it is weakest."""
    return min(ratio(colour, ground) for ground in grounds(colour, theme))


def passes(colour: str, theme: Sequence[str]) -> bool:
    """Text of this colour can be read on each ground of the theme."""
    return least(colour, theme) >= NEEDED


def nearest(colour: str, theme: Sequence[str]) -> str:
    """The nearest shade of it that passes: darker on light grounds, lighter on dark ones. Itself where it passes."""
    end = BLACK if luminance(theme[0]) > 0.5 else WHITE
    shades = (mixed(colour, end, step / 50) for step in range(51))
    return next((shade for shade in shades if passes(shade, theme)), end)


def on(colour: str) -> str:
    """The colour of text on a ground of this colour: white or black, whichever is clearer."""
    return max(WHITE, BLACK, key=lambda text: ratio(text, colour))
