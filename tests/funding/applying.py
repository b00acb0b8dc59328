"""A call that asks for everything, and an application that could be handed in."""

from dataclasses import dataclass
from decimal import Decimal

from django.core.files.base import ContentFile
from django.urls import reverse

from funding import links
from funding.actions import submissions
from funding.models import Application, Cost, CostCategory, Funder, FundingCall, Partner, Question
from members.models import Organisation
from tests.factories.funding import (
    ApplicationFactory,
    CostCategoryFactory,
    FunderFactory,
    FundingCallFactory,
    PartnerFactory,
    QuestionFactory,
)
from tests.factories.members import MembershipFactory


@dataclass
class Ground:
    """What most tests of applications stand on."""

    call: FundingCall
    swedish: Funder
    estonian: Funder
    staff: CostCategory
    travel: CostCategory
    idea: Question
    application: Application
    own: Partner
    partner: Partner


def call_with_funders(**options: object) -> tuple[FundingCall, Funder, Funder]:
    """Open, paid for in Sweden and in Estonia, half of the costs."""
    call = FundingCallFactory(name="Across the water", slug="across-the-water", code="ATW", **options)
    return (
        call,
        FunderFactory(call=call, name="Svea Fund"),
        FunderFactory(call=call, name="Eesti Fund", member_state="EE"),
    )


def ground(lead: Organisation, **options: object) -> Ground:
    """An application of two, complete but for being handed in."""
    call, swedish, estonian = call_with_funders(**options)
    staff, travel = CostCategoryFactory(call=call, name="Staff"), CostCategoryFactory(call=call, name="Travel")
    idea = QuestionFactory(call=call, text="What is the idea?", most_words=10)
    application = ApplicationFactory(call=call, number=1, lead=lead, title="Clear water", summary="Clean it together.")
    own = application.partners.get(is_lead=True)
    partner = PartnerFactory(
        application=application, name="Emajõe Filters", country="EE", person="Kadri Kask",
        email="kadri@emajoe.example", role="Makes the filters.", confirmed=True, position=1,
    )  # fmt: skip
    for part, funder in ((own, swedish), (partner, estonian)):
        part.funder = funder
        part.grant_eur, part.own_money_eur = Decimal(10_000), Decimal(10_000)
        part.declared_at = application.created_at
        part.save()
        Cost.objects.create(partner=part, category=staff, amount_eur=Decimal(15_000))
        Cost.objects.create(partner=part, category=travel, amount_eur=Decimal(5_000))
    application.answers.create(question=idea, value="A filter for small lakes.")
    return Ground(call, swedish, estonian, staff, travel, idea, application, own, partner)


OF_THE_LEAD = (
    "application", "partners", "project", "budget", "declarations", "attachments", "check", "receipt", "receipt_pdf",
    "withdraw_application", "own_questions", "own_figures", "own_files",
)  # fmt: skip
BY_LINK = (
    "partner_part", "partner_confirm", "partner_decline", "partner_budget", "partner_questions", "partner_figures",
    "partner_files",
)  # fmt: skip


def pages_of(g: Ground) -> list[tuple[str, str]]:
    """Every page of an application that can be read: its lead's, its partner's by link, and what was handed in."""
    reference = g.application.reference
    attachment = g.application.attachments.create(
        file="funding/attachments/nowhere", name="plan.pdf", content_type="application/pdf", size=5, added_by="Olivia"
    )
    attachment.file.save("plan", ContentFile(b"%PDF-"))
    own_file = g.partner.attachments.create(
        application=g.application, file=attachment.file.name, name="accounts.pdf", content_type="application/pdf",
        size=5, added_by="Kadri",
    )  # fmt: skip
    named = {name: [reference] for name in OF_THE_LEAD} | {name: [links.token_of(g.partner)] for name in BY_LINK}
    named |= {
        "applications": [],
        "attachment": [attachment.pk],
        "consortium_partner": [reference, g.partner.pk],
        "history_field": [reference, "title"],
        "history_partner_field": [reference, g.partner.pk, "role"],
        "handed_in": [reference, 1],
        "partner_file": [links.token_of(g.partner), own_file.pk],
    }
    return [(f"funding:{name}", reverse(f"funding:{name}", args=args)) for name, args in named.items()]


def pages_of_applications() -> list[tuple[str, str]]:
    """The same of one that was handed in, of the organisation that most tests know."""
    lead = Organisation.objects.get(name="Ålgräs Robotics")
    g = ground(lead)
    owner = lead.memberships.filter(role="owner").first() or MembershipFactory(organisation=lead)
    submissions.submit(application=g.application, by=owner.user)
    return pages_of(g)
