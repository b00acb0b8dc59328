"""What the pages of one partner's own part show: what it is asked for, what is missing, and its tabs."""

from django.utils import timezone
from django.utils.translation import gettext as _

from core import codelists
from core.clocks import second_in
from core.models import AuditEvent
from core.templatetags.portal import country
from funding import checking, checklist, eligibility
from funding.actions.budgets import budget_of
from funding.actions.partners import lacks, state_of
from funding.doors import Door
from funding.models import Application, Partner, Question
from funding.reading.applications import PARTNER_STATES
from funding.reading.decisions import told_to_partner

# What decides whether a confirmation was taken back since it was given.
ANSWERED = ("funding.part_confirmed", "funding.part_to_be_confirmed_again", "funding.partner_link_stopped")
# What is said to be missing does not need a rule that says so again.
SAID_ABOVE = {"budget_not_complete", "grant_not_said", "costs_not_said", "aid_not_declared", "previous_not_said"}


def part_context(door: Door, page: str) -> dict[str, object]:
    """What each page of a part is made with."""
    partner = door.partner
    call = partner.application.call
    return {
        "door": door,
        "partner": partner,
        "application": partner.application,
        "call": call,
        "deadline": second_in(call.deadline, call.time_zone),
        "tabs": _tabs(door, page),
        "is_open": is_open(partner),
        "partner_state": PARTNER_STATES[Partner.Status(partner.status)],
    }


def is_open(partner: Partner) -> bool:
    """Whether anything of the part can be changed now."""
    writing = {Application.Status.DRAFT, Application.Status.AMENDING}
    return partner.application.call.takes_applications and partner.application.status in writing


def _tabs(door: Door, page: str) -> list[dict[str, object]]:
    pages = [("questions", _("Questions")), ("figures", _("Figures and aid")), ("files", _("Files"))]
    if not door.user:
        pages = [("part", _("Your part")), ("budget", _("Budget")), *pages]
    return [{"label": label, "url": door.url(name), "current": name == page, "count": None} for name, label in pages]


def questions_for(partner: Partner) -> list[Question]:
    """What this partner is asked."""
    return checklist.asked_of(partner, list(partner.application.call.questions.select_related("funder")))


def asked_for(door: Door) -> dict[str, object]:
    """The project and the part in it, as the partner reads them before it confirms; nothing of other partners."""
    partner = door.partner
    budget = budget_of(partner)
    names = {each.pk: each.name for each in partner.application.call.cost_categories.all()}
    return {
        "told": told_to_partner(partner),
        "identity": _identity(partner),
        "budget": budget,
        "costs": [(names[pk], amount) for pk, amount in budget.costs.items()],
        "seen": state_of(partner),
        "lacks": lacking(door),
        "against": _against(partner),
        "changed": _changed(partner),
    }


def lacking(door: Door) -> list[dict[str, str]]:
    """What is still to be filled in, each with the page where it is."""
    found = lacks(door.partner)
    if figures := _figures_lacking(door.partner):
        found["figures"] = " ".join(figures)
    return [{"text": text, "url": door.url(page)} for page, text in found.items()]


def _against(partner: Partner) -> list[dict[str, str]]:
    """The rules that the part does not keep as it stands, or that need more of its figures to be decided."""
    try:
        call = checking.call_of(partner.application.call)
        asked = checking.application_of(partner.application, moment=timezone.now())
    except ValueError:
        return []
    told = {"fail", "unknown"} if partner.enterprise else {"fail"}
    return [
        {"verdict": finding.verdict, "text": checklist.told_to_lead(finding, {partner.name})}
        for result in eligibility.check(call, asked)
        for finding in result.findings
        if finding.partner == partner.name and finding.verdict in told and finding.code not in SAID_ABOVE
    ]


def _changed(partner: Partner) -> dict[str, object] | None:
    """What was changed after the partner had confirmed, and by whom, while it has not confirmed again."""
    if partner.status != Partner.Status.INVITED:
        return None
    acts = AuditEvent.objects.filter(object_type=Partner._meta.label_lower, object_id=partner.pk, action__in=ANSWERED)
    last = acts.order_by("-pk").first()
    if last is None or last.action != "funding.part_to_be_confirmed_again":
        return None
    return {"at": last.at, "by_lead": last.actor_id is not None, "what": last.details.get("what", [])}


def _identity(partner: Partner) -> list[dict[str, object]]:
    """Who it is and what it does, as eligibility looks at it."""
    region = codelists.nuts().get(partner.region)
    return [
        {"label": _("Organisation"), "value": f"{partner.name}, {partner.get_kind_display()}"},
        {"label": _("Registration number"), "value": partner.registration_number},
        {"label": _("Country"), "value": country(partner.country)},
        {"label": _("Region"), "value": region.label if region else partner.region},
        {"label": _("Activities"), "value": ", ".join(each.name for each in partner.activity_types.all())},
    ]


def _figures_lacking(partner: Partner) -> list[str]:
    needs = checklist.needs_figures(partner.application.call, partner)
    lacking = []
    if needs["enterprise"] and partner.enterprise is None:
        lacking.append(_("The figures of your company are missing."))
    if needs["aid"] and partner.declared_aid is None:
        lacking.append(_("Your de minimis aid is not declared yet."))
    if needs["previous_grants"] and partner.previous_grants is None:
        lacking.append(_("Your earlier grants are not said yet."))
    return lacking
