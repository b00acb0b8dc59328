"""The decision as its applicant reads it."""

from typing import Any

from django.utils.translation import gettext as _

from funding import letters
from funding.models import Appeal, Application, Decision, Partner
from funding.permissions import can_appeal
from funding.reviewing import totals
from funding.windows import appeal_until, is_open
from members.models import User

STATES = {
    Decision.Outcome.FUNDED: "good",
    Decision.Outcome.RESERVE: "look",
    Decision.Outcome.REJECTED: "stop",
    Decision.Outcome.INELIGIBLE: "stop",
}


def told(application: Application, user: User) -> dict[str, Any]:
    """What templates/funding/_decision.html shows; without a decision that was told there is nothing to show."""
    found = _known(application)
    if found is None:
        return {"decision": None}
    context = _context(found) | {"amounts": letters.amounts(found)}
    may = context["appeal"] is None and context["is_open"] and can_appeal(user, application).allowed
    return context | {"may_appeal": may}


def told_to_partner(partner: Partner) -> dict[str, Any]:
    """The same on a partner's own part: its own amount, and neither the words of an appeal nor what others get."""
    found = None if partner.status == Partner.Status.DECLINED else _known(partner.application)
    if found is None:
        return {"decision": None}
    return _context(found) | {"amounts": letters.amounts(found, partner=partner), "may_appeal": False}


def _known(application: Application) -> Decision | None:
    """The decision, once the applicants know it."""
    found = Decision.objects.told().filter(application=application).first()
    if found is not None:
        found.application = application
    return found


def _context(found: Decision) -> dict[str, Any]:
    return {
        "decision": found,
        "state": STATES[Decision.Outcome(found.outcome)],
        "scores": _scores(found.application),
        "letters": list(found.letters.all()),
        "appeal": Appeal.objects.filter(decision=found).first(),
        "is_open": is_open(found),
        "until": appeal_until(found),
    }


def _scores(application: Application) -> dict[str, Any]:
    total = totals(application.call, application=application).get(application.pk)
    if total is None:
        return {"total": None, "columns": [], "rows": []}
    criteria = {each.pk: each for each in application.call.criteria.all()}
    columns = [(_("Criterion"), False), (_("Score"), True), (_("Of"), True), (_("Needed"), True)]
    labels = [label for label, _numeric in columns]
    rows = []
    for each in total.values:
        criterion = criteria[each.criterion]
        values = [criterion.name, each.value, criterion.most, criterion.threshold]
        rows.append(
            [
                {"label": label, "value": "–" if value is None else value, "numeric": at > 0}
                for at, (label, value) in enumerate(zip(labels, values, strict=True))
            ]
        )
    return {
        "total": total.total,
        "columns": [{"label": label, "numeric": numeric} for label, numeric in columns],
        "rows": rows if total.reviews else [],
    }
