"""What every answer tells the browser to refuse."""

import pytest

POLICY = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
    "manifest-src": ["'self'"],
}
OTHERS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def policy_of(response) -> dict[str, list[str]]:
    directives = [part.split() for part in response.headers["Content-Security-Policy"].split(";") if part.strip()]
    return {name: sorted(values) for name, *values in directives}


@pytest.mark.parametrize("path", ["/", "/accounts/login/", "/members/", "/nowhere/", "/health/live", "/styleguide/"])
@pytest.mark.parametrize("signed_in", [False, True])
def test_every_answer_has_the_strict_headers(client, sign_in, manager, path, signed_in):
    response = (sign_in(manager) if signed_in else client).get(path)

    assert policy_of(response) == POLICY
    assert {name: response.headers[name] for name in OTHERS} == OTHERS


def test_policy_may_not_be_reported_only(client, db):
    assert "Content-Security-Policy-Report-Only" not in client.get("/").headers


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(client, owner):
    client.get("/accounts/login/")
    client.post("/accounts/login/code/", {"email": owner.email})
    cookies = client.cookies

    assert cookies["csrftoken"]["samesite"] == cookies["sessionid"]["samesite"] == "Lax"
    assert cookies["sessionid"]["httponly"] is True
