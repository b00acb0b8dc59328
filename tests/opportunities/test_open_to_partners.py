"""What is open to partners: marked by a manager, in the team's words, where the source's terms allow it."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from lxml import html

from core.actions import Refused
from core.models import AuditEvent
from opportunities import actions
from opportunities.models import Opportunity, Source
from tests.factories.opportunities import OpportunityFactory, SourceFactory

pytestmark = pytest.mark.django_db
WORDS = "Two of us can build it. We look for a shipyard."


def item(**more: object) -> Opportunity:
    return OpportunityFactory(published=True, source=SourceFactory(may_be_public=True), **more)


def test_manager_opens_it_and_takes_it_back(sign_in, manager):
    opportunity, client = item(), sign_in(manager)
    address = reverse("opportunities:partners", args=[opportunity.reference])
    client.post(address, {"words": WORDS})

    assert list(Opportunity.objects.open_to_partners()) == [opportunity]
    assert WORDS in client.get(reverse("opportunities:inbox_item", args=[opportunity.reference])).content.decode()
    client.post(address, {"words": ""})
    assert not Opportunity.objects.open_to_partners().exists()
    assert list(AuditEvent.objects.filter(action__contains="partners").values_list("action", flat=True)) == [
        "opportunities.opened_to_partners",
        "opportunities.closed_to_partners",
    ]


def test_same_words_twice_are_once(manager):
    opportunity = item()
    for _ in range(2):
        actions.open_to_partners(opportunity=opportunity, words=WORDS, by=manager)

    assert AuditEvent.objects.filter(action="opportunities.opened_to_partners").count() == 1


def test_source_of_unknown_terms_is_refused_and_the_words_stay(sign_in, manager):
    opportunity = OpportunityFactory(published=True, source=SourceFactory(name="EEN desk"))
    answer = sign_in(manager).post(reverse("opportunities:partners", args=[opportunity.reference]), {"words": WORDS})
    page = html.fromstring(answer.content)

    assert "The terms of “EEN desk” are not known to allow this." in page.xpath("string(//main)")
    assert page.xpath("string(//textarea)").strip() == WORDS
    assert Opportunity.objects.get().for_partners == ""


def test_what_members_cannot_read_is_refused(manager):
    waiting = OpportunityFactory(source=SourceFactory(may_be_public=True))
    with pytest.raises(Refused, match="Publish it first"):
        actions.open_to_partners(opportunity=waiting, words=WORDS, by=manager)


def test_members_do_not_mark(owner):
    with pytest.raises(PermissionDenied):
        actions.open_to_partners(opportunity=item(), words=WORDS, by=owner)


def test_what_is_withdrawn_closed_or_of_a_source_that_changed_its_terms_is_gone(manager):
    kept, back, closed, other = item(), item(), item(closed=True), item()
    Opportunity.objects.update(for_partners=WORDS)
    actions.restore(opportunity=back, by=manager)
    Source.objects.filter(pk=other.source_id).update(may_be_public=False)

    assert list(Opportunity.objects.open_to_partners()) == [kept]
    assert Opportunity.objects.count() == len({kept, back, closed, other})
