"""The ranking of a call: scores, what each asks, each funder's cut, the proposal and what is decided."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.core.cache import cache
from django.db.models import Prefetch
from django.utils.translation import gettext as _

from core.templatetags.portal import cents
from funding import letters, ranking
from funding.actions import announcing
from funding.asking import Part, as_handed_in, by_funder, parts_of
from funding.models import Application, Award, Decision, Funder, FundingCall
from funding.ranking import sentences
from funding.reading.reserve import left_of
from funding.reading.reviews import shown_title
from funding.reviewing import bound_to, code_of, hidden_from, name_for_reviewers, totals
from funding.scoring import Total
from funding.totals import threshold_of
from members.models import User

DAY = 86_400


@dataclass(frozen=True, slots=True)
class Cell:
    """What an application asks of one funder, with all above it. `line`: here this funder's money ends.

    `so_far` is none where something is closed to the reader: the sums would tell what that asks for.
    """

    funder: Funder
    asks: Decimal | None
    so_far: Decimal | None
    is_over: bool
    line: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One application in its place, among those that are open to the reader. What is told of money comes last."""

    application: Application
    name: str
    title: str
    code: str
    decision: Decision | None
    place: int
    total: Total
    passes: bool
    cells: Sequence[Cell] = ()
    is_above: bool = False
    stopped: str = ""
    is_proposed: bool = False
    passed_over: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """A call with all that its ranking is made of. `closed`: names of what the reader is bound to or still reviews."""

    call: FundingCall
    reader: User
    applications: dict[int, Application]
    names: dict[int, str]
    parts: dict[int, list[Part]]
    totals: dict[int, Total]
    problem: ranking.Call
    closed: Collection[str]


def facts_of(call: FundingCall, reader: User) -> Facts:
    """Everything that was handed in and was not withdrawn, under the names that the reader knows."""
    awards = Prefetch("decision__awards", Award.objects.select_related("partner", "funder"))
    rows = Application.objects.handed_in().filter(call=call).order_by("number")
    if call.is_blind and not reader.is_manager:
        rows = rows.prefetch_related("submissions")  # their titles are shown without names
    found = as_handed_in(rows.select_related("lead", "decision").prefetch_related(awards))
    applications = {each.pk: each for each in found}
    for each in applications.values():
        each.call = call
    parts = parts_of(applications.values())
    scored = totals(call)
    names = {pk: each.reference if reader.is_manager else name_for_reviewers(each) for pk, each in applications.items()}
    problem = ranking.Call(
        threshold=threshold_of(call, scored),
        funders=[
            ranking.Funder(id=str(each.pk), name=each.name, budget=each.budget_eur) for each in call.funders.all()
        ],
        applications=[_asked(each, names[pk], parts[pk], scored[pk]) for pk, each in applications.items()],
    )
    closed = {names[pk] for pk in hidden_from(reader, call) if pk in names}
    return Facts(call, reader, applications, names, parts, scored, problem, closed)


def _asked(application: Application, name: str, parts: list[Part], total: Total) -> ranking.Application:
    ineligible = decision_of(application)
    return ranking.Application(
        id=name,
        score=total.total or Decimal(0),
        passes=total.passes and not (ineligible and ineligible.outcome == Decision.Outcome.INELIGIBLE),
        asks={str(pk): amount for pk, amount in by_funder(parts).items()},
    )


def decision_of(application: Application) -> Decision | None:
    """What is decided of it, if anything."""
    return getattr(application, "decision", None)


def proposal_of(problem: ranking.Call) -> ranking.Choice:
    """The set of greatest value. The same question is answered once: large calls take seconds."""
    key = f"funding-proposal:{hashlib.sha256(problem.model_dump_json().encode()).hexdigest()}"
    if (known := cache.get(key)) is None:
        cache.set(key, known := ranking.best(problem), DAY)
    return known


def page(call: FundingCall, reader: User) -> dict[str, Any]:
    """Rows, budgets, and the two proposals with their reasons: no row, sum or sentence tells of what is closed.

    Amounts beside a line tell what a closed one asks for, and every line, reason and sum rests on what it asks for. So
    the panel reads nothing of money as long as something is closed to it. The team has to: it decides on the others.
    """
    facts = facts_of(call, reader)
    if facts.closed and not reader.is_manager:
        return {"rows": _places(facts), "is_partial": True, "tells_money": False, "closed": []}
    choice = proposal_of(facts.problem)
    strict = ranking.cut_without(facts.problem, ranking.cut(facts.problem), facts.closed)
    missing = ranking.missing_without(ranking.missing_of(facts.problem, choice.selection), facts.closed)
    said = {"is_best": choice.is_proven, "is_partial": bool(facts.closed)}
    reasons = {
        each.application: sentences.of_missing(facts.problem, each, choice.selection.left, **said) for each in missing
    }
    rows = _rows(facts, strict, choice, reasons)
    more = ranking.comes_in_first(missing)
    return {
        "rows": rows,
        "is_partial": bool(facts.closed),
        "tells_money": True,
        "closed": sorted(facts.closed),
        "funders": _budgets(facts, strict, choice, more),
        "proposal": _told(facts, choice),
        "undecided": sum(row.decision is None for row in rows),
        "more": [
            sentences.of_next(facts.problem, funder, each, is_partial=bool(facts.closed))
            for funder, each in more.items()
        ],
    }


def _places(facts: Facts) -> list[Row]:
    """Who stands where, and what is decided, without a word on money."""
    by_name = {name: facts.applications[pk] for pk, name in facts.names.items()}
    rows = []
    for place, each in ranking.ranked(ranking.without(facts.problem, facts.closed)):
        application = by_name[each.id]
        rows.append(
            Row(
                application=application,
                name=each.id,
                title=application.title if facts.reader.is_manager else shown_title(application),
                code=code_of(application),
                decision=decision_of(application),
                place=place,
                total=facts.totals[application.pk],
                passes=facts.problem.can_be_funded(each),
            )
        )
    return rows


def _rows(facts: Facts, strict: ranking.Cut, choice: ranking.Choice, reasons: Mapping[str, str]) -> list[Row]:
    budgets = {each.pk: each for each in facts.call.funders.all()}
    so_far = dict.fromkeys(budgets, Decimal(0))
    rows = []
    for row in _places(facts):
        asks = by_funder(facts.parts[row.application.pk])
        for pk, amount in asks.items() if row.passes else ():
            so_far[pk] += amount
        rows.append(
            replace(
                row,
                cells=[
                    Cell(
                        funder=funder,
                        asks=asks.get(pk),
                        so_far=None if facts.closed else so_far[pk],
                        is_over=row.passes and so_far[pk] > funder.budget_eur,
                        line=strict.lines.get(str(pk)) == row.name,
                    )
                    for pk, funder in budgets.items()
                ],
                is_above=row.name in strict.selection.funded,
                stopped=sentences.of_cut(facts.problem, strict, row.name) if row.name in strict.blocked else "",
                is_proposed=row.name in choice.selection.funded,
                passed_over=reasons.get(row.name, ""),
            )
        )
    return rows


def _budgets(
    facts: Facts, strict: ranking.Cut, choice: ranking.Choice, more: Mapping[str, ranking.Next]
) -> list[dict[str, object]]:
    asked = by_funder(
        part for pk, parts in facts.parts.items() if facts.names[pk] not in facts.closed for part in parts
    )
    left = left_of(facts.call)
    return [
        {
            "funder": each,
            "asked": asked.get(each.pk, Decimal(0)),
            "line": strict.lines.get(str(each.pk), ""),
            "left_strict": strict.selection.left[str(each.pk)],
            "left_best": choice.selection.left[str(each.pk)],
            "awarded": each.budget_eur - left[each.pk],
            "left": left[each.pk],
            "next": more.get(str(each.pk)),
        }
        for each in facts.call.funders.all()
    ]


def _told(facts: Facts, choice: ranking.Choice) -> dict[str, object]:
    listed = ranking.in_order(facts.problem)
    worth = {each.id: each.score - facts.problem.threshold for each in facts.problem.applications}
    return {
        "funded": len(choice.selection.funded),
        "value": choice.value,
        "bound": choice.bound,
        "is_proven": choice.is_proven,
        "gap": choice.gap * 100,
        "threshold": facts.problem.threshold,
        "listed": len(listed.funded),
        "listed_value": sum((worth[id_] for id_ in listed.funded), Decimal(0)),
        "same": listed.funded == choice.selection.funded,
    }


def reviews_are_in(application: Application) -> bool:
    """Whether it has as many reviews as the call wants, and a total."""
    total = totals(application.call, application=application).get(application.pk)
    return total is not None and total.total is not None and total.reviews >= application.call.reviews_each


def about(application: Application) -> list[dict[str, object]]:
    """One application beside its decision: the facts of the page on which it is decided."""
    parts = parts_of([application])[application.pk]
    asked = by_funder(parts)
    facts = [{"label": _("Lead"), "value": application.lead.name}]
    if total := totals(application.call, application=application).get(application.pk):
        facts += _judged(application, total)
    facts.append({"label": _("Asks for"), "value": cents(sum(asked.values(), Decimal(0)))})
    left = left_of(application.call)
    for funder in application.call.funders.all():
        if funder.pk in asked:
            words = {"asked": cents(asked[funder.pk]), "left": cents(left[funder.pk])}
            facts.append({"label": funder.name, "value": _("%(asked)s asked, %(left)s left") % words})
    return facts


def decided(decision: Decision | None) -> dict[str, object]:
    """What each partner gets, the letters that went out, and the awards of which nobody has said whose they are."""
    if decision is None:
        return {"amounts": [], "letters": [], "nameless": []}
    nameless = decision.awards.filter(given_up_at=None, partner__organisation=None, funder__is_de_minimis=True)
    return {
        "amounts": letters.amounts(decision),
        "letters": list(decision.letters.all()),
        "nameless": list(nameless.select_related("partner").order_by("partner__position", "pk")),
    }


def _judged(application: Application, total: Total) -> list[dict[str, object]]:
    names = {each.pk: each.name for each in application.call.criteria.all()}
    reviews = _("%(n)s of %(all)s") % {"n": total.reviews, "all": application.call.reviews_each}
    return [
        {"label": _("Score"), "value": _("%(n)s of 100") % {"n": total.total} if total.total is not None else ""},
        {"label": _("Reviews"), "value": reviews},
        {"label": _("Below its threshold"), "value": ", ".join(names[each] for each in total.below)},
        {"label": _("Reviewers disagree on"), "value": ", ".join(names[each] for each in total.apart)},
    ]


def before_telling(call: FundingCall, reader: User) -> dict[str, Any]:
    """How many hear what, and what is still in the way. What binds the reader is not counted and not named."""
    handed_in = Application.objects.handed_in().filter(call=call)
    closed = bound_to(reader, call)
    rows = as_handed_in(handed_in.exclude(pk__in=closed).select_related("call", "decision").order_by("number"))
    found = [decision_of(each) for each in rows]
    counts = [
        {"label": label, "value": sum(each is not None and each.outcome == value for each in found)}
        for value, label in Decision.Outcome.choices
    ]
    return {
        "figures": counts,
        "undecided": [each for each in rows if decision_of(each) is None],
        "is_known": call.status in (FundingCall.Status.DECIDED, FundingCall.Status.OVER),
        "not_now": "" if call.phase == FundingCall.Phase.REVIEW else announcing.NOT_IN_REVIEW,
        "is_ready": not handed_in.filter(decision=None).exists(),
        "closed": handed_in.filter(pk__in=closed).count(),
        "n": handed_in.count(),
    }
