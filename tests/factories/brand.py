"""The public pages: minimal by default, states as traits."""

import factory
from factory.django import DjangoModelFactory

from members.models import Listing
from tests.factories.members import OrganisationFactory


class ListingFactory(DjangoModelFactory):
    """A member that agreed to show its name, kind and country. Trait: full (everything)."""

    class Meta:
        model = Listing

    organisation = factory.SubFactory(OrganisationFactory, full=True)
    wording = 1

    class Params:
        full = factory.Trait(fields=list(Listing.Field.values))
