"""What surrounds every request: its id, its line in the log, its headers, and redirects that htmx can follow."""

import logging
import re
from collections.abc import Callable

import pytest
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from core.middleware import RequestLogMiddleware
from tests.client import htmx


@pytest.fixture
def lines(caplog) -> Callable[[], list[logging.LogRecord]]:
    """The lines of requests so far."""
    return lambda: [record for record in caplog.records if record.name == "portal.request"]


@pytest.mark.parametrize("given", ["4f9f1a52-0c6b-4f6e-9d0e-6a3a1f6f7a10", "abcdefgh", "A" * 64])
def test_harmless_id_of_a_proxy_is_kept(client, given):
    response = client.get("/health/live", headers={"X-Request-ID": given})

    assert response.headers["X-Request-ID"] == given


@pytest.mark.parametrize(
    "given", ["short", "A" * 65, 'abcdefgh"}', "abcdefgh\tijkl", "ünïcödé-long", "a b c d e f g h", ""]
)
def test_other_id_is_replaced(client, given):
    response = client.get("/health/live", headers={"X-Request-ID": given})

    assert re.fullmatch(r"[0-9a-f]{32}", response.headers["X-Request-ID"])


def test_each_request_has_an_id_of_its_own(client):
    ids = {client.get("/health/live").headers["X-Request-ID"] for _ in range(3)}

    assert len(ids) == 3


def test_page_says_how_long_the_server_took(client, db):
    assert re.fullmatch(r"app;dur=\d+\.\d", client.get("/").headers["Server-Timing"])


def test_log_tells_of_a_request_without_its_query(client, db, lines):
    client.get("/", {"q": "Ylva Lindqvist"}, headers={"X-Request-ID": "request-of-a-test"})

    (record,) = lines()
    assert re.fullmatch(r"GET / 200 \d+ ms", record.getMessage())
    assert (record.method, record.path, record.status, record.user_id) == ("GET", "/", 200, None)
    assert "Lindqvist" not in str(vars(record))


def test_log_tells_who_it_was(sign_in, owner, lines):
    sign_in(owner).get("/styleguide/")

    assert lines()[-1].user_id == owner.pk


def test_log_does_not_ask_who_it_was_when_the_page_did_not(rf, lines):
    """A page that needs no database is answered without one."""

    def ask() -> None:
        raise AssertionError("asked")

    request = rf.get("/somewhere/")
    request.user = SimpleLazyObject(ask)
    RequestLogMiddleware(lambda _request: HttpResponse("found"))(request)

    assert [record.user_id for record in lines()] == [None]


@pytest.mark.parametrize(
    ("name", "args", "logged"),
    [
        ("mail_stop", ["WyJhIiwidGVzdCJd:1xVTl5:zrOF"], "/mail/stop/.../"),
        ("account_reset_password_from_key", ["2a", "c0ffee-secret"], "/accounts/password/reset/key/2a-.../"),
        ("account_confirm_email", ["MQ:c0ffee-secret"], "/accounts/confirm-email/.../"),
    ],
)
@pytest.mark.parametrize("plain_http_is_redirected", [False, True])
def test_log_leaves_out_what_opens_something(client, db, lines, settings, name, args, logged, plain_http_is_redirected):
    settings.SECURE_SSL_REDIRECT = plain_http_is_redirected
    client.get(reverse(name, args=args))

    (record,) = lines()
    assert record.path == logged
    assert logged in record.getMessage()


def test_log_leaves_out_health_and_static_files(client, db, lines):
    client.get("/health/live")
    client.get("/static/img/mark.svg").close()

    assert lines() == []


def test_ended_session_leads_htmx_to_the_sign_in_page_and_back(client, db):
    response = client.get("/members/profile/", headers=htmx("results", current_url="http://testserver/members/?q=a"))

    assert response.status_code == 204
    assert response.headers["HX-Redirect"] == f"{reverse('account_login')}?next=/members/%3Fq%3Da"
    assert response.content == b""


def test_ended_session_of_a_foreign_page_leads_back_home(client, db):
    headers = htmx("results", current_url="https://elsewhere.example/phish")

    assert client.get("/members/profile/", headers=headers).headers["HX-Redirect"].endswith("?next=/")


def test_other_redirects_are_left_to_the_browser(sign_in, owner):
    response = sign_in(owner).get("/", headers=htmx("results"))

    assert (response.status_code, response.headers["Location"]) == (302, reverse("opportunities:feed"))


def test_ended_session_leads_a_browser_to_the_sign_in_page(client, db):
    response = client.get("/members/profile/")

    assert response.headers["Location"] == f"{reverse('account_login')}?next=/members/profile/"


PAGE = "/opportunities/for-you/?page=2"


@pytest.mark.parametrize(
    ("came_from", "back"),
    [
        (f"http://testserver{PAGE}", PAGE),
        ("https://elsewhere.example/opportunities/", "/"),
        ("http://testserver.elsewhere.example/", "/"),
        ("http://[", "/"),
        ("", "/"),
    ],
)
def test_form_of_an_ended_session_leads_back_to_its_page(client, db, came_from, back):
    response = client.post("/opportunities/some-thing/answer/", {"answer": "saved"}, headers={"Referer": came_from})
    assert response["Location"] == redirect_to_login(back).url


def test_address_that_takes_only_forms_says_so_when_it_is_opened(sign_in, owner):
    response = sign_in(owner).get("/opportunities/some-thing/answer/")
    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert "There is nothing to open at this address" in response.content.decode()
    assert 'href="/"' in response.content.decode()
