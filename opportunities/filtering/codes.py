"""Codes as features: each code stands for itself and for everything above it.

Within one classification codes meet through their ancestors; across classifications through their labels, which are
read as text. Identifiers of topics and calls ("MG-4.1-2014", "H2020-MG-2014_TwoStages") are paths of their parts.
"""

import re
from collections.abc import Callable, Iterable, Mapping

from core.codelists import Entry, ancestors, cpv, euroscivoc, nace, nuts
from opportunities.filtering.types import Code
from opportunities.filtering.weights import Weights

IDENTIFIER_SCHEMES = frozenset({"topic", "call", "action"})

_LISTS: Mapping[str, Callable[[], Mapping[str, Entry]]] = {
    "nace": nace,
    "cpv": cpv,
    "euroscivoc": euroscivoc,
    "nuts": nuts,
}
_PARTS = re.compile(r"[^A-Za-z0-9]+")
_YEAR = re.compile(r"(19|20)\d\d")
_HAS_LETTER = re.compile(r"[A-Za-z]")


def label(code: Code) -> str:
    """The code's own label, or the one of its list; "" when neither is known."""
    known = _LISTS.get(code.scheme)
    entry = known().get(_plain(code)) if known else None
    return code.label or (entry.label if entry else "")


def features(codes: Iterable[Code], weights: Weights) -> dict[str, float]:
    """Feature name -> weight; the nearest mention wins where several codes share an ancestor."""
    found: dict[str, float] = {}
    for code in codes:
        steps = _identifier_steps(code) if code.scheme in IDENTIFIER_SCHEMES else _steps(code, weights)
        for name, weight in steps:
            found[name] = max(weight, found.get(name, 0.0))
    return found


def spelled(name: str, codes: Iterable[Code]) -> str:
    """A feature's code as its list or source spells it: features are in lower case."""
    scheme, _, folded = name.partition(":")
    for each in codes:
        path = [_plain(each), *_above(each)] if each.scheme == scheme else []
        for step in path:
            if step.casefold() == folded:
                return step
    return folded


def is_identifier(name: str) -> bool:
    """Whether a feature comes from an identifier rather than from a classification."""
    return name.startswith("id:")


def _plain(code: Code) -> str:
    text = code.code.strip()
    return text.partition("-")[0] if code.scheme == "cpv" else text.rstrip(".")


def _steps(code: Code, weights: Weights) -> list[tuple[str, float]]:
    levels = [1.0, weights.parent]
    path = [_plain(code), *_above(code)]
    return [
        (f"{code.scheme}:{step.casefold()}", levels[depth] if depth < len(levels) else weights.grandparent)
        for depth, step in enumerate(path)
    ]


def _above(code: Code) -> list[str]:
    plain = _plain(code)
    known = _LISTS.get(code.scheme)
    if known and plain in known():
        return ancestors(known(), plain)
    if code.scheme == "cpv":
        digits = plain.rstrip("0")
        return [digits[:length].ljust(8, "0") for length in range(len(digits) - 1, 1, -1)]
    parts = plain.split(".")
    return [".".join(parts[:length]) for length in range(len(parts) - 1, 0, -1)]


def _identifier_steps(code: Code) -> list[tuple[str, float]]:
    """Every leading part of an identifier and every part with a letter; years say nothing about the topic."""
    parts = [part.casefold() for part in _PARTS.split(code.code) if part and not _YEAR.fullmatch(part)]
    leading = ["-".join(parts[:length]) for length in range(1, len(parts) + 1)]
    return [
        (f"id:{name}", 1.0) for name in {**dict.fromkeys(leading), **dict.fromkeys(filter(_HAS_LETTER.search, parts))}
    ]
