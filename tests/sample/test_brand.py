"""The sample's public pages have something to show, and not everybody agreed."""

import pytest

from brand import contrast
from brand.models import ClusterPage
from cluster_portal.sample import brand, load
from members.models import Listing, Organisation, User
from tests.factories.evaluations import ReportFactory


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


@pytest.mark.django_db
def test_newest_report_for_the_public_stands_on_the_page_of_results():
    load.organisations()
    manager = User.objects.managers()[0]
    ReportFactory()
    newest = ReportFactory()
    ReportFactory(in_house=True)
    brand.report(by=manager)
    assert ClusterPage.objects.get().report == newest
