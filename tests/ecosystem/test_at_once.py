"""Two who act on one card at once, over two real connections: one waits for the other, and the later one is told."""

import threading

import pytest
from django.db import connection, transaction

from core.actions import Refused
from ecosystem.actions import cards
from ecosystem.models import ShortlistCard
from members.models import Membership
from tests.ecosystem.ground import card_of, mails, person_of, speaker
from tests.factories.members import OrganisationFactory


@pytest.mark.django_db(transaction=True)
def test_nobody_is_introduced_while_the_company_takes_it_back():
    card, person = card_of(interested=True)
    manager = person_of(OrganisationFactory(home=True), Membership.Role.MANAGER)
    speaker(card.shortlist.partnership)
    taken_back, commit, ends = threading.Event(), threading.Event(), []

    def company() -> None:
        with transaction.atomic():
            cards.withdraw(card=card, by=person)
            taken_back.set()
            commit.wait(10)
        connection.close()

    def team() -> None:
        taken_back.wait(10)
        try:
            cards.introduce(card=card, by=manager)
        except Refused as refusal:
            ends.append(str(refusal))
        connection.close()

    threads = [threading.Thread(target=each) for each in (company, team)]
    for thread in threads:
        thread.start()
    threads[1].join(0.5)
    assert ends == []
    commit.set()
    for thread in threads:
        thread.join()

    assert ends == ["Both sides have to want it: the company has agreed, and the partner is interested."]
    assert ShortlistCard.objects.get().status == "withdrawn"
    assert mails("introduction") == []
