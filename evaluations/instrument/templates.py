"""The questionnaires that come with the portal. Each says in its label what it rests on."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from evaluations.instrument.reading import read
from evaluations.instrument.types import Questionnaire

FOLDER = Path(__file__).parent / "shipped"
NAMES = ("t1", "t2", "t3", "t4", "t5", "t6")


@cache
def shipped() -> Mapping[str, Questionnaire]:
    """Every template by its name, in order."""
    return {name: read(tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))) for name in NAMES}
