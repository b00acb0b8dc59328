"""How far a visitor's check has come: which step is next, and what travels on in the address."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from django import forms
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from funding.eligibility.types import Call
from funding.forms.checks import STEPS
from funding.forms.steps import Step
from funding.quick_check import Line
from members.models import Organisation, User

# What the address says beside the answers: the step that was sent, the step to go back to, one partner more, and that
# somebody has gone back: what was answered behind that step is not asked anew.
SENT, BACK, MORE, AGAIN = "from", "at", "more", "again"


@dataclass
class Walk:
    """The step to be shown (none: all is answered), the answers so far, and links of the steps."""

    form: Step | None
    said: dict[str, object]
    hidden: list[tuple[str, str]]
    steps: list[dict[str, object]]
    profile: dict[str, object] = field(default_factory=dict)

    @property
    def number(self) -> int:
        """Which step it is, from 1."""
        return next((n for n, step in enumerate(self.steps, start=1) if step["state"] == "current"), 0)


def of_profile(user: User | AnonymousUser) -> dict[str, object]:
    """What the profile of somebody's own organisation knows already; nothing for strangers."""
    membership = user.own_membership if isinstance(user, User) else None
    if membership is None:
        return {}
    own: Organisation = membership.organisation
    return {
        "own_name": own.name,
        "own_kind": own.kind,
        "own_country": own.country,
        "own_region": own.nuts,
        "own_headcount": own.headcount,
        "own_turnover": own.turnover_eur,
        "own_balance": own.balance_eur,
    }


def walk(call: Call, query: QueryDict, profile: dict[str, object]) -> Walk:
    """Goes through the steps in their order up to the first that is not answered, or the one to go back to.

    Every step up to the one that was sent is read again: an address may have been typed, or shortened.
    """
    sent, back = query.get(SENT, ""), query.get(BACK, "")
    names = [step.name for step in STEPS]
    reached = names.index(sent) if sent in names else -1
    said: dict[str, object] = {}
    shown: list[dict[str, object]] = []
    for place, step in enumerate(STEPS):
        if not step.is_asked(call, said):
            continue
        again = AGAIN in query and place > reached and _was_sent(step(query, call=call, earlier=said), query)
        answered = (place <= reached or again) and step.name != back
        form = step(query, call=call, earlier=said) if answered else _unanswered(step, call, said, query, profile)
        more = answered and MORE in query and step.name == sent == "partners"
        if not answered or more or not form.is_valid():
            form = _with_one_more(step, call, said, query) if more else form
            shown.append(_step(step, query, "current"))
            return Walk(form, said, _hidden(query, form), shown, _taken(form, profile))
        said |= form.cleaned_data
        shown.append(_step(step, query, "done"))
    return Walk(None, said, [], shown)


def _was_sent(form: Step, query: QueryDict) -> bool:
    """Whether the address has all that this step asks; of boxes that nobody ticked an address says nothing."""
    boxes = forms.BooleanField | forms.MultipleChoiceField
    return all(name in query for name, each in form.fields.items() if not isinstance(each, boxes))


def _unanswered(step: type[Step], call: Call, said: dict[str, object], query: QueryDict, profile: object) -> Step:
    """A step to be answered, filled in with what the address, or else the profile, knows."""
    form = step(call=call, earlier=said, initial=dict(profile) | {"rows": query.get("rows", "")})
    for name, each in form.fields.items():
        if name in query:
            values = query.getlist(name)
            form.initial[name] = values if hasattr(each.widget, "allow_multiple_selected") else values[-1]
    return form


def _with_one_more(step: type[Step], call: Call, said: dict[str, object], query: QueryDict) -> Step:
    longer = query.copy()
    rows = step(query, call=call, earlier=said)
    longer["rows"] = str(len(getattr(rows, "numbers", ())) + 1)
    return _unanswered(step, call, said, longer, {})


def _hidden(query: QueryDict, form: Step) -> list[tuple[str, str]]:
    """The answers of other steps, which travel on with this one."""
    known = set().union(*(each.base_fields for each in STEPS))
    kept = [name for name in query if (name in known or (name[:1] == "p" and name[1:2].isdigit()) or name == "lead")]
    answers = [(name, value) for name in kept if name not in form.fields for value in query.getlist(name)]
    return [*answers, (AGAIN, "1")] if AGAIN in query or BACK in query else answers


def _step(step: type[Step], query: QueryDict, state: str) -> dict[str, object]:
    """A step for the row of steps, with a link back to it."""
    return {"name": step.name, "label": step.title, "state": state, "url": back_to(query, step.name)}


def back_to(query: QueryDict, name: str) -> str:
    """The address of a step with everything that was answered."""
    other = query.copy()
    for key in (SENT, BACK, MORE, AGAIN):
        other.pop(key, None)
    other[SENT] = STEPS[-1].name
    other[BACK] = name
    return f"?{other.urlencode()}"


def _taken(form: Step, profile: Mapping[str, object]) -> dict[str, object]:
    """What of the profile stands in this form."""
    if form.is_bound:
        return {}
    return {name: value for name, value in profile.items() if name in form.fields and value not in (None, "")}


def verdict(lines: list[Line], steps: list[dict[str, object]]) -> dict[str, object]:
    """The answer in one sentence, and the rules in the order of what there is to do, with the way to the answers."""
    urls = {step["name"]: str(step["url"]) for step in steps}
    lines = [each if each.verdict == "pass" else each._replace(url=urls.get(each.step, "")) for each in lines]
    count = Counter(each.verdict for each in lines)
    groups = [
        ("fail", _("Not kept"), "stop"),
        ("unknown", _("Not known yet"), "look"),
        ("pass", _("Kept"), "good"),
    ]
    return {
        "title": _title(count),
        "groups": [
            {"label": label, "state": state, "lines": [each for each in lines if each.verdict == name]}
            for name, label, state in groups
            if count[name]
        ],
    }


def _title(count: Counter[str]) -> str:
    failed, unknown = count["fail"], count["unknown"]
    if failed:
        return ngettext(
            "As it is, you cannot apply: %(n)s rule is not kept.",
            "As it is, you cannot apply: %(n)s rules are not kept.",
            failed,
        ) % {"n": failed}
    if unknown:
        return ngettext(
            "Nothing speaks against it. %(n)s point is open.",
            "Nothing speaks against it. %(n)s points are open.",
            unknown,
        ) % {"n": unknown}
    return _("You can apply.")
