"""What tests of grants and of the ledger stand on."""

from decimal import Decimal

from django.utils import timezone

from funding.models import Aid, Award, FundingCall
from members.actions import undertakings
from members.models import Organisation, User
from tests.factories.funding import ApplicationFactory, AwardFactory, DecisionFactory, FunderFactory, FundingCallFactory
from tests.factories.members import OrganisationFactory


def decided_call(**facts: object) -> FundingCall:
    return FundingCallFactory(decided=True, **facts)


def award_for(organisation: Organisation | None, amount: int = 20_000, **funder: object) -> Award:
    """An award of a decided call to an organisation, by a funder of its own whose grants are de minimis aid."""
    call = funder.pop("call", None) or decided_call()
    funder = FunderFactory(call=call, **({"is_de_minimis": True, "budget_eur": 900_000} | funder))
    decision = DecisionFactory(application=ApplicationFactory(call=call, submitted=True))
    name = organisation.name if organisation else "Unknown to us"
    facts = {"partner__organisation": organisation, "partner__name": name, "partner__declared_aid": []}
    return AwardFactory(decision=decision, funder=funder, amount_eur=Decimal(amount), **facts)


def one_undertaking(manager: User, *names: str) -> list[Organisation]:
    """Companies that are one undertaking."""
    companies = [OrganisationFactory(name=name) for name in names]
    undertakings.join(organisations=companies, by=manager)
    return [Organisation.objects.get(pk=each.pk) for each in companies]


def on_the_ledger(*companies: Organisation) -> Decimal:
    """EUR that stands there for them."""
    return sum(Aid.objects.filter(organisation__in=companies).values_list("amount_eur", flat=True), Decimal(0))


def today():
    return timezone.localdate()
