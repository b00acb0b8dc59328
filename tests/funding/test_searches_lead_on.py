"""Where a partner search leads: to an application with its consortium, or to a sheet and a word on what came of it."""

from datetime import timedelta
from io import BytesIO

import pypdf
import pytest
from django.urls import reverse
from lxml import html

from core.models import AuditEvent, Mail
from evaluations import outcomes
from evaluations.models import Outcome
from funding.models import Application, PartnerSearch, SearchReply, TopicOfCall
from members.models import Membership
from tests.factories.funding import (
    ApplicationFactory,
    FunderFactory,
    FundingCallFactory,
    PartnerSearchFactory,
    SearchReplyFactory,
)
from tests.factories.members import MembershipFactory, OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db


def text(response) -> str:
    return " ".join(html.document_fromstring(response.content).text_content().split())


@pytest.fixture
def search(organisation) -> PartnerSearch:
    """A member looks for partners: one said yes, one no, one nothing yet."""
    found = PartnerSearchFactory(organisation=organisation)
    said = UserFactory(name="Rein Ratas", email="rein@saare.example")
    yes = OrganisationFactory(name="Saare Sensors", country="EE")
    MembershipFactory(organisation=yes, user=said)
    SearchReplyFactory(search=found, organisation=yes, interested=True, words="We measure nitrate.", answered_by=said)
    SearchReplyFactory(search=found, status="declined", answered_at=found.started_at)
    SearchReplyFactory(search=found)
    return found


@pytest.fixture
def call(search):
    """An open call of the portal, which the topic is."""
    found = FundingCallFactory(name="Baltic Water Express")
    FunderFactory(call=found)
    TopicOfCall.objects.create(topic=search.topic, call=found)
    return found


def of(name: str, search: PartnerSearch) -> str:
    return reverse(f"funding:{name}", args=[search.pk])


def starting(search: PartnerSearch, **typed: str) -> dict[str, str]:
    reply = search.replies.get(status="interested")
    return {
        f"in-{reply.pk}": "on", f"role-{reply.pk}": "Measures in two rivers.", "title": "Clear rivers",
        "sends_links": "on",
    } | typed  # fmt: skip


def test_the_search_leads_to_an_application_with_those_who_said_yes_and_sends_their_links(sign_in, owner, search, call):
    client = sign_in(owner)
    assert "Start the application" in text(client.get(search.get_absolute_url()))
    page = client.post(of("search_apply", search), starting(search), follow=True)

    application = Application.objects.get()
    assert (application.call, application.topic, application.title) == (call, search.topic, "Clear rivers")
    lead, partner = application.partners.all()
    assert lead.organisation == search.organisation
    assert (partner.name, partner.email, partner.status) == ("Saare Sensors", "rein@saare.example", "invited")
    assert (partner.role, partner.organisation.country) == ("Measures in two rivers.", "EE")
    assert "/funding/p/" in Mail.objects.get(to="rein@saare.example").text
    assert "Saare Sensors" in text(page)
    search.refresh_from_db()
    assert (search.application, search.outcome, search.status) == (application, "here", "closed")
    assert AuditEvent.objects.filter(action="funding.search_led_to").count() == 1


def test_starting_twice_is_once_and_links_can_wait(sign_in, owner, search, call):
    client = sign_in(owner)
    for _ in range(2):
        client.post(of("search_apply", search), starting(search, sends_links=""))

    assert Application.objects.get().partners.get(is_lead=False).status == "draft"
    assert not Mail.objects.filter(to="rein@saare.example").exists()


def test_who_is_left_out_stays_out(sign_in, owner, search, call):
    reply = search.replies.get(status="interested")
    sign_in(owner).post(of("search_apply", search), starting(search, **{f"in-{reply.pk}": ""}))

    assert [each.is_lead for each in Application.objects.get().partners.all()] == [True]


def test_who_cannot_be_a_partner_is_told_and_the_others_are_in(sign_in, owner, search, call):
    call.one_consortium_only = True
    call.save()
    ApplicationFactory(call=call, lead=search.replies.get(status="interested").organisation, submitted=True)
    nowhere = OrganisationFactory(name="Nowhere", country="")
    SearchReplyFactory(search=search, organisation=nowhere, interested=True)
    in_it = SearchReplyFactory(search=search, interested=True)
    typed = {f"in-{each.pk}": "on" for each in search.replies.filter(status="interested")} | {"title": "Rivers"}
    page = text(sign_in(owner).post(of("search_apply", search), typed, follow=True))

    assert "Saare Sensors: It is in another consortium of this call." in page
    assert "Nowhere: Its profile does not say in which country it is." in page
    names = Application.objects.get(search=search).partners.filter(is_lead=False).values_list("name", flat=True)
    assert list(names) == [in_it.organisation.name]


def test_a_title_is_asked_for_and_what_was_typed_stays(sign_in, owner, search, call):
    page = sign_in(owner).post(of("search_apply", search), starting(search, title=""))

    assert "Give the project a title" in text(page)
    assert "Measures in two rivers." in page.content.decode()
    assert not Application.objects.exists()


def test_a_call_that_takes_nothing_is_told_with_what_was_typed(sign_in, owner, search, call):
    call.opens_at, call.deadline = call.opens_at - timedelta(days=60), call.opens_at
    call.save()
    page = sign_in(owner).post(of("search_apply", search), starting(search))

    assert "Measures in two rivers." in page.content.decode()
    assert "This call takes no applications now." in text(page)
    assert not Application.objects.exists()


def test_the_address_of_a_topic_can_be_that_of_a_call(sign_in, owner, search, settings):
    call = FundingCallFactory(slug="baltic-water")
    search.topic.url = f"{settings.SITE_URL.rstrip('/')}{call.get_absolute_url()}"
    search.topic.save(update_fields=["url"])
    sign_in(owner).post(of("search_apply", search), starting(search))

    assert Application.objects.get().call == call


def test_the_team_links_a_topic_to_a_call_once(sign_in, manager, owner, search):
    call = FundingCallFactory()
    client = sign_in(manager)
    for _ in range(2):
        client.post(of("search_call", search), {"call": call.pk})
    assert TopicOfCall.objects.get().call == call
    assert AuditEvent.objects.filter(action="funding.topic_linked").count() == 1
    client.post(of("search_call", search), {"call": FundingCallFactory(draft=True).pk})
    assert TopicOfCall.objects.get().call == call
    sign_in(owner).post(of("search_call", search), {"call": ""})
    assert TopicOfCall.objects.exists()

    client.post(of("search_call", search), {"call": ""})
    assert not TopicOfCall.objects.exists()


def test_without_a_call_no_application_is_started_and_the_sheet_is_offered(sign_in, owner, search):
    client = sign_in(owner)
    page = text(client.get(of("team", search)))
    assert "Start the application" not in page
    assert "Sheet as PDF" in page
    assert "This topic is no call of this portal." in text(client.post(of("search_apply", search), starting(search)))
    assert not Application.objects.exists()


def test_the_sheet_names_only_people_who_agreed(sign_in, owner, search):
    client, reply = sign_in(owner), search.replies.get(status="interested")
    client.post(of("team", search), {f"in-{reply.pk}": "on", f"role-{reply.pk}": "=Measures"})
    csv = b"".join(client.get(of("sheet_csv", search))).decode()
    assert "We measure nitrate." in csv
    assert "'=Measures" in csv
    assert f"through {search.organisation}" in csv
    assert "rein@saare.example" not in csv

    SearchReply.objects.filter(pk=reply.pk).update(shares_contact=True)
    assert "rein@saare.example" in b"".join(client.get(of("sheet_csv", search))).decode()
    paper = pypdf.PdfReader(BytesIO(client.get(of("sheet_pdf", search)).content)).pages[0].extract_text()
    for words in ("Saare Sensors", "Rein Ratas", search.organisation.name, search.brings):
        assert words in " ".join(paper.split())


def test_a_contact_is_shared_by_a_tick_and_taken_back_at_any_time(sign_in, search):
    reply = search.replies.get(status="asked")
    client = sign_in(MembershipFactory(organisation=reply.organisation).user)
    client.post(reverse("funding:search_answer", args=[reply.pk]), {"answer": "interested", "shares_contact": "on"})
    reply.refresh_from_db()
    assert reply.shares_contact
    PartnerSearch.objects.filter(pk=search.pk).update(status="closed", closed_at=search.started_at)

    assert "Take my name and address out of the sheet" in text(client.get(search.get_absolute_url()))
    for _ in range(2):
        client.post(reverse("funding:hide_contact", args=[reply.pk]))
    reply.refresh_from_db()
    assert not reply.shares_contact
    assert AuditEvent.objects.filter(action="funding.contact_hidden").count() == 1


def test_applied_elsewhere_ends_the_search_and_stands_among_the_results(sign_in, owner, search):
    client = sign_in(owner)
    client.post(of("search_outcome", search), {"outcome": "elsewhere", "outcome_words": "Handed in in Brussels."})
    search.refresh_from_db()
    assert (search.status, search.outcome) == ("closed", "elsewhere")
    assert "Handed in in Brussels." in text(client.get(search.get_absolute_url()))
    outcomes.gather_searches()
    told = Outcome.objects.filter(opportunity=search.topic, rung="opportunity", source="interest", words="")
    partner = search.replies.get(status="interested").organisation
    assert set(told.values_list("organisation", flat=True)) == {search.organisation_id, partner.pk}
    assert outcomes.gather_searches() == 0

    client.post(of("search_outcome", search), {"outcome": "none"})
    assert outcomes.gather_searches() == 2
    assert not Outcome.objects.exists()


def test_an_outcome_is_chosen_and_here_is_not_told_by_hand(sign_in, owner, search):
    client = sign_in(owner)
    page = client.post(of("search_outcome", search), {"outcome_words": "It was much work."})
    assert "Choose one of the two answers." in text(page)
    assert "It was much work." in page.content.decode()
    client.post(of("search_outcome", search), {"outcome": "here"})
    search.refresh_from_db()
    assert search.status == "open"


def test_a_search_that_led_to_an_application_is_not_begun_anew(sign_in, owner, search, call):
    client = sign_in(owner)
    client.post(of("search_apply", search), starting(search))
    again = {"brings": "More.", "seeks": "Others."}
    page = text(client.post(reverse("funding:consortium", args=[search.topic.reference]), again))

    assert f"This search led to the application {Application.objects.get().reference}." in page
    search.refresh_from_db()
    assert search.status == "closed"


POSTED = ("search_apply", "search_outcome", "team")


@pytest.mark.parametrize("who", ["outsider", "viewer", "evaluator", "asked"])
def test_others_put_nothing_together(request, sign_in, search, call, who):
    if who == "asked":
        user = MembershipFactory(organisation=search.replies.get(status="interested").organisation).user
    else:
        user = request.getfixturevalue(who)
    client = sign_in(user)
    for name in ("team", "sheet_pdf", "sheet_csv"):
        assert client.get(of(name, search)).status_code in (403, 404)
    for name in POSTED:
        client.post(of(name, search), starting(search, outcome="elsewhere"))
    search.refresh_from_db()
    assert (search.status, search.outcome) == ("open", "")
    assert search.replies.get(status="interested").role == ""
    assert not Application.objects.exists()


def test_the_team_puts_it_together_on_behalf_and_does_not_apply(sign_in, manager, search, call):
    client = sign_in(manager)
    client.post(of("team", search), starting(search))
    assert search.replies.get(status="interested").role == "Measures in two rivers."
    client.post(of("search_apply", search), starting(search))
    assert not Application.objects.exists()
    assert "Only owners and editors of the organisation apply for it." in text(client.get(search.get_absolute_url()))


def test_links_change_nothing_when_they_are_only_opened(sign_in, owner, search, call):
    client = sign_in(owner)
    for name in ("search_apply", "search_outcome", "search_call"):
        assert client.get(of(name, search)).status_code == 405
    viewer = MembershipFactory(organisation=search.replies.get(status="interested").organisation,
                               role=Membership.Role.VIEWER).user  # fmt: skip
    reply = search.replies.get(status="interested")
    SearchReply.objects.filter(pk=reply.pk).update(shares_contact=True)
    sign_in(viewer).post(reverse("funding:hide_contact", args=[reply.pk]))
    reply.refresh_from_db()
    assert reply.shares_contact
