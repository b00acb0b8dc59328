"""What only a browser shows: saving while one types, searching codes, passkeys, all under the strict policy."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from members.actions import people as actions
from members.models import Profile

pytestmark = pytest.mark.browser


def step(organisation, name: str) -> str:
    return reverse("members:step", args=[organisation.slug, name])


def test_answers_are_saved_as_one_goes(visit, owner, organisation):
    page = visit(owner, step(organisation, "capacity"))

    page.get_by_label("Events and missions").check()
    expect(page.locator("#saved")).to_contain_text("Saved ")
    page.get_by_label("Hours a month").fill("some")
    page.get_by_label("Own money a year, EUR").click()
    expect(page.locator("#id_hours_a_month_error")).to_have_text("Write a whole number, such as 40.")
    expect(page.get_by_label("Own money a year, EUR")).to_be_focused()

    page.get_by_label("Hours a month").fill("12")
    page.get_by_label("Own money a year, EUR").click()
    expect(page.locator("#id_hours_a_month_error")).to_have_count(0)
    expect(page.locator(".stepper .done, .stepper .current").last).to_be_visible()

    profile = Profile.objects.get(organisation=organisation)
    assert (profile.kinds, profile.hours_a_month) == (["event"], 12)


def test_what_is_typed_is_saved_before_the_field_is_left(visit, owner, organisation):
    page = visit(owner, step(organisation, "business"))
    page.get_by_label("What you do").press_sequentially("We weld ships.")
    expect(page.locator("#saved")).to_contain_text("Saved ")
    expect(page.get_by_label("What you do")).to_be_focused()
    page.reload()
    expect(page.get_by_label("What you do")).to_have_value("We weld ships.")


def test_field_that_was_resized_is_renewed_under_the_strict_policy(visit, owner, organisation):
    """Browsers keep a new height in the element's style, which no script may set anew as text."""
    page = visit(owner, step(organisation, "field"))
    lines = page.get_by_label("Certificates")
    for text in ("x" * 90, "ISO 9001"):
        lines.evaluate("element => (element.style.height = '20rem')")
        lines.fill(text)
        lines.blur()
        expect(page.locator("#id_certificates_error")).to_have_count(int(text != "ISO 9001"))
    page.wait_for_timeout(200)  # what is wrong would be in the console by then


def test_two_tabs_keep_each_others_answers(visit, owner, organisation):
    first = visit(owner, step(organisation, "exchange"))
    second = visit(owner, step(organisation, "exchange"))

    for tab, label, text in ((first, "What you offer", "Robots"), (second, "What you look for", "Grippers")):
        tab.get_by_label(label).fill(text)
        tab.get_by_label(label).blur()
        expect(tab.locator("#saved")).to_contain_text("Saved ")

    profile = Profile.objects.get(organisation=organisation)
    assert (profile.offers, profile.seeks) == ("Robots", "Grippers")


def test_code_is_searched_ticked_and_kept(visit, owner, organisation):
    page = visit(owner, step(organisation, "field"))

    page.locator("[name=nace_codes_q]").fill("sewerage")
    page.get_by_role("checkbox", name="37.00 Sewerage").check()
    expect(page.locator("[data-chosen] input[value='37.00']")).to_be_checked()
    expect(page.locator("#saved")).to_contain_text("Saved ")

    assert Profile.objects.get(organisation=organisation).nace_codes == ["37.00"]


def test_page_without_scripts_saves_with_the_button(browser, live_server, owner, organisation, visit):
    page = visit(owner, step(organisation, "business"))
    cookies = page.context.cookies()
    plain = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    plain.add_cookies(cookies)
    page = plain.new_page()

    page.goto(step(organisation, "business"))
    page.get_by_label("What you do").fill("We sort timber.")
    page.get_by_role("button", name="Save and continue").click()

    expect(page).to_have_url(live_server.url + step(organisation, "exchange"))
    plain.close()
    assert Profile.objects.get(organisation=organisation).summary == "We sort timber."


def test_passkey_is_added_and_signs_in(visit, organisation, outsider):
    """With a virtual authenticator: allauth's scripts work under our policy."""
    anna = actions.add_person(
        email="anna@algras.example", name="Anna", organisation=organisation, role="owner", by=None
    )
    page = visit(anna, reverse("mfa_add_webauthn"))
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
               "isUserVerified": True, "automaticPresenceSimulation": True}  # fmt: skip
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})

    page.get_by_label("Sign in with this key alone").check()
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_text("Show once more that it is you.")).to_be_visible()
    page.get_by_role("link", name="Use a passkey or a security key").click()
    page.get_by_role("button", name="Use a passkey or a security key").click()
    expect(page.get_by_label("Codes that are left")).to_be_visible()

    page.context.clear_cookies()
    page.goto(reverse("account_login"))
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("Your menu")).to_be_attached()


def test_list_is_filtered_while_one_types(visit, manager, organisation):
    page = visit(manager, reverse("members:list"))
    expect(page.get_by_role("link", name="Tallskog Timber")).to_be_visible()

    page.get_by_label("Search", exact=True).fill("algras")

    expect(page.get_by_role("link", name="Tallskog Timber")).to_have_count(0)
    expect(page.get_by_role("link", name="Ålgräs Robotics")).to_be_visible()
    expect(page.locator("#status")).to_have_text("1 organisation")
