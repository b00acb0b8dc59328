"""Preparing a consortium for a topic: started, asked around, answered; who sees what of it."""

import pytest
from django.urls import reverse
from lxml import html

from core.models import AuditEvent, Mail
from funding.models import PartnerSearch, SearchReply
from members.models import Membership, Organisation
from tests.client import CheckingClient
from tests.factories.funding import PartnerSearchFactory, SearchReplyFactory
from tests.factories.members import MembershipFactory, OrganisationFactory
from tests.factories.opportunities import OpportunityFactory
from tests.opportunities.ground import filter_now, member, opportunity
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db
WORDS = {"brings": "A test site.", "seeks": "Somebody who measures nitrate."}


def text(response) -> str:
    return " ".join(html.document_fromstring(response.content).text_content().split())


def start(client: CheckingClient, topic, **words: str):
    return client.post(reverse("funding:consortium", args=[topic.reference]), WORDS | words, follow=True)


def test_a_member_starts_a_search_and_the_team_is_told_once(sign_in, owner, organisation, manager):
    topic = OpportunityFactory(published=True)
    client = sign_in(owner)

    start(client, topic)
    start(client, topic, seeks="A utility in Finland.")

    search = PartnerSearch.objects.get()
    assert (search.organisation, search.seeks) == (organisation, "A utility in Finland.")
    assert Mail.objects.filter(kind="partner-search", to=manager.email).count() == 1
    told = (
        AuditEvent.objects.filter(object_type="funding.partnersearch").order_by("pk").values_list("action", flat=True)
    )
    assert list(told) == ["funding.search_started", "funding.search_changed"]


def test_the_page_of_a_topic_leads_there_and_that_of_a_tender_does_not(sign_in, owner):
    client = sign_in(owner)
    topic, tender = OpportunityFactory(published=True), OpportunityFactory(published=True, kind="tender")

    assert (
        reverse("funding:consortium", args=[topic.reference]) in client.get(topic.get_absolute_url()).content.decode()
    )
    assert "/funding/consortium/" not in client.get(tender.get_absolute_url()).content.decode()
    assert client.get(reverse("funding:consortium", args=[tender.reference])).status_code == 404


def test_words_are_needed_and_kept(sign_in, owner):
    page = start(sign_in(owner), OpportunityFactory(published=True), brings="")

    assert "Say in a sentence what you bring" in text(page)
    assert "Somebody who measures nitrate." in text(page)
    assert not PartnerSearch.objects.exists()


def test_a_closed_topic_is_refused_with_words(sign_in, owner):
    topic = OpportunityFactory(published=True, closed=True)

    assert "This topic is closed." in text(start(sign_in(owner), topic))
    assert not PartnerSearch.objects.exists()


def test_a_viewer_does_not_start_one(sign_in, viewer):
    page = start(sign_in(viewer), OpportunityFactory(published=True))

    assert "Only owners and editors" in text(page)
    assert not PartnerSearch.objects.exists()


@pytest.fixture
def around(manager) -> tuple[PartnerSearch, list[Organisation]]:
    """A topic on timber: two companies and a foreign cluster of that field, and one of another; all read mail."""
    companies = [member("timber", 1), member("timber", 2), member("food", 3)]
    companies.append(member("timber", 4, kind="cluster", is_member=False, country="FI"))
    for company in companies:
        MembershipFactory(organisation=company)
    found = opportunity("timber", 1, published=True)
    for seed in range(6):
        opportunity("water", seed, published=True)
    filter_now()
    return PartnerSearchFactory(topic=found, organisation=companies[0]), companies


def test_those_whom_the_topic_fits_stand_first_with_reasons(sign_in, manager, around):
    search, (_lead, close, far, abroad) = around
    page = html.document_fromstring(sign_in(manager).get(reverse("funding:search_fits", args=[search.pk])).content)

    assert sorted(page.xpath("//li[ul[@class='reasons'][li]]//strong/text()")) == sorted([close.name, abroad.name])
    assert page.xpath("//details//label/text()[normalize-space()]")[0].strip() == far.name


def test_where_the_filter_finds_nobody_the_others_stand_open_to_be_chosen(sign_in, manager):
    search = PartnerSearchFactory()
    MembershipFactory(organisation=OrganisationFactory(name="Källsprång Lab"))
    address = reverse("funding:search_fits", args=[search.pk])
    page = html.document_fromstring(sign_in(manager).get(address).content)
    (choices,) = page.xpath("//main//details")

    assert choices.get("open") is not None
    assert "2 others, whom the filter does not find close" in choices.text_content()
    assert [each.text_content().strip() for each in choices.xpath(".//label")] == ["Källsprång Lab", "Tallskog Timber"]
    assert page.xpath("//button[contains(., 'Ask those chosen')]")


def test_where_nobody_is_left_to_be_asked_no_button_stands(sign_in, manager):
    search = PartnerSearchFactory()
    asked = MembershipFactory().organisation
    for each in Organisation.objects.could_join(search.organisation_id):
        SearchReplyFactory(search=search, organisation=each)
    page = sign_in(manager).get(reverse("funding:search_fits", args=[search.pk])).content.decode()

    assert asked.name in page
    assert "Ask those chosen" not in page
    assert "<details" not in page.partition("<main")[2].partition("</main")[0]


def test_whom_the_team_asks_gets_one_mail_and_is_asked_once(sign_in, manager, around):
    search, (lead, close, _far, abroad) = around
    client, url = sign_in(manager), reverse("funding:search_ask", args=[search.pk])

    client.post(url, {"to": [close.pk, abroad.pk]})
    again = client.post(url, {"to": [close.pk]}, follow=True)

    assert set(search.replies.values_list("organisation", flat=True)) == {close.pk, abroad.pk}
    assert Mail.objects.filter(kind="partner-search").count() == 2
    assert "0 organisations are asked." in text(again)
    assert not search.replies.filter(organisation=lead).exists()


def test_asking_nobody_is_told_and_a_forged_id_is_no_choice(sign_in, manager, around):
    search, companies = around
    client, url = sign_in(manager), reverse("funding:search_ask", args=[search.pk])

    assert "Choose at least one organisation." in text(client.post(url, {}))
    client.post(url, {"to": [OrganisationFactory(is_member=False).pk, companies[0].pk]})
    assert not SearchReply.objects.exists()


def answer(client: CheckingClient, reply: SearchReply, **data: str):
    return client.post(reverse("funding:search_answer", args=[reply.pk]), data, follow=True)


def test_interest_is_told_to_who_searches_and_a_no_is_not(sign_in):
    yes, no = SearchReplyFactory(), None
    no = SearchReplyFactory(search=yes.search)
    lead = MembershipFactory(organisation=yes.search.organisation).user
    said = MembershipFactory(organisation=yes.organisation).user

    answer(sign_in(said), yes, answer="interested", words="We measure it.")
    answer(sign_in(MembershipFactory(organisation=no.organisation).user), no, answer="declined", words="No time.")

    page = text(sign_in(lead).get(yes.search.get_absolute_url()))
    assert yes.organisation.name in page
    assert said.email in page
    assert "We measure it." in page
    assert no.organisation.name not in page
    assert "No time." not in page
    assert Mail.objects.filter(kind="partner-search", to=lead.email).count() == 1


def test_answering_twice_is_once_and_an_answer_can_change(sign_in):
    reply = SearchReplyFactory()
    client = sign_in(MembershipFactory(organisation=reply.organisation).user)
    MembershipFactory(organisation=reply.search.organisation)

    for _ in range(2):
        answer(client, reply, answer="interested")
    assert AuditEvent.objects.filter(action="funding.partner_interested").count() == 1
    assert Mail.objects.filter(kind="partner-search").count() == 1

    answer(client, reply, answer="declined")
    reply.refresh_from_db()
    assert reply.status == "declined"


def test_no_answer_is_asked_for_again_with_what_was_typed(sign_in):
    reply = SearchReplyFactory()
    page = answer(sign_in(MembershipFactory(organisation=reply.organisation).user), reply, words="Perhaps.")

    assert "Choose one of the two answers." in text(page)
    assert "Perhaps." in page.content.decode()
    reply.refresh_from_db()
    assert reply.status == "asked"


def test_a_closed_search_takes_no_answer_and_closing_twice_is_once(sign_in):
    reply = SearchReplyFactory()
    lead = sign_in(MembershipFactory(organisation=reply.search.organisation).user)
    for _ in range(2):
        lead.post(reverse("funding:search_close", args=[reply.search_id]))

    page = answer(sign_in(MembershipFactory(organisation=reply.organisation).user), reply, answer="interested")
    assert "This search is closed." in text(page)
    reply.refresh_from_db()
    assert reply.status == "asked"
    assert AuditEvent.objects.filter(action="funding.search_closed").count() == 1


@pytest.mark.parametrize("page", ["search", "search_csv"])
def test_others_find_nothing(sign_in, outsider, evaluator, page):
    reply = SearchReplyFactory(interested=True)
    url = reverse(f"funding:{page}", args=[reply.search_id])

    assert sign_in(outsider).get(url).status_code == 404
    assert sign_in(evaluator).get(url).status_code == 403


def test_who_was_asked_sees_neither_the_others_nor_the_file(sign_in):
    mine, other = SearchReplyFactory(), None
    other = SearchReplyFactory(search=mine.search, interested=True, words="Us too.")
    client = sign_in(MembershipFactory(organisation=mine.organisation).user)

    page = text(client.get(mine.search.get_absolute_url()))
    assert other.organisation.name not in page
    assert "Us too." not in page
    assert client.get(reverse("funding:search_csv", args=[mine.search_id])).status_code == 403
    assert client.get(reverse("funding:search_fits", args=[mine.search_id])).status_code == 403


def test_a_viewer_reads_and_does_not_answer(sign_in):
    reply = SearchReplyFactory()
    client = sign_in(MembershipFactory(organisation=reply.organisation, role=Membership.Role.VIEWER).user)

    assert "Only owners and editors" in text(client.get(reply.search.get_absolute_url()))
    answer(client, reply, answer="interested")
    reply.refresh_from_db()
    assert reply.status == "asked"


def test_the_file_runs_no_formula(sign_in):
    reply = SearchReplyFactory(interested=True, words="=1+1")
    client = sign_in(MembershipFactory(organisation=reply.search.organisation).user)

    body = b"".join(client.get(reverse("funding:search_csv", args=[reply.search_id]))).decode()
    assert "'=1+1" in body
    assert reply.organisation.name in body


def test_the_list_says_what_waits_with_a_constant_number_of_queries(sign_in):
    reply = SearchReplyFactory()
    client = sign_in(MembershipFactory(organisation=reply.organisation).user)

    assert "Waits for your answer" in text(client.get(reverse("funding:searches")))
    reply.search.delete()
    assert_constant_queries(
        lambda: client.get(reverse("funding:searches")),
        lambda: SearchReplyFactory(organisation=reply.organisation),
        at_most=11,
        shows=lambda response: len(html.document_fromstring(response.content).xpath("//li[@class='list-row']")),
    )


def test_somebody_of_two_organisations_answers_for_each(sign_in):
    one = SearchReplyFactory()
    two = SearchReplyFactory(search=one.search)
    user = MembershipFactory(organisation=one.organisation).user
    MembershipFactory(user=user, organisation=two.organisation)

    answer(sign_in(user), two, answer="interested")

    assert [each.status for each in SearchReply.objects.order_by("pk")] == ["asked", "interested"]
