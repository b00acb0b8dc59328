"""Benchmarks: those that come with the portal, and those that somebody brought."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from evaluations import references
from evaluations.models import Benchmark
from evaluations.reading import words
from evaluations.references import Reference


@dataclass(frozen=True, slots=True)
class Beside:
    """A benchmark that stands beside an answer, or beside a question as a whole (`answer` is blank)."""

    answer: str
    reference: Reference


def known() -> list[Reference]:
    """All benchmarks, those that come with the portal first."""
    brought = Benchmark.objects.order_by("question", "option", "group", "-year", "source")
    return [*references.shipped(), *(as_reference(each) for each in brought)]


def as_reference(row: Benchmark) -> Reference:
    """A stored benchmark as the pure room has it."""
    return Reference(
        row.question, row.option, row.group, row.label, row.value, row.n, row.base, row.year, row.source, row.source_url
    )


def beside(all_known: Iterable[Reference], names: set[str], options: Iterable[str], group: str = "") -> list[Beside]:
    """The benchmarks of a question (`names`: key and facet) and a group; "" takes those of all firms and of SMEs."""
    options = set(options)
    groups = {group} if group else {"", "sme"}
    fitting = [each for each in all_known if each.question in names and each.group in groups]
    return [Beside(each.option if each.option in options else "", each) for each in fitting]


def sections() -> list[dict[str, object]]:
    """All benchmarks, by the question that they are about."""
    found: dict[str, list[dict[str, object]]] = {}
    for each in known():
        found.setdefault(each.question, []).append(said(each) | {"option": each.option, "group": each.group})
    return [{"question": question, "references": each} for question, each in sorted(found.items())]


def said(reference: Reference) -> dict[str, object]:
    """A benchmark with everything that it needs beside it; what is missing is said to be."""
    return {
        "label": reference.label or reference.option,
        "value": reference.value,
        "text": words.percent(reference.value),
        "year": reference.year,
        "base": reference.base or _("base not stated"),
        "n": _("n = %(n)s") % {"n": f"{reference.n:,}"} if reference.n else _("n not stated"),
        "source": reference.source,
        "source_url": reference.source_url,
    }
