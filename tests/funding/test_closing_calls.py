"""A decided call is closed once nothing is left to decide."""

import pytest
from django.urls import reverse

from core.models import AuditEvent
from funding.models import Appeal, FundingCall
from tests.factories.funding import GrantFactory
from tests.funding.grants_ground import award_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def granted(organisation):
    """A decided call of one award, which is granted."""
    award = award_for(organisation)
    GrantFactory(award=award, organisation=organisation)
    return award.decision.application.call


def close(client, call: FundingCall) -> str:
    page = client.post(reverse("funding:close", args=[call.slug]), follow=True)
    call.refresh_from_db()
    return page.content.decode()


def test_the_secretary_closes_it_once(sign_in, manager, granted):
    client = sign_in(manager)
    assert (
        reverse("funding:close", args=[granted.slug])
        in client.get(reverse("funding:overview", args=[granted.slug])).content.decode()
    )

    for _ in range(2):
        assert "The call is over. Its grants run on." in close(client, granted)
    assert granted.status == "over"
    assert AuditEvent.objects.filter(action="funding.call_closed").count() == 1


def test_not_while_an_appeal_waits(sign_in, manager, granted):
    Appeal.objects.create(decision=granted.applications.get().decision, words="Look again.")

    assert "An appeal waits for an answer." in close(sign_in(manager), granted)
    assert granted.status == "decided"


def test_not_while_an_award_is_not_granted(sign_in, manager, organisation):
    call = award_for(organisation).decision.application.call

    assert "An award is not granted yet." in close(sign_in(manager), call)
    assert call.status == "decided"


def test_not_before_it_is_decided_and_by_nobody_else(sign_in, manager, owner, granted):
    FundingCall.objects.filter(pk=granted.pk).update(status="published")
    assert "Only a decided call can be closed." in close(sign_in(manager), granted)

    FundingCall.objects.filter(pk=granted.pk).update(status="decided")
    close(sign_in(owner), granted)
    assert granted.status == "decided"
