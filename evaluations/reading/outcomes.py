"""The ladder and the list of outcomes as managers read them: by name, and with every figure."""

from collections import Counter
from collections.abc import Iterable

from django.db.models import Count, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.ladder import AmountClass, Attribution, Rung
from evaluations.models import Outcome

WHEN = {
    0: gettext_lazy("Right after"),
    3: gettext_lazy("After 3 months"),
    12: gettext_lazy("After 12 months"),
}


def ladder(found: QuerySet[Outcome]) -> dict[str, object]:
    """How far things had come, at each time of asking, and what they are worth."""
    told = found.order_by().values_list("months", "rung").annotate(n=Count("pk"))
    counts = {months: Counter[str]() for months in WHEN}
    for months, rung, n in told:
        counts[months][rung] = n
    worth = found.order_by().exclude(amount="").values_list("amount").annotate(n=Count("pk"))
    whose = found.order_by().exclude(attribution="").values_list("attribution").annotate(n=Count("pk"))
    members = found.order_by().aggregate(n=Count("organisation", distinct=True))["n"]
    return {
        "charts": [_steps(months, counts[months]) for months in WHEN],
        "worth": chart("worth", _("What it is worth"), dict(worth), AmountClass.choices),
        "whose": chart("whose", _("Without the cluster"), dict(whose), Attribution.choices),
        "total": sum(each.total() for each in counts.values()),
        "members": members,
    }


def _steps(months: int, counts: Counter[str]) -> dict[str, object]:
    title = str(WHEN[months])
    if counts:
        words = {"when": title, "n": counts.total() - counts[Rung.NOTHING], "of": counts.total()}
        title = _("%(when)s: something came of %(n)s of %(of)s") % words
    return chart(f"months-{months}", title, counts, Rung.choices)


def chart(id_: str, title: str, counts: dict[str, int], choices: Iterable[tuple[str, object]]) -> dict[str, object]:
    """Bars in the order of the choices; the longest fills the width."""
    total, most = sum(counts.values()), max(counts.values(), default=0)
    bars = [bar(str(label), counts.get(value, 0), total, most) for value, label in choices]
    note = ngettext("n = %(n)s answer.", "n = %(n)s answers.", total) % {"n": total}
    return {"id": id_, "title": title, "bars": bars if total else [], "note": note if total else _("Nothing told yet.")}


def bar(label: str, part: int, of: int, most: int) -> dict[str, object]:
    """One bar with its number and its share."""
    percent = round(100 * part / of) if of else 0
    value = _("%(n)s (%(percent)s %%)") % {"n": part, "percent": percent}
    return {"label": label, "part": part, "of": of, "value": value, "width": round(100 * part / most) if most else 0}


COLUMNS = (
    gettext_lazy("Member"),
    gettext_lazy("Of what"),
    gettext_lazy("Source"),
    gettext_lazy("Asked"),
    gettext_lazy("How far"),
    gettext_lazy("Worth"),
    gettext_lazy("Without the cluster"),
    gettext_lazy("In their words"),
    gettext_lazy("Told on"),
)


# What the name of the thing that an outcome is of is read from.
OF = (
    *("opportunity", "round", "activity", "grant__award__partner__application__call", "service_request__service"),
    "introduction__shortlist__partnership__organisation",
)


def listed(found: QuerySet[Outcome]) -> QuerySet[Outcome]:
    """Newest first, with what the lines name."""
    rows = found.select_related("organisation", *OF)
    return rows.defer("opportunity__description", "opportunity__search").order_by("-told_on", "-pk")


def line(outcome: Outcome) -> list[str]:
    """A line of the list and of the file, in the order of COLUMNS."""
    return [
        str(outcome.organisation or _("Company of a partner cluster")),
        str(outcome.of or ""),
        str(outcome.get_source_display()),
        str(WHEN[outcome.months]),
        str(outcome.get_rung_display()),
        str(outcome.get_amount_display()),
        str(outcome.get_attribution_display()),
        outcome.words,
        date_format(outcome.told_on, "Y-m-d") if outcome.told_on else "",
    ]


SHOWN = (
    gettext_lazy("Member"),
    gettext_lazy("Of what"),
    gettext_lazy("How far"),
    gettext_lazy("Without the cluster"),
    gettext_lazy("In their words"),
    gettext_lazy("Told"),
)


def row(outcome: Outcome) -> list[dict[str, object]]:
    """A line of the list as cells of a table, in the order of SHOWN."""
    member, of, _source, when, rung, worth, whose, words, _day = line(outcome)
    day = date_format(outcome.told_on, "j M Y") if outcome.told_on else ""
    values = (member, of, ", ".join(each for each in (rung, worth) if each), whose, words, f"{day}, {when.lower()}")
    cells = [{"label": label, "value": value or "–"} for label, value in zip(SHOWN, values, strict=True)]
    if outcome.organisation:
        cells[0]["url"] = outcome.organisation.get_absolute_url()
    return cells
