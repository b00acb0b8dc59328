"""Partners, their pool and shortlists: minimal by default, states as traits."""

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from ecosystem import models
from tests.factories.members import OrganisationFactory
from tests.factories.opportunities import OpportunityFactory


class PartnershipFactory(DjangoModelFactory):
    """A foreign cluster that the cluster works with."""

    class Meta:
        model = models.Partnership

    organisation = factory.SubFactory(
        OrganisationFactory, partner=True, name=factory.Sequence(lambda n: f"Emajõgi {n}")
    )
    status = models.Partnership.Status.ACTIVE


class AgreementFactory(DjangoModelFactory):
    """A memorandum that holds until somebody ends it."""

    class Meta:
        model = models.Agreement

    partnership = factory.SubFactory(PartnershipFactory)
    title = factory.Sequence(lambda n: f"Memorandum {n}")
    kind = models.Agreement.Kind.MEMORANDUM
    signed_on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=300))


class PartnerContactFactory(DjangoModelFactory):
    """Somebody at a partner."""

    class Meta:
        model = models.PartnerContact

    partnership = factory.SubFactory(PartnershipFactory)
    name = "Kärt Õunapuu"
    email = factory.Sequence(lambda n: f"kart{n}@emajogi.example")


class SharedOpportunityFactory(DjangoModelFactory):
    """A published opportunity in a partner's pool."""

    class Meta:
        model = models.SharedOpportunity

    partnership = factory.SubFactory(PartnershipFactory)
    opportunity = factory.SubFactory(OpportunityFactory, published=True)


class ShortlistFactory(DjangoModelFactory):
    """An open list of a partner; nothing is shown yet."""

    class Meta:
        model = models.Shortlist

    partnership = factory.SubFactory(PartnershipFactory)
    title = factory.Sequence(lambda n: f"Sensors for Tartu {n}")
    seeks = "Makers of sensors for drinking water."
    until = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=14))


class ShortlistCardFactory(DjangoModelFactory):
    """A member on a list, not asked yet. Traits: asked, consented, shown, interested, revealed."""

    class Meta:
        model = models.ShortlistCard

    shortlist = factory.SubFactory(ShortlistFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    kind = "company"
    country = "SE"
    offers = "Sensors for drinking water"
    seeks = "A utility for a trial"

    class Params:
        asked = factory.Trait(status="asked", asked_at=factory.LazyFunction(timezone.now))
        consented = factory.Trait(
            asked=True,
            status="consented",
            fields=["name"],
            wording=1,
            answered_at=factory.LazyFunction(timezone.now),
            answered_how="portal",
        )
        shown = factory.Trait(consented=True, status="shown", shortlist__shown_at=factory.LazyFunction(timezone.now))
        interested = factory.Trait(shown=True, status="interested")
        revealed = factory.Trait(interested=True, status="revealed", revealed_at=factory.LazyFunction(timezone.now))
