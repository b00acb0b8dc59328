"""Two who act on one card at once, over two real connections: one waits for the other, and the later one is told."""

import pytest

from ecosystem.actions import cards
from ecosystem.models import ShortlistCard
from members.models import Membership
from tests.ecosystem.ground import card_of, mails, person_of, speaker
from tests.factories.members import OrganisationFactory
from tests.racing import second_waits


@pytest.mark.django_db(transaction=True)
def test_nobody_is_introduced_while_the_company_takes_it_back():
    card, person = card_of(interested=True)
    manager = person_of(OrganisationFactory(home=True), Membership.Role.MANAGER)
    speaker(card.shortlist.partnership)

    refused = second_waits(lambda: cards.withdraw(card=card, by=person), lambda: cards.introduce(card=card, by=manager))

    assert list(map(str, refused)) == [
        "Both sides have to want it: the company has agreed, and the partner is interested."
    ]
    assert ShortlistCard.objects.get().status == "withdrawn"
    assert mails("introduction") == []
