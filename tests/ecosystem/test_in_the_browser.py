"""A company answers on a phone in two taps, by the link of its mail; then the partner and the team in theirs."""

import pytest

from ecosystem import links
from tests.ecosystem.ground import card_of, person_of, speaker
from tests.factories.members import OrganisationFactory

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_two_taps_on_a_phone_and_an_introduction(visit):
    card, person = card_of(asked=True)
    manager = person_of(OrganisationFactory(home=True), "manager")
    partner = speaker(card.shortlist.partnership)

    phone = visit(None, f"/partners/a/{links.token_of(card, person)}/", **PHONE)
    assert phone.get_by_role("heading", level=1).inner_text().startswith("May Emajõgi")
    assert not phone.evaluate("document.documentElement.scrollWidth > innerWidth")
    phone.get_by_label("Contact person with e-mail address").tap()
    phone.get_by_role("button", name="Yes, show our card").tap()
    phone.get_by_text("You agreed").wait_for()

    team = visit(manager, card.shortlist.get_absolute_url())
    team.get_by_role("button", name="Show 1 card to").click()
    team.get_by_text("Shown without a name").wait_for()

    seen = visit(partner, card.shortlist.get_absolute_url())
    assert seen.get_by_text("Klarflod").count() == 0
    seen.get_by_role("button", name="We would like to meet").click()
    seen.get_by_text("You are interested").wait_for()

    team.reload()
    team.get_by_role("button", name="Introduce them").click()
    team.get_by_text("They are introduced.").wait_for()

    seen.reload()
    assert seen.get_by_text("Klarflod", exact=True).is_visible()
    assert seen.get_by_role("link", name=person.email).is_visible()
    phone.reload()
    phone.locator("summary", has_text="Take it back").tap()
    phone.get_by_role("button", name="Take it back").tap()
    phone.get_by_text("You took it back").wait_for()
    seen.reload()
    assert seen.get_by_text("Klarflod").count() == 0
