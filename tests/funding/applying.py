"""A call that asks for everything, and an application that could be handed in."""

from dataclasses import dataclass
from decimal import Decimal

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
    return call, FunderFactory(call=call, name="Svea Fund"), FunderFactory(call=call, name="Eesti Fund", member_state="EE")


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
