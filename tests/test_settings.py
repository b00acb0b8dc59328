"""The settings as different environments make them: what production asks for, refuses, and derives."""

import runpy
from collections.abc import Callable

import pytest
from django.core.exceptions import ImproperlyConfigured

from core.embedded import PROJECT
from tests.deployment import PRODUCTION

Settings = dict[str, object]


@pytest.fixture
def read(monkeypatch) -> Callable[..., Settings]:
    """Reads the settings anew, in the production environment with these changes; None takes a variable away."""

    def read(**changes: str | None) -> Settings:
        environment = PRODUCTION | changes
        for name in environment:
            monkeypatch.delenv(name, raising=False)
        for name, value in environment.items():
            if value is not None:
                monkeypatch.setenv(name, value)
        return runpy.run_path(str(PROJECT / "cluster_portal" / "settings.py"))

    return read


@pytest.mark.parametrize(
    "name", ["SECRET_KEY", "REDIS_URL", "SITE_URL", "EMAIL_URL", "DEFAULT_FROM_EMAIL", "MEDIA_ROOT"]
)
def test_production_refuses_to_guess(read, name):
    with pytest.raises(ImproperlyConfigured, match=name):
        read(**{name: None})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SITE_URL", "http://portal.havsbris.example"),
        ("SITE_URL", "portal.havsbris.example"),
        ("SITE_URL", "https://"),
        ("LOG_FORMAT", "xml"),
        ("LOG_LEVEL", "loud"),
        ("DATABASE_POOL_SIZE", "many"),
        ("EMAIL_URL", "pigeon://mail.example"),
    ],
)
def test_bad_value_is_refused(read, name, value):
    with pytest.raises((ImproperlyConfigured, ValueError)):
        read(**{name: value})


def test_production_speaks_https_only(read):
    found = read()

    assert found["DEBUG"] is False
    assert found["SECURE_SSL_REDIRECT"] is True
    assert found["SECURE_HSTS_SECONDS"] == 31_536_000
    assert {found[f"{kind}_COOKIE_SECURE"] for kind in ("SESSION", "CSRF", "LANGUAGE")} == {True}
    assert found["ACCOUNT_DEFAULT_HTTP_PROTOCOL"] == "https"


def test_production_takes_its_host_from_its_address(read):
    found = read(SITE_URL="https://portal.havsbris.example/")

    assert found["ALLOWED_HOSTS"] == ["portal.havsbris.example"]
    assert found["CSRF_TRUSTED_ORIGINS"] == ["https://portal.havsbris.example"]
    assert read(ALLOWED_HOSTS="a.example,b.example")["ALLOWED_HOSTS"] == ["a.example", "b.example"]


def test_proxy_is_believed_only_when_it_is_declared(read):
    assert "SECURE_PROXY_SSL_HEADER" not in read(BEHIND_PROXY="false")
    assert read(BEHIND_PROXY="true")["SECURE_PROXY_SSL_HEADER"] == ("HTTP_X_FORWARDED_PROTO", "https")
    assert read(BEHIND_PROXY="true")["ALLAUTH_TRUSTED_PROXY_COUNT"] == 1


def test_options_of_the_database_address_are_kept(read):
    found = read(DATABASE_URL="postgres://portal:secret@database/portal?sslmode=verify-full")
    options = found["DATABASES"]["default"]["OPTIONS"]

    assert options["sslmode"] == "verify-full"
    assert options["pool"]["max_size"] == 8
    assert options["options"] == "-c statement_timeout=15000"


def test_broker_is_the_valkey_of_the_address(read):
    assert read(REDIS_URL="rediss://:secret@valkey:6379/2")["CELERY_BROKER_URL"] == "rediss://:secret@valkey:6379/2"
    assert (
        read(REDIS_URL="unix:///run/valkey.sock?db=3")["CELERY_BROKER_URL"]
        == "redis+socket:///run/valkey.sock?virtual_host=3"
    )


def test_mail_server_is_the_one_of_the_address(read):
    found = read(EMAIL_URL="smtp+tls://portal:s%20cret@mail.example:587")

    assert (found["EMAIL_HOST"], found["EMAIL_PORT"], found["EMAIL_USE_TLS"]) == ("mail.example", 587, True)
    assert (found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"]) == ("portal", "s cret")
    assert 0 < found["EMAIL_TIMEOUT"] <= 60


def test_developers_machine_needs_no_variable(read):
    found = read(**dict.fromkeys(PRODUCTION))

    assert found["EMBEDDED"] is True
    assert (found["SECURE_SSL_REDIRECT"], found["SECURE_HSTS_SECONDS"]) == (False, 0)
    assert found["DEBUG"] is False
    assert found["DATABASES"]["default"]["HOST"].startswith("/")
    assert found["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]


def test_single_sign_on_is_there_when_it_is_set(read):
    apart = read()
    joined = read(OIDC_SERVER_URL="https://id.example", OIDC_CLIENT_ID="portal", OIDC_CLIENT_SECRET="s")

    assert apart["SOCIALACCOUNT_PROVIDERS"]["openid_connect"]["APPS"] == []
    assert [app["client_id"] for app in joined["SOCIALACCOUNT_PROVIDERS"]["openid_connect"]["APPS"]] == ["portal"]
    assert joined["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]["form-action"] == ["'self'", "https://id.example"]
    with pytest.raises(ImproperlyConfigured, match="OIDC_CLIENT_ID"):
        read(OIDC_SERVER_URL="https://id.example", OIDC_CLIENT_ID=None)
