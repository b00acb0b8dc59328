"""What the pages of one partner's own part show: what it is asked for, what is missing, and its tabs."""

from django.utils.translation import gettext as _

from core import codelists
from core.clocks import second_in
from core.templatetags.portal import country
from funding import checklist
from funding.actions.budgets import budget_of
from funding.actions.partners import lacks, state_of
from funding.doors import Door
from funding.models import Application, Partner, Question
from funding.reading.applications import PARTNER_STATES
from funding.reading.decisions import told_to_partner


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


def asked_for(partner: Partner) -> dict[str, object]:
    """The project and the part in it, as the partner reads them before it confirms; nothing of other partners."""
    budget = budget_of(partner)
    names = {each.pk: each.name for each in partner.application.call.cost_categories.all()}
    return {
        "told": told_to_partner(partner),
        "identity": _identity(partner),
        "budget": budget,
        "costs": [(names[pk], amount) for pk, amount in budget.costs.items()],
        "seen": state_of(partner),
        "lacks": lacks(partner) + _open_questions(partner),
    }


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


def _open_questions(partner: Partner) -> list[str]:
    needs = checklist.needs_figures(partner.application.call, partner)
    lacking = []
    if needs["enterprise"] and partner.enterprise is None:
        lacking.append(_("The figures of your company are missing."))
    if needs["aid"] and partner.declared_aid is None:
        lacking.append(_("Your de minimis aid is not declared yet."))
    if needs["previous_grants"] and partner.previous_grants is None:
        lacking.append(_("Your earlier grants are not said yet."))
    return lacking
