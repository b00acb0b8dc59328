"""The sample's needs, services and plans say what their pages are there to say."""

import pytest
from django.utils import timezone

from cluster_portal.sample import load, services
from members.models import NeedsAssessment, User
from programme.models import Service, ServiceRequest
from programme.reading.matrix import matrix
from programme.reading.plans import plans


@pytest.mark.django_db
def test_a_year_of_requests_three_of_needs_and_holes_in_the_catalogue():
    load.organisations()
    services.load(by=User.objects.managers()[0])
    year = timezone.localdate().year
    said = [cell["verdict"] for row in matrix(year)["rows"] for cell in row["cells"] if cell["verdict"]]

    assert sorted(said) == ["Many need it, nothing is offered", "Much is offered, few need it"]
    assert set(NeedsAssessment.objects.values_list("year", flat=True)) == {year, year - 1, year - 2}
    assert set(ServiceRequest.objects.values_list("status", flat=True)) == {"asked", "agreed", "delivered", "declined"}
    assert ServiceRequest.objects.filter(satisfied__gte=4).count() >= 10
    assert not ServiceRequest.objects.filter(delivered_on__gt=timezone.localdate()).exists()
    assert Service.objects.filter(is_offered=False).exists()
    assert (plans()[0].name, plans()[0].n_late) == ("Klarflod Vattenteknik", 1)
