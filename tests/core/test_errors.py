"""Error pages in the portal's own words."""

import pytest

from tests.client import CheckingClient


@pytest.fixture
def strict(db) -> CheckingClient:
    return CheckingClient(enforce_csrf_checks=True)


def test_form_without_its_token_is_refused_with_advice(strict):
    response = strict.post("/accounts/login/", {"login": "ylva@algras.example"})

    assert (response.status_code, response.templates[0].name) == (403, "403_csrf.html")
    assert "CSRF" not in response.content.decode()


def test_page_that_is_not_there_says_so(client, db):
    response = client.get("/nowhere/")

    assert (response.status_code, response.templates[0].name) == (404, "404.html")
