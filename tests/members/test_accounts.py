"""Signing in and looking after the own account: allauth's pages in our frame and words."""

import re
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.socialaccount.adapter import get_adapter as get_social_adapter
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.conf import settings as django_settings
from django.core import validators as django_validators
from django.db.models import base as django_db_models
from django.forms import fields as django_fields
from django.forms import models as django_models
from django.urls import reverse

from members.actions import invitations, people
from members.models import User
from tests.client import CheckingClient, htmx

LOGIN = reverse("account_login")
WORDS = Path(django_settings.BASE_DIR) / "words" / "en" / "LC_MESSAGES"


@pytest.fixture
def anna(organisation, outsider) -> User:
    """A person as the portal makes one: without a password, with a proved address."""
    return people.add_person(email="anna@algras.example", name="Anna", organisation=organisation, role="owner", by=None)


def sign_in_by_code(client, mailoutbox, email="anna@algras.example"):
    response = client.post(LOGIN, {"login": email})
    assert response["Location"] == reverse("account_confirm_login_code")
    code = re.search(r"^[A-Z0-9-]{5,}$", mailoutbox[-1].body, re.MULTILINE).group()
    return client.post(reverse("account_confirm_login_code"), {"code": code})


def current_code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


# Signing in


def test_the_address_is_enough(client, anna, mailoutbox):
    response = sign_in_by_code(client, mailoutbox)

    assert response["Location"] == reverse("home")
    assert client.session["_auth_user_id"] == str(anna.pk)


def test_sign_in_returns_to_the_page_that_was_asked_for(client, anna, mailoutbox):
    asked = client.get(reverse("members:profile"))
    page = client.get(asked["Location"]).content.decode()
    assert 'name="next" value="/members/profile/"' in page

    response = client.post(LOGIN, {"login": anna.email, "next": "/members/profile/"})
    code = re.search(r"^[A-Z0-9-]{5,}$", mailoutbox[-1].body, re.MULTILINE).group()
    response = client.post(response["Location"], {"code": code, "next": "/members/profile/"})

    assert response["Location"] == "/members/profile/"


def test_sign_in_never_leads_to_another_site(client, anna, mailoutbox):
    client.post(LOGIN, {"login": anna.email, "next": "https://evil.example/"})
    code = re.search(r"^[A-Z0-9-]{5,}$", mailoutbox[-1].body, re.MULTILINE).group()

    response = client.post(reverse("account_confirm_login_code"), {"code": code, "next": "https://evil.example/"})

    assert response["Location"] == reverse("home")


def test_wrong_code_opens_nothing_and_three_end_it(client, anna):
    client.post(LOGIN, {"login": anna.email})

    page = client.post(reverse("account_confirm_login_code"), {"code": "WRONG1"}).content.decode()
    assert "This code is not right." in page
    for _ in range(2):
        response = client.post(reverse("account_confirm_login_code"), {"code": "WRONG1"})
    assert response.status_code == 302
    assert "_auth_user_id" not in client.session


def test_code_of_sign_in_ends(client, anna, mailoutbox, time_machine):
    time_machine.move_to("2027-05-03T12:00:00+02:00")
    client.post(LOGIN, {"login": anna.email})
    code = re.search(r"^[A-Z0-9-]{5,}$", mailoutbox[-1].body, re.MULTILINE).group()

    time_machine.move_to("2027-05-03T12:16:00+02:00")
    client.post(reverse("account_confirm_login_code"), {"code": code})

    assert "_auth_user_id" not in client.session


def test_unknown_address_gets_the_same_answer_and_a_mail_that_says_so(client, anna, mailoutbox):
    known = client.post(LOGIN, {"login": anna.email})
    unknown = CheckingClient().post(LOGIN, {"login": "nobody@else.example"})

    assert (unknown.status_code, unknown["Location"]) == (known.status_code, known["Location"])
    assert mailoutbox[-1].to == ["nobody@else.example"]
    assert "There is no account with this address." in mailoutbox[-1].body
    assert "http://127.0.0.1:8000/members/join/" in mailoutbox[-1].body


def test_password_signs_in_without_a_mail(client, anna, mailoutbox):
    anna.set_password("a long enough secret")
    anna.save()

    response = client.post(LOGIN, {"login": anna.email, "password": "a long enough secret"})

    assert response["Location"] == reverse("home")
    assert mailoutbox == []


def test_wrong_password_says_what_else_to_do(client, anna):
    anna.set_password("a long enough secret")
    anna.save()

    page = client.post(LOGIN, {"login": anna.email, "password": "guess"}).content.decode()

    assert "You can leave the password empty and get a code." in page
    assert '<details class="folded" open>' in page
    assert "_auth_user_id" not in client.session


def test_guessing_a_password_is_limited(client, anna):
    anna.set_password("a long enough secret")
    anna.save()
    for _ in range(10):
        client.post(LOGIN, {"login": anna.email, "password": "guess"})

    client.post(LOGIN, {"login": anna.email, "password": "a long enough secret"})

    assert "_auth_user_id" not in client.session


def test_closed_account_stays_closed(client, anna, mailoutbox):
    User.objects.filter(pk=anna.pk).update(is_active=False)

    client.post(LOGIN, {"login": anna.email})

    assert not any(re.search(r"^[A-Z0-9]{6}$", mail.body, re.MULTILINE) for mail in mailoutbox)


def test_nobody_signs_up_alone(client, db):
    page = client.get(reverse("account_signup")).content.decode()
    assert "By invitation only" in page
    assert f'href="{reverse("members:join")}"' in page

    client.post(reverse("account_signup"), {"email": "new@else.example"})
    assert not User.objects.exists()


def test_single_sign_on_makes_no_account(rf, db):
    request = rf.get("/")
    with context.request_context(request):
        assert get_social_adapter().is_open_for_signup(request, None) is False


def test_mail_with_the_code_is_in_our_frame(client, anna, home, mailoutbox):
    client.post(LOGIN, {"login": anna.email})

    mail = mailoutbox[-1]
    page, kind = mail.alternatives[0]
    assert kind == "text/html"
    assert mail.subject == "Your sign-in code"
    assert "Havsbris Cluster" in page
    assert "Write this code into the page" in page
    assert page.count(re.search(r"^[A-Z0-9-]{5,}$", mail.body, re.MULTILINE).group()) == 1
    assert "Stop these mails" not in page
    assert "example.com" not in mail.body


# The own account


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("account_email", "You sign in with anna@algras.example"),
        ("account_set_password", "Set a password"),
        ("mfa_index", "A passkey lets you sign in"),
        ("mfa_activate_totp", "Scan this with your authenticator app."),
        ("mfa_list_webauthn", "Passkeys and security keys"),
        ("mfa_add_webauthn", "Add a passkey"),
        ("usersessions_list", "Devices that are signed in"),
        ("socialaccount_connections", "Nothing is connected."),
        ("account_logout", "Do you want to sign out?"),
    ],
)
def test_page_of_the_account(name, words, sign_in, anna):
    assert words in sign_in(anna).get(reverse(name)).content.decode()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("account_login", "Sign in with a passkey"),
        ("account_request_login_code", "We mail you a code."),
        ("account_reset_password", "We mail you a link for a new password."),
        ("account_reset_password_done", "A mail is on its way."),
        ("account_inactive", "Ask your cluster manager to open it again."),
        ("socialaccount_login_cancelled", "You stopped signing in"),
    ],
)
def test_page_before_signing_in(name, words, client, db):
    assert words in client.get(reverse(name)).content.decode()


def test_password_is_set_and_changed(sign_in, anna, mailoutbox):
    client = sign_in(anna)
    client.post(reverse("account_set_password"), {"password1": "first long secret", "password2": "first long secret"})
    page = client.get(reverse("account_change_password")).content.decode()
    assert "Password now" in page

    client.post(
        reverse("account_change_password"),
        {"oldpassword": "first long secret", "password1": "second long one", "password2": "second long one"},
    )

    anna.refresh_from_db()
    assert anna.check_password("second long one")
    assert "Your password has changed." in mailoutbox[-1].body


def test_link_for_a_new_password_works_once(client, anna, mailoutbox):
    anna.set_password("forgotten long ago")
    anna.save()
    client.post(reverse("account_reset_password"), {"email": anna.email})
    link = re.search(r"http://\S+/accounts/password/reset/key/\S+", mailoutbox[-1].body).group()

    page = client.get(link.replace("http://testserver", ""), follow=True)
    client.post(page.request["PATH_INFO"], {"password1": "brand new secret", "password2": "brand new secret"})

    anna.refresh_from_db()
    assert anna.check_password("brand new secret")
    again = CheckingClient().get(link.replace("http://testserver", ""))
    assert "Ask for a new one" in again.content.decode()


def test_address_changes_once_it_is_confirmed(sign_in, anna, mailoutbox):
    client = sign_in(anna)
    client.post(reverse("account_email"), {"email": "anna@new.example", "action_add": ""})
    anna.refresh_from_db()
    assert anna.email == "anna@algras.example"
    assert "anna@new.example waits to be confirmed" in client.get(reverse("account_email")).content.decode()

    link = re.search(r"/accounts/confirm-email/\S+", mailoutbox[-1].body).group()
    assert "anna@new.example" in client.get(link).content.decode()
    client.post(link)

    anna.refresh_from_db()
    assert anna.email == "anna@new.example"
    assert [each.email for each in EmailAddress.objects.filter(user=anna)] == ["anna@new.example"]


def test_second_step_is_asked_for_at_the_next_sign_in(client, sign_in, anna, mailoutbox):
    own = sign_in(anna)
    page = own.get(reverse("mfa_activate_totp")).content.decode()
    secret = re.search(r'id="authenticator_secret"[^>]*value="(\w+)"|value="(\w{32})"', page)
    secret = secret.group(1) or secret.group(2)
    response = own.post(reverse("mfa_activate_totp"), {"code": current_code(secret)})
    assert response["Location"] == reverse("mfa_view_recovery_codes")
    assert "An authenticator app was added" in mailoutbox[-1].subject
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()

    page = own.get(response["Location"], follow=True)
    assert "Show once more that it is you." in page.content.decode()
    page = own.post(page.request["PATH_INFO"], {"code": codes[0], "next": response["Location"]}, follow=True)
    assert "Codes that are left" in page.content.decode()
    assert codes[1] in page.content.decode()

    response = sign_in_by_code(client, mailoutbox)
    assert response["Location"] == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session
    assert "Use a passkey or a security key" in client.get(response["Location"]).content.decode()
    client.post(response["Location"], {"code": codes[1]})
    assert client.session["_auth_user_id"] == str(anna.pk)


def test_invitation_does_not_go_around_the_second_step(client, anna, manager, outsider):
    """A stolen link to a known address adds a membership, and signs nobody in."""
    TOTP.activate(anna, "A" * 32)
    invitation = invitations.invite(
        email=anna.email, name="", organisation=outsider.own_membership.organisation, role="viewer", by=manager
    )

    client.post(reverse("members:accept"), {"key": invitation.key})

    assert "_auth_user_id" not in client.session


# Who sees everybody's data needs a second factor, where the setting asks for it


@pytest.fixture
def _asked_for(settings):
    settings.SECOND_FACTOR_FOR_MANAGERS = True


@pytest.mark.usefixtures("_asked_for")
@pytest.mark.parametrize("who", ["manager", "evaluator"])
def test_manager_is_led_to_the_second_factor(who, request, sign_in):
    client = sign_in(request.getfixturevalue(who))

    response = client.get(reverse("members:settings"))
    assert response["Location"] == reverse("mfa_index")
    page = client.get(response["Location"]).content.decode()
    assert "Your role needs a second step when you sign in." in page
    for name in ("mfa_activate_totp", "mfa_add_webauthn", "account_logout"):
        assert client.get(reverse(name)).status_code == 200
    assert client.get(reverse("health:live")).status_code == 200


@pytest.mark.usefixtures("_asked_for")
def test_post_of_a_manager_without_it_changes_nothing(sign_in, manager, organisation):
    sign_in(manager).post(reverse("members:edit", args=[organisation.slug]), {"name": "Renamed"})

    organisation.refresh_from_db()
    assert organisation.name == "Ålgräs Robotics"


@pytest.mark.usefixtures("_asked_for")
def test_htmx_is_told_to_load_the_page(sign_in, manager):
    response = sign_in(manager).get(reverse("members:list"), headers=htmx("results"))

    assert response["HX-Redirect"] == reverse("mfa_index")


@pytest.mark.usefixtures("_asked_for")
def test_manager_with_a_second_factor_goes_on(sign_in, manager):
    TOTP.activate(manager, "A" * 32)

    assert sign_in(manager).get(reverse("members:list")).status_code == 200


@pytest.mark.usefixtures("_asked_for")
def test_members_need_no_second_factor(sign_in, owner):
    assert sign_in(owner).get(reverse("members:settings")).status_code == 200


def test_without_the_setting_nobody_needs_one(sign_in, manager):
    assert sign_in(manager).get(reverse("members:list")).status_code == 200


# The words


def test_words_are_compiled_from_their_source():
    with (WORDS / "django.po").open("rb") as source, (WORDS / "django.mo").open("rb") as compiled:
        written = {_texts(message.id): _texts(message.string) for message in read_po(source) if message.id}
        read = {_texts(message.id): _texts(message.string) for message in read_mo(compiled) if message.id}

    assert read == written
    assert len(written) > 100


def test_words_replace_only_what_allauth_and_forms_say():
    """Each text is still one of allauth's, or of Django's forms, and none is one of our own."""
    allauth = Path(__import__("allauth").__file__).parent
    files = [path for path in allauth.rglob("*") if path.suffix in {".html", ".txt", ".py"}]
    files += [Path(module.__file__) for module in (django_fields, django_models, django_validators, django_db_models)]
    theirs = "\n".join(path.read_text(encoding="utf-8") for path in files)
    theirs = re.sub(r'"\s*\n\s*"', "", theirs)  # texts that stand on two lines
    theirs = re.sub(r"{{\s*(\w+)\s*}}", r"%(\1)s", theirs).replace('\\"', '"')
    with (WORDS / "django.po").open("rb") as source:
        texts = [text for message in read_po(source) if message.id for text in _texts(message.id)]
    gone = [text for text in texts if text not in theirs and f'"{text}"' not in theirs]

    assert gone == []


def _texts(message: str | tuple[str, str] | list[str]) -> tuple[str, ...]:
    """A text, or its forms for one and for several."""
    return (message,) if isinstance(message, str) else tuple(message)
