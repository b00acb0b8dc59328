"""The sums of a budget and what the rules say of it, from what is typed and not saved yet."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from core.forms import faults
from funding import checking, checklist, eligibility
from funding.eligibility import types
from funding.forms.budgets import BudgetForm
from funding.models import Application

RULES = {"budget", "grant", "co_financing", "de_minimis"}
ZERO = Decimal(0)


def sums(application: Application, forms: Sequence[BudgetForm], *, own_part: bool = False) -> dict[str, object]:
    """By partner, category and funder, and the findings about money. `own_part`: a partner looks at its own alone."""
    budgets = [(form.partner, form.budget()) for form in forms]
    categories = forms[0].categories if forms else []
    by_funder: dict[str, Decimal] = {}
    for partner, budget in budgets:
        if partner.funder:
            by_funder[partner.funder.name] = by_funder.get(partner.funder.name, ZERO) + (budget.grant or ZERO)
    return {
        "partners": [
            {
                "name": partner.name, "total": budget.total, "grant": budget.grant, "own": budget.own,
                "own_and_other": (budget.own or ZERO) + budget.other, "open": budget.total - _paid(budget),
                "share": 100 * budget.grant / budget.total if budget.grant and budget.total else None,
            }
            for partner, budget in budgets
        ],
        "categories": [
            {"name": each.name, "total": sum((b.costs.get(each.pk, ZERO) for _p, b in budgets), ZERO)}
            for each in categories
        ],
        "funders": sorted(by_funder.items()),
        "total": sum((budget.total for _partner, budget in budgets), ZERO),
        "grant": sum((budget.grant or ZERO for _partner, budget in budgets), ZERO),
        "points": _points(application, forms, own_part=own_part),
    }  # fmt: skip


def _paid(budget: object) -> Decimal:
    return (budget.grant or ZERO) + (budget.own or ZERO) + budget.other


def _points(application: Application, forms: Sequence[BudgetForm], *, own_part: bool) -> list[dict[str, str]]:
    try:
        call = checking.call_of(application.call)
        asked = checking.application_of(application, moment=timezone.now())
    except ValueError:
        return [{"verdict": "fail", "text": _("The cluster team has not finished the rules of this call.")}]
    typed = {checking.identity(form.partner): form for form in forms}
    partners = [_as_typed(each, typed.get(each.id)) for each in asked.partners if not own_part or each.id in typed]
    own = {each.name for each in partners if own_part or each.is_lead}
    results = eligibility.check(call, asked.model_copy(update={"partners": tuple(partners)}))
    unread = [{"verdict": "fail", "text": each.text} for each in faults((form.partner.name, form) for form in forms)]
    return unread + [
        {"verdict": finding.verdict, "text": checklist.told_to_lead(finding, own)}
        for result in results
        for finding in result.findings
        if result.rule in RULES or finding.code == "no_funder"
        if finding.code not in {"nothing_asked", *checklist.SAID_BY_THE_BUDGET}
    ]


def _as_typed(partner: types.Partner, form: BudgetForm | None) -> types.Partner:
    if form is None:
        return partner
    budget, names = form.budget(), {each.pk: each.name for each in form.categories}
    costs = tuple(types.Cost(category=names[pk], amount=amount) for pk, amount in budget.costs.items())
    said = {"costs": costs, "grant": budget.grant, "own_money": budget.own, "other_money": budget.other}
    return partner.model_copy(update=said)
