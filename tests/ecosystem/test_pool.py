"""The pool: what is shared with a partner, what it says, what it brings in, and the mails about it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from lxml import html

from core.actions import Refused
from core.models import AuditEvent
from ecosystem import pool_mails
from ecosystem.actions import pool
from ecosystem.models import SharedOpportunity
from ecosystem.reading import sharing
from opportunities.models import ImportRun, Opportunity, Source
from tests.ecosystem.ground import card_of, mails, speaker
from tests.factories.ecosystem import PartnershipFactory, SharedOpportunityFactory
from tests.factories.opportunities import OpportunityFactory
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db
REQUEST = {
    "kind": "BR",
    "title": 'Pump stations; that "tell" when they fail',
    "summary": "=HYPERLINK(1)\nForty stations <b>without</b> staff.",
    "organisation": "",
    "country": "EE",
    "link": "https://pumps.example/request",
}


def request(**changes):
    return REQUEST | {"deadline": (timezone.localdate() + timedelta(days=60)).isoformat()} | changes


def test_a_manager_shares_and_the_partner_finds_it(sign_in, manager):
    found = OpportunityFactory(published=True, title="Buoys for ports", note="Only for members")
    partnership = PartnershipFactory(pool_mail="at_once")
    partner = speaker(partnership)
    url = reverse("ecosystem:share", args=[found.reference])

    for _ in range(2):
        sign_in(manager).post(url, {"partners": [partnership.pk], "note": "For your buoy makers."})

    shared = SharedOpportunity.objects.get()
    listed = sign_in(partner).get(reverse("ecosystem:pool", args=[partnership.organisation.slug])).content.decode()
    shown = sign_in(partner).get(shared.get_absolute_url()).content.decode()
    assert "Buoys for ports" in listed
    assert ("For your buoy makers." in shown, "Only for members" in shown) == (True, False)
    assert [mail.to for mail in mails("pool-news")] == [partner.email]
    assert AuditEvent.objects.filter(action="ecosystem.shared").count() == 1
    assert list(sharing.opportunities_shared_with(partnership)) == [shared]


@pytest.mark.parametrize(
    ("facts", "why"), [({}, "Publish it first"), ({"published": True, "closed": True}, "last day")]
)
def test_only_what_is_published_and_open_is_shared(manager, facts, why):
    with pytest.raises(Refused, match=why):
        pool.share(opportunity=OpportunityFactory(**facts), partners=[PartnershipFactory()], note="", by=manager)


def test_what_is_withdrawn_closed_or_taken_out_leaves_the_pool(sign_in, manager):
    shared = SharedOpportunityFactory()
    partner = sign_in(speaker(shared.partnership))
    opportunity = shared.opportunity
    for change in ({"status": "inbox"}, {"closes_at": timezone.now() - timedelta(hours=1)}):
        before = {name: getattr(opportunity, name) for name in change}
        Opportunity.objects.filter(pk=opportunity.pk).update(**change)
        assert partner.get(shared.get_absolute_url()).status_code == 404
        Opportunity.objects.filter(pk=opportunity.pk).update(**before)
    assert partner.get(shared.get_absolute_url()).status_code == 200

    sign_in(manager).post(reverse("ecosystem:stop_sharing", args=[shared.key]))

    assert partner.get(shared.get_absolute_url()).status_code == 404
    pool.share(opportunity=opportunity, partners=[shared.partnership], note="Again", by=manager)
    assert partner.get(shared.get_absolute_url()).status_code == 200


def test_a_partner_says_for_whom_it_is_and_the_team_hands_over(sign_in, manager):
    shared = SharedOpportunityFactory()
    partner = speaker(shared.partnership)
    url = reverse("ecosystem:answer_shared", args=[shared.key])
    empty = sign_in(partner).post(url, {"answer": "interested", "sentence": ""}).content.decode()
    assert "Say in a sentence which of your companies it is for" in empty

    for _ in range(2):
        sign_in(partner).post(url, {"answer": "interested", "sentence": "A buoy maker <i>in</i> Pärnu."})

    (mail,) = mails("pool-interest")
    assert mail.to == manager.email
    assert "A buoy maker &lt;i&gt;in&lt;/i&gt; Pärnu." in mail.html
    shown = sign_in(manager).get(shared.get_absolute_url()).content.decode()
    assert "A buoy maker &lt;i&gt;in&lt;/i&gt; Pärnu." in shown
    sign_in(manager).post(reverse("ecosystem:hand_over", args=[shared.key]))
    shared.refresh_from_db()
    assert (shared.answer, shared.handled_at is not None) == ("interested", True)
    acts = ["ecosystem.pool_interested", "ecosystem.pool_handed_over"]
    assert list(AuditEvent.objects.filter(object_id=shared.pk).order_by("pk").values_list("action", flat=True)) == acts


def test_no_is_no_and_nothing_is_handed_over(manager):
    shared = SharedOpportunityFactory()
    pool.answer(shared=shared, interested=False, sentence="", by=speaker(shared.partnership))
    assert mails("pool-interest") == []
    with pytest.raises(Refused, match="has not said that it is interested"):
        pool.hand_over(shared=shared, by=manager)


@pytest.mark.parametrize("who", ["viewer", "other partner", "member", "evaluator", "manager"])
def test_only_the_partner_itself_answers(manager, evaluator, who):
    shared = SharedOpportunityFactory()
    users = {
        "viewer": speaker(shared.partnership, "viewer"),
        "other partner": speaker(PartnershipFactory()),
        "member": card_of()[1],
        "evaluator": evaluator,
        "manager": manager,
    }
    with pytest.raises(PermissionDenied):
        pool.answer(shared=shared, interested=True, sentence="Us.", by=users[who])


def test_what_a_partner_brings_in_waits_in_the_inbox_like_everything_else(sign_in, manager):
    partnership = PartnershipFactory()
    partner = sign_in(speaker(partnership))

    partner.post(reverse("ecosystem:bring_in", args=[partnership.organisation.slug]), request())

    brought = SharedOpportunity.objects.get()
    opportunity, run = brought.opportunity, ImportRun.objects.get()
    assert (opportunity.status, opportunity.kind, opportunity.partnering_type) == ("inbox", "partnering", "BR")
    assert opportunity.title == 'Pump stations; that "tell" when they fail'
    assert (opportunity.countries, opportunity.url) == (["EE"], "https://pumps.example/request")
    assert timezone.localtime(opportunity.deadline).date() == timezone.localdate() + timedelta(days=60)
    assert opportunity.source.name == f"Brought in by {partnership.organisation.name}"
    assert (run.source, run.created, run.status) == (opportunity.source, 1, "done")
    assert [mail.to for mail in mails("brought-in")] == [manager.email]
    shown = partner.get(brought.get_absolute_url()).content.decode()
    assert ("Forty stations without staff." in shown, "<b>without" in shown) == (True, False)
    assert opportunity.title in sign_in(manager).get(reverse("opportunities:inbox")).content.decode().replace(
        "&quot;", '"'
    )


def test_a_second_proposal_comes_by_the_same_source_also_under_a_new_name():
    partnership = PartnershipFactory()
    person = speaker(partnership)
    words = {"kind": "BO", "summary": "Meters.", "country": "Estonia", "deadline": "2035-05-03"}
    pool.bring_in(partnership=partnership, title="First", by=person, **words)
    partnership.organisation.name = "Renamed Cluster"
    partnership.organisation.save()

    pool.bring_in(partnership=partnership, title="Second", by=person, **words)

    assert Source.objects.count() == 1
    assert SharedOpportunity.objects.filter(way="brought").count() == 2


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"deadline": "2020-01-01"}, "This day has passed."),
        ({"deadline": "2099-01-01"}, "Choose a day within two years."),
        ({"title": ""}, "We need this."),
        ({"country": "ZZ"}, "Choose from the list."),
        ({"link": "javascript:alert(1)"}, "Write a web address"),
    ],
)
def test_a_proposal_with_a_fault_keeps_what_was_typed(sign_in, changes, why):
    partnership = PartnershipFactory()
    url = reverse("ecosystem:bring_in", args=[partnership.organisation.slug])

    answer = sign_in(speaker(partnership)).post(url, request(**changes)).content.decode()

    assert why in answer
    assert "Forty stations &lt;b&gt;without&lt;/b&gt; staff." in answer
    assert not Opportunity.objects.exists()


@pytest.mark.parametrize("role", ["viewer", None])
def test_only_those_who_speak_for_a_partner_bring_in(sign_in, outsider, role):
    partnership = PartnershipFactory()
    user = speaker(partnership, role) if role else outsider
    url = reverse("ecosystem:bring_in", args=[partnership.organisation.slug])
    assert sign_in(user).post(url, request()).status_code in (403, 404)
    assert not Opportunity.objects.exists()


def test_the_weekly_mail_tells_what_is_new_once_and_only_on_its_day():
    weekly, other = PartnershipFactory(), PartnershipFactory()
    person = speaker(weekly)
    speaker(other)
    first, second = (SharedOpportunityFactory(partnership=weekly) for _ in range(2))
    SharedOpportunityFactory(partnership=weekly, opportunity__status="inbox")
    monday = datetime(2027, 5, 3, 7, 12, tzinfo=ZoneInfo("Europe/Stockholm"))
    Opportunity.objects.update(closes_at=monday + timedelta(days=30), deadline=monday + timedelta(days=30))

    with time_machine.travel(monday - timedelta(days=1)):
        pool_mails.send_due()
    assert mails("pool-news") == []
    with time_machine.travel(monday):
        pool_mails.send_due()
        pool_mails.send_due()

    (mail,) = mails("pool-news")
    assert mail.to == person.email
    assert first.opportunity.title in mail.text
    assert second.opportunity.title in mail.html


def test_a_partner_sees_its_own_pool_alone(sign_in):
    mine, theirs = SharedOpportunityFactory(), SharedOpportunityFactory()
    client = sign_in(speaker(mine.partnership))

    assert client.get(mine.get_absolute_url()).status_code == 200
    assert client.get(theirs.get_absolute_url()).status_code == 404
    assert client.get(reverse("ecosystem:pool", args=[theirs.partnership.organisation.slug])).status_code == 404
    assert client.get(reverse("ecosystem:share", args=[mine.opportunity.reference])).status_code == 403


def test_the_pool_asks_as_often_for_many_as_for_one(sign_in):
    partnership = PartnershipFactory()
    client = sign_in(speaker(partnership))
    assert_constant_queries(
        lambda: client.get(reverse("ecosystem:pool", args=[partnership.organisation.slug])),
        lambda: SharedOpportunityFactory(partnership=partnership),
        at_most=12,
        shows=lambda answer: len(answer.context["rows"]),
    )


def test_a_partner_proposes_from_its_own_country_unless_it_says_otherwise(sign_in):
    partnership = PartnershipFactory(organisation__country="EE")

    path = reverse("ecosystem:bring_in", args=[partnership.organisation.slug])

    page = sign_in(speaker(partnership)).get(path).content.decode()

    assert '<option value="EE" selected>' in page


def test_an_empty_pool_leads_the_team_to_the_opportunities(sign_in, manager):
    partnership = PartnershipFactory()
    path = reverse("ecosystem:pool", args=[partnership.organisation.slug])

    page = html.document_fromstring(sign_in(manager).get(path).content)

    assert page.xpath(f"//main//a[@href='{reverse('opportunities:list')}']")
