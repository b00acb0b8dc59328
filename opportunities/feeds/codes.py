"""Codes of the field's schemes: known ones with their label, unknown ones kept apart."""

import re
from collections.abc import Iterable

from core import codelists
from opportunities.feeds import text
from opportunities.feeds.types import Code

_OPEN_SCHEMES = {"een-technology", "een-market", "een-sdg", "topic"}
_CPV = re.compile(r"^(\d{8})(?:-\d)?$")
_REGION = re.compile(r"^[A-Z]{2}[A-Z0-9]{1,3}$")
# The EEN has keywords twice: 06005002, and from older days 006005002.
_OLD_KEYWORD = re.compile(r"^0(0\d{7})$")
_NACE = re.compile(r"^(?:[A-V][ .]?)?(\d{2}(?:\.\d{1,2})?)\b|^([A-V])$")


class Codes:
    """Collects codes in the order in which they come, each once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Code] = {}
        self._unknown: dict[str, None] = {}

    @property
    def known(self) -> tuple[Code, ...]:
        """The codes that their scheme holds."""
        return tuple(self._known.values())

    @property
    def unknown(self) -> list[str]:
        """The others, as "scheme code"."""
        return list(self._unknown)

    def add(self, scheme: str, written: object, label: object = "") -> None:
        """Take a code as its source writes it; nothing happens for an empty one."""
        code = text.line(written)
        if not code:
            return
        found = _find(scheme, code)
        if found is None:
            self._unknown[f"{scheme} {code[:100]}"] = None
            return
        self._known.setdefault((scheme, found.code), Code(scheme, found.code, found.label or text.line(label)))

    def add_all(self, scheme: str, written: Iterable[object]) -> None:
        """Take several codes of one scheme."""
        for code in written:
            self.add(scheme, code)


def _find(scheme: str, code: str) -> Code | None:
    if scheme in _OPEN_SCHEMES:
        return Code(scheme, _OLD_KEYWORD.sub(r"\1", code)) if len(code) <= 200 else None
    if scheme == "programme":
        label = codelists.sedia_programmes().get(code)
        return Code(scheme, code, label) if label else None
    return _listed(scheme, code)


def _listed(scheme: str, code: str) -> Code | None:
    if scheme == "cpv":
        found = _CPV.match(code)
        entry = codelists.cpv().get(found[1]) if found else None
    elif scheme == "nuts":
        entry = codelists.nuts().get(code.upper())
    elif scheme == "nace":
        entry = nace(code)
    else:
        entry = codelists.euroscivoc().get(code)
    return Code(scheme, entry.code, entry.label) if entry else None


def nace(written: str) -> codelists.Entry | None:
    """The NACE Rev. 2.1 entry of "62.10", "C26.51", "J - ..." or of an exact English label."""
    found = _NACE.match(written.strip())
    if found:
        return codelists.nace().get(found[1] or found[2])
    folded = written.strip().casefold()
    return next((entry for entry in codelists.nace().values() if entry.label.casefold() == folded), None)


def countries(written: Iterable[str]) -> tuple[str, ...]:
    """Alpha-2 codes of countries given as alpha-2, alpha-3, EL, UK, a NUTS code or an English name; once, sorted."""
    return tuple(sorted({_country(name) for name in written} - {""}))


def _country(name: str) -> str:
    found = codelists.country_code(name)
    return codelists.country_code(name[:2]) if not found and _REGION.match(name) else found
