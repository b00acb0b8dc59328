"""The sample's public pages have something to show, and not everybody agreed."""

import pytest

from brand import contrast
from brand.models import ClusterPage
from cluster_portal.sample import brand, load
from members.models import Listing, Organisation, User


@pytest.mark.django_db
def test_own_colour_two_states_and_six_of_ten_members():
    load.organisations()
    brand.load(by=User.objects.managers()[0])
    page, listed = ClusterPage.objects.get(), Listing.objects.public()

    assert page.versions.count() == 2
    assert contrast.passes(page.colour_light, contrast.LIGHT)
    assert contrast.passes(page.colour_dark, contrast.DARK)
    assert 0.5 < listed.count() / Organisation.objects.members().count() < 0.7
    assert {len(each.fields) for each in listed} == {4, 10}
