"""Which words say something by themselves: the branches a word stands in, read from the classifications' labels."""

from collections.abc import Iterable
from functools import cache

from core.codelists import cpv, nace
from opportunities.filtering.text import ENGLISH, stem, tokens

# Said in every trade: a word that stands in the labels of this many branches tells no topic by itself.
_EVERYWHERE = 9
_DIVISION = 2  # characters of a code
_FAMILY = 5  # letters at the beginning that make two stems one word
# What tells how much, when, who or that somebody does something, never what about.
_FILLERS = (
    "add agent apply ask become base begin bring build builder buy buyer call client come company consortium "
    "consortia cost customer cut dealer deliver develop distributor do drive earn enter every find firm first fit get "
    "give go good grow help hire hold host import importer install installer join keep know last launch leading learn "
    "less let look maker make manufacturer manufacturing measure meet money move near need new next offer old open "
    "operator owner partner pay producer provide provider put reach read recover ready region remove replace run sell "
    "seller serve share show sort start step stop supplier supply support take task tell tender trial try turn use "
    "user want win work worker write year one two three four five six seven eight nine ten eleven twelve fifteen "
    "twenty thirty forty fifty sixty hundred thousand million half quarter third double single pair dozen metre "
    "kilometre millimetre litre tonne kilogram gram degree cubic square second minute hour day week month euro "
    "temperature pressure speed weight thickness per cent percent kilowatt megawatt kw kwh mw mm cm km kg january "
    "february march april may june july august september october november december"
)
# Says something only beside another word: of which sort a thing is, or a thing of every trade.
_NOT_ALONE = (
    "life automotive renewable recovery integrator module inspection offshore onshore maritime circular autonomous "
    "automatic mobile permanent remote autumn spring summer winter power plan project product service test trade "
    "member office site time set order team technician person people place group solution technology annual available "
    "clean common different digital dry european easy efficient high innovative international local long main modern "
    "national natural north northern regional safe simple small smart south southern special strong sustainable "
    "technical whole wide west western east eastern large low fast free full joint short"
)
_FILLER_ROOTS = frozenset(stem(word, ENGLISH) for word in _FILLERS.split())
_NOT_ALONE_ROOTS = frozenset(stem(word, ENGLISH) for word in _NOT_ALONE.split())


@cache
def _branches() -> dict[str, int]:
    """In how many branches of the two classifications of trade a stem stands."""
    found: dict[str, set[str]] = {}
    for scheme, listed in (("cpv", cpv()), ("nace", nace())):
        for code, entry in listed.items():
            for word in tokens(entry.label):
                found.setdefault(stem(word, ENGLISH), set()).add(f"{scheme}{code[:_DIVISION]}")
    return {root: len(branches) for root, branches in found.items()}


def is_filler(root: str) -> bool:
    """Whether a stem is a number, a measure, a deed or a doer rather than a thing."""
    return root in _FILLER_ROOTS or root[0].isdigit()


def is_vague(root: str) -> bool:
    """Whether a stem says nothing even beside another such: "new series" names no topic, "heat recovery" does."""
    return is_filler(root) or root in _NOT_ALONE_ROOTS


def is_generic(root: str) -> bool:
    """Whether a stem tells no topic by itself: it is a filler, or at home in most trades ("machine", "control")."""
    return is_vague(root) or _branches().get(root, 0) >= _EVERYWHERE


def is_trade(root: str) -> bool:
    """Whether a classification names a thing or trade by this stem."""
    return root in _branches()


def families(roots: Iterable[str]) -> dict[str, str]:
    """Stem -> the stem that stands for its family: "sensor" and "sensing" are one word in two forms."""
    standing: dict[str, str] = {}
    return {root: standing.setdefault(root[:_FAMILY], root) for root in sorted(roots)}
