"""How a member finds the questions about its company: in the navigation, on its feed, and first in the list."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import html

from ecosystem.actions import cards
from ecosystem.actions.shortlists import close_shortlist
from tests.ecosystem.ground import card_of
from tests.factories.ecosystem import ShortlistCardFactory
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db
YESTERDAY = timezone.localdate() - timedelta(days=1)


def entry(client) -> str:
    """What the navigation says beside the answers."""
    page = html.document_fromstring(client.get(reverse("opportunities:feed")).content)
    (link,) = page.xpath(f"//nav[@class='rail']//a[@href='{reverse('opportunities:answered')}']")
    return " ".join(link.text_content().split())


def test_a_question_is_counted_where_the_member_looks_until_it_is_answered(sign_in):
    card, person = card_of(asked=True)
    client = sign_in(person)

    assert entry(client) == "Your answers 1"
    assert "1 question waits for your answer." in client.get(reverse("opportunities:feed")).content.decode()
    answers = html.document_fromstring(client.get(reverse("opportunities:answered")).content)
    (button,) = answers.xpath(f"//main//a[@href='{reverse('ecosystem:cards')}']")
    assert button.text_content().split() == ["Introductions", "to", "partners", "1"]

    cards.agree(card=card, fields=[], by=person)

    assert entry(client) == "Your answers"
    assert "waits for your answer" not in client.get(reverse("opportunities:feed")).content.decode()


@pytest.mark.parametrize("facts", [{}, {"asked": True, "shortlist__until": YESTERDAY}, {"declined": True}])
def test_nothing_is_counted_that_cannot_be_answered(sign_in, facts):
    _card, person = card_of(**({"asked": True, "status": "declined"} if "declined" in facts else facts))

    assert entry(sign_in(person)) == "Your answers"


def test_a_question_of_another_company_is_not_counted(sign_in):
    card_of("Skvalp", asked=True)
    _card, person = card_of()

    assert entry(sign_in(person)) == "Your answers"


def test_what_waits_stands_first_and_what_closed_unanswered_says_so(sign_in, manager):
    waits, person = card_of(asked=True, shortlist__title="Waits")
    for title, facts in (("Agreed", {"consented": True}), ("Closed", {"asked": True})):
        made = ShortlistCardFactory(organisation=waits.organisation, shortlist__title=title, **facts)
        made.asked_at = timezone.now() + timedelta(minutes=1)
        made.save()
    close_shortlist(shortlist=made.shortlist, by=manager)

    page = html.document_fromstring(sign_in(person).get(reverse("ecosystem:cards")).content)

    found = {row.xpath(".//h2")[0].text_content(): row.text_content() for row in page.xpath("//li[@class='list-row']")}
    assert next(iter(found)) == "Waits"
    assert "Waits for your answer" in found["Waits"]
    assert "Closed without your answer" in found["Closed"]
    assert "This question is closed." in sign_in(person).get(made.get_absolute_url()).content.decode()


def test_the_list_asks_the_same_however_long_it_is(sign_in):
    draft, person = card_of()
    client = sign_in(person)

    assert_constant_queries(
        lambda: client.get(reverse("ecosystem:cards")),
        lambda: ShortlistCardFactory(organisation=draft.organisation, asked=True),
        at_most=20,
        shows=lambda page: page.content.decode().count("Waits for your answer"),
    )


def test_after_it_was_taken_back_the_page_says_what_they_see(sign_in):
    card, person = card_of(revealed=True)
    client = sign_in(person)

    before = client.get(card.get_absolute_url()).content.decode()
    after = client.post(card.get_absolute_url(), {"answer": "withdraw"}, follow=True).content.decode()

    assert "You cannot agree again." in before
    assert "It is taken back. They see nothing more of you." in after
    assert "They see nothing of you any more." in after
    assert "https://klarflod.example" in before or "Klarflod, Karlshamn" in before
    assert "Klarflod, Karlshamn" not in after


@pytest.mark.parametrize("status", ["asked", "declined"])
def test_after_the_last_day_nothing_is_offered_that_would_be_refused(sign_in, status):
    card, person = card_of(asked=True, status=status, shortlist__until=timezone.localdate() - timedelta(days=1))
    page = sign_in(person).get(card.get_absolute_url()).content.decode()

    assert "There is nothing to answer any more." in page
    assert "Yes, show our card" not in page
    assert "Not for us" not in page
    assert "Answer until" not in page


def test_who_declined_may_still_agree_until_the_last_day(sign_in):
    card, person = card_of(asked=True, status="declined", shortlist__until=timezone.localdate())

    assert "Yes, show our card" in sign_in(person).get(card.get_absolute_url()).content.decode()
