"""The cluster's colours as the style sheet that takes the place of the portal's own ones."""

import re

from brand import contrast

COLOUR = re.compile(r"#[0-9a-f]{6}")


def is_colour(text: str | None) -> bool:
    """Six digits after a sign, and nothing that could end the rule."""
    return bool(text and COLOUR.fullmatch(text))


def sheet(light: str, dark: str) -> str:
    """The tokens that depend on the colour, for both themes."""
    tokens = {
        "accent": (light, dark),
        "deep": (contrast.mixed(light, contrast.BLACK, 0.25), contrast.mixed(dark, contrast.WHITE, 0.3)),
        "tint": tuple(
            contrast.mixed(theme[0], colour, contrast.TINTED)
            for colour, theme in ((light, contrast.LIGHT), (dark, contrast.DARK))
        ),
        "on-accent": (contrast.on(light), contrast.on(dark)),
    }
    rules = "".join(f"--{name}:light-dark({pair[0]},{pair[1]});" for name, pair in tokens.items())
    return f"@layer tokens{{:root{{{rules}}}}}\n"
