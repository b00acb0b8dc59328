"""Who is missing, by group: the response so far, with what would say who has answered left out.

Everything shown follows from the tables that the wave would have if it closed now (see sizes). So whoever keeps a copy
of this page has nothing to subtract from the tables when they come.
"""

import json
from collections.abc import Mapping
from hashlib import sha256

from django.core.cache import cache
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from evaluations import recoding, sizes
from evaluations.disclosure import Protected
from evaluations.models import Wave
from evaluations.preparations import home_country
from evaluations.reading import words
from evaluations.reading.waves import CAPTIONS, columns, row
from evaluations.sizes import Totals
from evaluations.tabulating import GROUPS

KEPT_FOR = 24 * 60 * 60  # seconds
TOGETHER, TOTAL = "together", "total"
SHOWN = ("size_class", "section", "country")


def tables(wave: Wave) -> list[dict[str, object]]:
    """One table a group: how many were asked and how many have answered. Small groups stand together or are hidden.

    Managers know who was asked and to which group each belongs. A group in which everybody has answered would tell of
    each of them, so it is hidden like one with few answers.
    """
    by = _by(wave)
    made = _kept(by, threshold=wave.fewest_in_house)
    return [_table(wave, name, by[name], made.get(name, {})) for name in SHOWN]


def _by(wave: Wave) -> dict[str, dict[str, tuple[int, int]]]:
    """Each kind of group, as coarse as so many answers would be shown."""
    rows = wave.invitees.order_by().values_list(*GROUPS)
    counted = list(rows.annotate(asked=Count("pk"), answered=Count("pk", filter=Q(has_answered=True))))
    level = recoding.chosen(
        answers=sum(row[-1] for row in counted),
        threshold=wave.fewest_in_house,
        scales={},
        frame=wave.frame,
        home=home_country(),
    )
    found: dict[str, dict[str, tuple[int, int]]] = {name: {} for name in GROUPS}
    for *values, asked, answered in counted:
        for name, value in zip(GROUPS, values, strict=True):
            group = level.group(name, value)
            before = found[name].get(group, (0, 0))
            found[name][group] = (before[0] + asked, before[1] + answered)
    return found


def _table(wave: Wave, name: str, totals: Totals, made: Mapping[str, int | None]) -> dict[str, object]:
    shown = told(totals, made, threshold=wave.fewest_in_house)
    heads = [(_("Group"), False), (_("Asked"), True), (_("Answered"), True), (_("Share"), True)]
    lines = []
    asked_of = {value: asked for value, (asked, _answered) in together(totals, threshold=wave.fewest_in_house).items()}
    order = {TOGETHER: 1, "": 2}
    for value in sorted(asked_of, key=lambda each: (order.get(each, 0), -asked_of[each], each)):
        asked, answered = asked_of[value], shown[value]
        said = [_("Too few to show"), "–"] if answered is None else [answered, f"{round(100 * answered / asked)} %"]
        label = _("Smaller groups together") if value == TOGETHER else words.group(name, value)
        lines.append(row(heads, [label, asked, *said]))
    return {"caption": CAPTIONS[name](), "columns": columns(heads), "rows": lines}


def together(totals: Totals, *, threshold: int) -> dict[str, tuple[int, int]]:
    """The same, with all groups of which fewer were asked than must be shown as one."""
    small = {value for value, (asked, _answered) in totals.items() if asked < threshold}
    if not small:
        return dict(totals)
    rest = {value: counts for value, counts in totals.items() if value not in small}
    return rest | {TOGETHER: (sum(totals[each][0] for each in small), sum(totals[each][1] for each in small))}


def _kept(by: Mapping[str, Totals], *, threshold: int) -> dict[str, dict[str, int | None]]:
    """The same counts are protected once, in the same way for every reader, and not while somebody waits again."""
    key = json.dumps([threshold, sorted((name, sorted(totals.items())) for name, totals in by.items())])
    key = f"response:{sha256(key.encode()).hexdigest()}"
    return cache.get_or_set(
        key,
        lambda: {name: counts(made) for name, made in sizes.protected(by, threshold=threshold).items()},
        timeout=KEPT_FOR,
    )


def counts(made: Protected) -> dict[str, int | None]:
    """Group -> count, and the total below TOTAL."""
    return {TOTAL if key[0] is None else str(key[0]): cell.n for key, cell in made.cells.items()}


def told(totals: Totals, made: Mapping[str, int | None], *, threshold: int) -> dict[str, int | None]:
    """Group -> how many have answered; None where that is hidden. `made`: what the protected table shows.

    How many have answered altogether is always told. Where that must not be known, no group is shown.
    """
    merged = together(totals, threshold=threshold)
    if made.get(TOTAL) is None:
        return dict.fromkeys(merged)
    shown = {value: made.get(value, 0) for value in merged if value != TOGETHER}
    # Of so few, a zero would tell of each: it is hidden, and never alone.
    if TOGETHER in merged:
        asked, answered = merged[TOGETHER]
        known = None not in shown.values() and threshold <= answered < asked
        shown[TOGETHER] = answered if known else None
        if shown[TOGETHER] is None and None not in (n for value, n in shown.items() if value != TOGETHER):
            least = sorted((value for value in shown if value != TOGETHER), key=lambda value: (shown[value], value))
            shown |= dict.fromkeys(least[:1])
    return shown
