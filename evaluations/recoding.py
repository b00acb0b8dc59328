"""How finely a wave is shown: which steps and which groups stand together, chosen before any table is made. Pure.

Five steps and four sizes of company need more answers than a small wave has: nearly all of their counts would be
hidden. Global recoding (Hundepool and others 2012) makes fewer and larger cells. A scale becomes its lower and its
upper half ("top-two box" for five steps), the middle of an odd number alone; or its upper half against the rest. Groups
become those of a coarser standard.

The choice looks at how many answered, at how long the scale is, at the groups that the population had and at the
threshold. All of these are shown in any case. It never looks at an answer, so that the choice itself tells nothing. It
is made once for a wave, and each audience has one: a fine table beside a coarse one would be a difference to take. What
is public is at least as coarse as what is in-house and made of the same boxes, so that it tells in-house readers
nothing new.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from evaluations.disclosure.types import Cell, Key, Protected

NO_ANSWER = "no_answer"
JOIN = "+"  # never in a key or a code: what stands together is "much+very_much"
ROOM = 2  # so many times the threshold, on average, for each category
HALVES, ANY, REGIONS, HOME, A10, A3 = "halves", "any", "regions", "home", "a10", "a3"
# Coarser standards of each group, the finest first. HOME is followed by a colon and the cluster's own country.
LEVELS: Mapping[str, tuple[str, ...]] = {
    "country": (REGIONS, HOME),
    "experience": (ANY,),
    "section": (A10, A3),
    "size_class": (HALVES,),
}
NORDIC = frozenset({"AX", "DK", "FI", "FO", "GL", "IS", "NO", "SE"})
EU = frozenset(
    {
        *("AT", "BE", "CY", "DE", "DK", "ES", "FI", "FR", "GR", "IE", "IT", "LU", "MT", "NL", "PT", "SE"),
        *("BG", "CZ", "EE", "HR", "HU", "LT", "LV", "PL", "RO", "SI", "SK"),
    }
)
# The ten and the three high-level aggregates of national accounts (ESA 2010), in the sections of NACE Rev. 2.1.
AGGREGATES = {
    A10: ("A", "B+C+D+E", "F", "G+H+I", "J+K", "L", "M", "N+O", "P+Q+R", "S+T+U+V"),
    A3: ("A", "B+C+D+E+F", JOIN.join("GHIJKLMNOPQRSTUV")),
    HALVES: ("micro+small", "medium+large"),
    ANY: ("first_steps", "some+experienced"),
}


@dataclass(frozen=True, slots=True)
class Recoding:
    """What stands together in a wave: the boxes of each scale by question, and the level of each group."""

    scales: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Recoding":
        """As `as_json` wrote it; of nothing, nothing."""
        scales = {key: tuple(boxes) for key, boxes in data.get("scales", {}).items()}
        return cls(scales, dict(data.get("groups", {})))

    def as_json(self) -> dict[str, Any]:
        """As the database keeps it."""
        return asdict(self)

    def group(self, name: str, value: str) -> str:
        """The group that a value of `name` counts in."""
        return broader(self.groups.get(name, ""), value)


def broader(level: str, value: str) -> str:
    """What a group is called at a level; at "" it is as it is, and what is not known stays so."""
    if not level or not value:
        return value
    if level == REGIONS:
        return "nordic" if value in NORDIC else "eu" if value in EU else "other"
    if level.startswith(HOME):
        return "home" if value == level.removeprefix(f"{HOME}:") else "abroad"
    return next((each for each in AGGREGATES[level] if value in each.split(JOIN)), value)


def ways(steps: Sequence[str], outside: Sequence[str] = ()) -> tuple[tuple[str, ...], ...]:
    """The ways to show a scale, the finest first: each but the first is boxes of steps, of which the last is the upper
    half. `outside`: answers that stand outside the steps; the coarsest way puts them, and no answer, with the rest.
    """
    if len(steps) < 3:  # nothing to put together
        return (tuple(steps),)
    half = len(steps) // 2
    high = JOIN.join(steps[-half:])
    halves = (JOIN.join(steps[:half]), *steps[half:-half], high)
    others = (JOIN.join(steps[:-half]), high)
    return tuple(
        dict.fromkeys([tuple(steps), halves, others, (JOIN.join([*steps[:-half], *outside, NO_ANSWER]), high)])
    )


def chosen(
    *,
    answers: int,
    threshold: int,
    scales: Mapping[str, tuple[Sequence[str], Sequence[str]]],
    frame: Iterable[Mapping[str, Any]],
    home: str = "",
) -> Recoding:
    """The recoding of a wave. `scales`: question -> its steps, and the answers outside them. `frame`: the
    population as cells of groups. `home`: the country of the cluster.

    A way to show is fine enough for so many answers when each category gets ROOM times the threshold on average; a
    group counts as two, since answers are counted in it, and each divides it at least once. The finest such way is
    taken, and the coarsest where there is none.
    """

    def fits(categories: int) -> bool:
        return answers >= ROOM * threshold * categories

    by_scale = {}
    for key, (steps, outside) in scales.items():
        known = ways(steps, outside)
        beside = {way: 0 if NO_ANSWER in parts(way) else len(outside) for way in known}
        way = next((each for each in known if fits(len(each) + beside[each])), known[-1])
        if way != known[0]:
            by_scale[key] = way
    cells, by_group = list(frame), {}
    for name, levels in LEVELS.items():
        named = [f"{HOME}:{home}" if each == HOME else each for each in levels if each != HOME or home]
        counts = {level: len({broader(level, cell.get(name, "")) for cell in cells}) for level in ("", *named)}
        level = next((each for each, count in counts.items() if fits(2 * count)), [*counts][-1])
        if level:
            by_group[name] = level
    return Recoding(by_scale, by_group)


def parts(boxes: Iterable[str]) -> dict[str, str]:
    """Each step, and what else is in a box, with its box."""
    return {part: box for box in boxes for part in box.split(JOIN)}


def folded(protected: Protected, boxes: Sequence[str]) -> Protected:
    """A table of a scale as if its answers had been put together so: from what it shows, and from nothing else.

    A box is shown where all of its parts are, or where everything beside it is: whoever reads the table can do that.
    """
    box_of = parts(boxes)
    summed: dict[Key, list[Cell]] = {}
    for key, cell in protected.cells.items():
        first = None if key[0] is None else box_of.get(str(key[0]).split(JOIN)[0], key[0])
        summed.setdefault((first, *key[1:]), []).append(cell)
    cells = {key: _sum(of) for key, of in summed.items()}
    for group in {key[1:] for key in cells}:
        total = cells[None, *group].n if (None, *group) in cells else None
        own = [key for key in cells if key[1:] == group and key[0] is not None]
        hidden = [key for key in own if cells[key].n is None]
        if total is not None and len(hidden) == 1:
            cells[hidden[0]] = Cell(total - sum(cells[key].n or 0 for key in own))
    return replace(protected, cells=cells)


def _sum(cells: Sequence[Cell]) -> Cell:
    ns = [cell.n for cell in cells if cell.n is not None]
    return Cell(sum(ns)) if len(ns) == len(cells) else next(cell for cell in cells if cell.n is None)
