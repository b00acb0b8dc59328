"""The answers of a visitor as an application, and what the rules of a call say of it, seen from one organisation."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from funding import sentences
from funding.eligibility import check, types
from funding.eligibility.rules import funder_of
from funding.forms.checks import MOST_PARTNERS
from funding.forms.size_steps import enterprise_of
from funding.forms.steps import figures, funders_in

Said = Mapping[str, object]
# Of these only the own part is asked about; partners find out for themselves.
OF_EACH_PARTNER = frozenset(
    {"kind", "activity", "grant", "co_financing", "de_minimis", "previous_grants", "sme_status", "funder"}
)
# What a visitor is not asked: sums that must agree, who is in twice, and other applications.
NOT_ASKED = frozenset({"budget", "partners", "one_consortium_only"})
STEP_OF = {
    "duration": "project",
    "consortium_size": "partners",
    "consortium_countries": "partners",
    "lead": "partners",
    "smes_in_consortium": "partners",
    "funder": "own",
    "kind": "own",
    "sme_status": "size",
    "activity": "project",
    "grant": "project",
    "co_financing": "project",
    "de_minimis": "before",
    "previous_grants": "before",
}
# Where what is missing of a size is asked for.
STEP_OF_MISSING = {
    "headcount": "size",
    "money": "size",
    "holding": "around",
    "headcount_before": "year_before",
    "money_before": "year_before",
    "holding_before": "around_before",
}


class Line(NamedTuple):
    """One rule with what it found: a verdict, sentences, the source, what to do, and the step to change it in."""

    rule: str
    verdict: str
    told: list[str]
    source: str
    to_do: list[str]
    step: str
    url: str = ""


def application_of(call: types.Call, said: Said, *, moment: datetime, granting_on: date) -> types.Application:
    """The consortium as it was described. What was not said is open."""
    others = [
        _other(said, number, is_lead=said.get("lead") == number)
        for number in range(1, MOST_PARTNERS + 1)
        if said.get(f"p{number}_kind") and said.get(f"p{number}_country")
    ]
    own = _own(call, said, moment.astimezone(ZoneInfo(call.zone)).date(), granting_on)
    return types.Application(moment=moment, granting_on=granting_on, months=said.get("months"), partners=(own, *others))


def _own(call: types.Call, said: Said, today: date, granting_on: date) -> types.Partner:
    costs, grant = said.get("costs"), said.get("grant")
    funders = funders_in(call, said["own_country"])
    own = types.Partner(
        id="own",
        name=str(said.get("own_name") or _("Your organisation")),
        kind=said["own_kind"],
        country=said["own_country"],
        region=said.get("own_region") or None,
        is_lead=not said.get("lead"),
        funder=funders[0].id if len(funders) == 1 else None,
        activities=tuple(said.get("activities") or ()),
        costs=() if costs is None else (types.Cost(category=_("Costs"), amount=costs),),
        grant=grant,
        own_money=None if costs is None or grant is None else costs - grant,
        enterprise=enterprise_of(said) if said["own_kind"] == "company" else None,
        de_minimis=_aid(call, said, granting_on),
    )
    funder = funder_of(call, own)
    previous = said.get("previous")
    if previous is None or funder is None:
        return own
    had = (types.PreviousGrant(funder=funder.id, granted_on=today),) * int(str(previous))
    return own.model_copy(update={"previous_grants": had})


def _aid(call: types.Call, said: Said, granting_on: date) -> tuple[types.Aid, ...] | None:
    amount = said.get("aid")
    if amount is None:
        return None
    state = next((each.member_state for each in funders_in(call, said["own_country"])), said["own_country"])
    return (types.Aid(undertaking="own", member_state=state, amount=amount, granted_on=granting_on),)


def _other(said: Said, number: int, *, is_lead: bool) -> types.Partner:
    kind = said[f"p{number}_kind"]
    return types.Partner(
        id=f"p{number}",
        name=_("Partner %(n)s") % {"n": number},
        kind=kind,
        country=said[f"p{number}_country"],
        is_lead=is_lead,
        enterprise=types.Enterprise(years=(figures(said, f"p{number}"),)) if kind == "company" else None,
    )


def lines(call: types.Call, application: types.Application) -> list[Line]:
    """What each rule says, without the parts of partners that they fill in themselves."""
    own = application.partners[0].name
    found = []
    for result in check(call, application):
        findings = result.findings
        if result.rule in OF_EACH_PARTNER:
            findings = tuple(each for each in findings if each.partner in (own, None))
        if result.rule in NOT_ASKED or not findings:
            continue
        kept = types.Result(result.rule, result.source, findings)
        told = [each for each in findings if each.verdict == kept.verdict]
        if [each.code for each in told] == ["nothing_asked"]:
            continue
        found.append(
            Line(
                rule=str(sentences.RULES[result.rule]),
                verdict=kept.verdict,
                told=[_said(each, own) for each in told],
                source=str(sentences.SOURCES.get(result.source, result.source)),
                to_do=[do for each in told if (do := sentences.to_do(each))],
                step=_step(result.rule, told),
            )
        )
    return found


def _step(rule: str, told: list[types.Finding]) -> str:
    """The step whose answers a rule looked at."""
    for finding in told:
        missing = finding.values.get("missing")
        if isinstance(missing, tuple) and missing:
            return STEP_OF_MISSING[missing[0][0]]
    return STEP_OF.get(rule, "")


def _said(finding: types.Finding, own: str) -> str:
    text = sentences.sentence(finding)
    return text if finding.partner in (None, own) else f"{finding.partner}: {text}"
