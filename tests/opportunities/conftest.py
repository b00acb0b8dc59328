"""What several tests of the member's side stand on."""

import pytest

from members.models import Organisation, Profile
from opportunities import reading
from opportunities.models import Opportunity
from tests.opportunities.ground import filter_now, member, opportunity


@pytest.fixture
def timber(owner, organisation: Organisation, outsider) -> list[Opportunity]:
    """Eight that fit the owner's company, in the order of its feed, and eight that fit the outsider's."""
    words = member("timber", 70).profile
    told = {"summary": words.summary, "offers": words.offers, "seeks": words.seeks}
    Profile.objects.filter(organisation=organisation).update(**told)
    for seed in range(8):
        opportunity("timber", seed, published=True)
        opportunity("water", seed, published=True)
    filter_now()
    return [Opportunity.objects.get(pk=pk) for pk in reading._chosen(organisation)]
