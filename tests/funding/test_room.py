"""How the pages of the room hang together: its tabs by role, and what stands where a person looks for it."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEvent
from members.models import Membership
from tests.factories.funding import AidFactory, FundingCallFactory, ReviewerFactory
from tests.funding.applying import ground
from tests.funding.decisions_ground import fund, judged, judged_call, reject, reviewer_user, tell

pytestmark = pytest.mark.django_db
OF_MANAGERS = ["Calls", "Partner searches", "Grants"]
OF_MEMBERS = ["Calls", "Our applications", "Partner searches", "Grants"]


def nav(client, path):
    """The tabs of the room, as they stand on a page; "" where there are none."""
    page = client.get(path, follow=True).content.decode()
    found = re.search(r'<nav class="tabs" aria-label="Funding">(.*?)</nav>', page, re.DOTALL)
    return found[1] if found else ""


def tabs(client):
    """The labels of the tabs of the room, in order."""
    return re.findall(r">([^<>]+)</a>", nav(client, reverse("funding:list")))


def test_each_role_finds_its_pages_and_no_other(sign_in, client, manager, owner, evaluator, viewer):
    assert tabs(sign_in(manager)) == OF_MANAGERS
    assert tabs(sign_in(owner)) == tabs(sign_in(viewer)) == OF_MEMBERS
    assert tabs(sign_in(reviewer_user())) == ["Calls", "Your reviews"]
    assert tabs(client) == tabs(sign_in(evaluator)) == []


def test_manager_who_reviews_finds_the_own_reviews(sign_in, manager):
    ReviewerFactory(user=manager)
    assert tabs(sign_in(manager)) == ["Calls", "Partner searches", "Your reviews", "Grants"]


@pytest.mark.parametrize("role", [Membership.Role.OWNER, Membership.Role.MANAGER])
def test_every_tab_leads_somewhere_and_shows_where_one_is(sign_in, manager, owner, role):
    client = sign_in(manager if role == Membership.Role.MANAGER else owner)
    paths = re.findall(r'href="([^"]+)"', nav(client, reverse("funding:grants")))

    assert len(paths) >= 6
    assert [path for path in paths if f'href="{path}" aria-current="page"' not in nav(client, path)] == []


def test_decision_stands_on_the_application_and_in_the_list_once_it_is_told(sign_in, manager, owner, organisation):
    call = judged_call()
    application = judged(call, 4, 40_000, lead=organisation, title="Ferries")
    fund(application, manager, reasons="Good for <b>harbours</b>.")
    client = sign_in(owner)
    pages = (application.get_absolute_url(), reverse("funding:applications"))
    before = [client.get(path).content.decode() for path in pages]
    tell(call, manager)
    page, listed = (client.get(path).content.decode() for path in pages)

    assert not any("harbours" in each or "Funded" in each for each in before)
    assert "Good for &lt;b&gt;harbours&lt;/b&gt;." in page
    assert reverse("funding:appeal", args=[application.reference]) in page
    assert "Funded" in listed
    assert "Handed in" not in listed


def test_who_may_apply_starts_from_the_check(sign_in, client, owner, viewer, organisation):
    call = ground(organisation).call
    path = reverse("funding:check_call", args=[call.slug])
    asked = {"own_kind": "company", "own_country": "SE", "lead": "0", "costs": "1000", "grant": "0", "from": "before"}
    start = reverse("funding:apply", args=[call.slug])

    assert start in sign_in(owner).get(path, asked).content.decode()
    for other in (client, sign_in(viewer)):
        page = other.get(path, asked).content.decode()
        assert "What the rules say of your answers" in page
        assert start not in page


def test_ledger_speaks_up_when_it_is_decided_and_refuses_nothing(sign_in, manager, organisation):
    call = judged_call()
    call.funders.update(is_de_minimis=True)
    application = judged(call, 4, 60_000, lead=organisation)
    AidFactory(organisation=organisation, amount_eur=250_000, granted_on=timezone.localdate() - timedelta(days=9))
    client, part = sign_in(manager), application.partners.get()
    part.declared_aid = []
    part.save()
    path = reverse("funding:decide", args=[call.slug, application.number])
    said = {"outcome": "funded", "reasons": "Yes.", f"amount_{part.pk}": "60000"}
    page = client.post(path, said, follow=True).content.decode()

    warning = "EUR 60,000 is more than the de minimis room. In Sweden EUR 50,000 are left on"
    assert f"{organisation.name}: {warning}" in page
    assert warning in client.get(reverse("funding:ranked", args=[call.slug, application.number])).content.decode()
    event = AuditEvent.objects.get(action="funding.decided")
    assert warning in event.details["de_minimis"][0]
    reject(application, manager)
    assert "de_minimis" not in AuditEvent.objects.filter(action="funding.decided").latest("pk").details


def test_panel_finds_the_ranking_beside_its_reviews(sign_in, manager):
    call = FundingCallFactory(in_review=True)
    seat = ReviewerFactory(call=call, user=reviewer_user(), is_on_panel=True, declared_at=timezone.now())
    path = reverse("funding:ranking", args=[call.slug])
    client = sign_in(seat.user)

    assert path in client.get(reverse("funding:reviews")).content.decode()
    assert client.get(path).status_code == 200
    other = reviewer_user()
    ReviewerFactory(call=call, user=other, declared_at=timezone.now())
    assert path not in sign_in(other).get(reverse("funding:reviews")).content.decode()
