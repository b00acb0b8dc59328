"""Where the hours of services went."""

from datetime import date

from django.urls import reverse

from tests.factories.programme import ServiceFactory, ServiceRequestFactory

PAGE, FILE = reverse("programme:service_hours"), reverse("programme:service_hours_csv")


def delivered(**facts):
    return ServiceRequestFactory(**{"delivered": True, "delivered_on": date(2025, 6, 1), **facts})


def test_hours_of_a_year_by_service_gap_and_member(sign_in, manager, organisation):
    service = ServiceFactory(name="Market desk")
    delivered(service=service, organisation=organisation, delivered_hours=5, satisfied=4)
    delivered(service=service, delivered_hours=3, satisfied=None)
    delivered(delivered_on=date(2024, 12, 31), delivered_hours=100)
    page = " ".join(sign_in(manager).get(PAGE + "?year=2025").content.decode().split())

    assert 'Market desk</th><td class="num" data-label="Delivered">2</td>' in page
    assert page.count('data-label="Hours spent">8<') == 2  # the service, and its gap
    assert page.count("4.0 of 5 (n = 1)") == 3
    assert 'Hours spent">100<' not in page
    assert "?year=2024" in page


def test_a_year_that_is_none_is_this_one(sign_in, manager):
    for year in ("0", "-5", "many", "99999999999"):
        assert "Hours of services in 20" in sign_in(manager).get(PAGE, {"year": year}).content.decode()


def test_file_runs_no_formula_and_holds_every_request(sign_in, manager):
    delivered(satisfied_words="=cmd()", satisfied=3, service__name="+Market")
    text = b"".join(sign_in(manager).get(FILE + "?year=2025")).decode()

    assert "'=cmd()" in text
    assert "'+Market" in text
    assert "2025-06-01" in text


def test_members_have_no_such_page(sign_in, owner, evaluator):
    delivered(service__name="Market desk")
    for user in (owner, evaluator):
        for url in (PAGE, FILE):
            response = sign_in(user).get(url + "?year=2025")
            assert response.status_code == 403
            assert "Market desk" not in response.content.decode()
