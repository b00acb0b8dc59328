"""What tests of grants and of the ledger stand on."""

from datetime import date, timedelta
from decimal import Decimal

from django.urls import reverse
from django.utils import timezone

from funding.actions import granting
from funding.models import (
    Aid,
    Award,
    Declaration,
    DeclaredAid,
    FundingCall,
    GrantReport,
    Milestone,
    Payment,
    RegisterImport,
)
from funding.urls.grants import urlpatterns
from members.actions import undertakings
from members.models import Organisation, User
from tests.factories.funding import (
    AidFactory,
    ApplicationFactory,
    AwardFactory,
    DecisionFactory,
    FunderFactory,
    FundingCallFactory,
)
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


def today() -> date:
    return timezone.localdate()


def pages_of_grants(manager: User, organisation: Organisation) -> list[tuple[str, str]]:
    """Every address of grants and of the ledger, with things of one beneficiary in it."""
    grant = granting.grant(award=award_for(organisation), by=manager)
    due = {"grant": grant, "due_on": today() + timedelta(days=9)}
    declaration = Declaration.objects.create(organisation=organisation, status="handed_in", handed_in_at=timezone.now())
    aid = {"beneficiary": "X", "member_state": "SE", "authority": "Y", "amount_eur": 5, "granted_on": today()}
    pks = {
        "grants/milestones/": Milestone.objects.create(**due, name="Fair").pk,
        "grants/payments/": Payment.objects.create(**due, name="First", amount_eur=5).pk,
        "grants/reports/": GrantReport.objects.create(**due, kind="final").pk,
        "grants/awards/": award_for(organisation, call=decided_call()).pk,
        "grants/": grant.pk,
        "ledger/entries/": AidFactory(organisation=organisation).pk,
        "ledger/rows/": DeclaredAid.objects.create(declaration=declaration, **aid).pk,
        "ledger/declarations/": declaration.pk,
        "ledger/imports/": RegisterImport.objects.create(file_name="register.csv").pk,
    }
    slugs = {"ledger/": organisation.slug, "<": grant.award.funder.call.slug}
    found = []
    for entry in urlpatterns:
        path, given = str(entry.pattern), {}
        if "<int:pk>" in path:
            given["pk"] = next(pk for start, pk in pks.items() if path.startswith(start))
        if "<slug:slug>" in path:
            given["slug"] = next(slug for start, slug in slugs.items() if path.startswith(start))
        found.append((f"funding:{entry.name}", reverse(f"funding:{entry.name}", kwargs=given)))
    return found
