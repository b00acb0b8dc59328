"""The member's feed: the few that fit, each answered with one tap, with and without scripts."""

import re
from datetime import timedelta

import pytest
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from lxml import html

from core.models import AuditEvent
from members.actions.organisations import change_profile
from members.models import Membership, Organisation, Profile
from opportunities import actions, reading
from opportunities.models import Feedback, Opportunity
from tests.client import htmx
from tests.factories.members import MembershipFactory, OrganisationFactory, UserFactory
from tests.factories.opportunities import FeedbackFactory
from tests.opportunities.ground import filter_now, opportunity

pytestmark = pytest.mark.django_db
FEED = "/opportunities/for-you/"


def cards_of(response) -> list[str]:
    """Titles of the cards above the fold."""
    page = html.document_fromstring(response.content)
    return page.xpath("//div[@class='cards'][not(ancestor::details)]//article//h2/a/text()")


def say(client, found: Opportunity, answer: str, *, headers: dict | None = None, **more: str):
    url = reverse("opportunities:answer", args=[found.reference])
    return client.post(url, {"answer": answer, "next": FEED} | more, headers=headers)


# --- what it shows ----------------------------------------------------------------------------------------------------


def test_feed_shows_five_and_folds_the_rest(sign_in, owner, timber):
    response = sign_in(owner).get(FEED)
    assert cards_of(response) == [each.title for each in timber[:5]]
    page = html.document_fromstring(response.content)
    folded = page.xpath("//details[.//div[@class='cards']]//article//h2/a/text()")
    assert folded == [each.title for each in timber[5:]]
    assert "3 more that fit, less closely" in page.xpath("string(//details[.//div[@class='cards']]/summary)")


def test_every_card_says_why(sign_in, owner, timber):
    page = html.document_fromstring(sign_in(owner).get(FEED).content)
    articles = page.xpath("//article")
    assert len(articles) == 8
    assert all(article.xpath(".//ul[@class='reasons']/li") for article in articles)


def test_empty_feed_says_when_its_list_is_being_made(sign_in, owner, organisation, timber):
    client, words = sign_in(owner), {"summary": "We bake bread.", "offers": "bread", "seeks": "flour"}
    Profile.objects.filter(organisation=organisation).update(kinds=["event"])
    filter_now()
    assert "Nothing this week is worth your time" in client.get(FEED).content.decode()
    change_profile(organisation=organisation, by=owner, **words)
    page = client.get(FEED).content.decode()
    assert "Your list is being made anew" in page
    assert "Nothing this week" not in page
    assert f'hx-get="{FEED}" hx-trigger="every 3s"' in page
    filter_now()
    page = client.get(FEED).content.decode()
    assert "Nothing this week is worth your time" in page
    assert "every 3s" not in page


def test_first_list_is_announced(sign_in, owner):
    assert "Your first list is being made" in sign_in(owner).get(FEED).content.decode()


def test_feed_is_the_members_own(sign_in, outsider, timber):
    response = sign_in(outsider).get(FEED)
    assert not {each.title for each in timber} & set(cards_of(response))


def test_feed_leaves_out_what_was_withdrawn_or_has_closed(sign_in, owner, timber):
    Opportunity.objects.filter(pk=timber[0].pk).update(status="inbox")
    Opportunity.objects.filter(pk=timber[1].pk).update(status="dismissed")
    Opportunity.objects.filter(pk=timber[2].pk).update(closes_at=timezone.now() - timedelta(hours=1))
    assert cards_of(sign_in(owner).get(FEED)) == [each.title for each in timber[3:]]


@pytest.mark.parametrize("kind", ["interested", "saved", "not_for_us"])
def test_what_was_answered_a_while_ago_makes_room(sign_in, owner, organisation, timber, kind):
    before = timezone.now() - reading.JUST_NOW - timedelta(minutes=1)
    FeedbackFactory(organisation=organisation, opportunity=timber[0], kind=kind, at=before, rank_shown=1)
    assert cards_of(sign_in(owner).get(FEED)) == [each.title for each in timber[1:6]]


def test_answers_of_others_change_nothing_in_the_feed(sign_in, owner, organisation, outsider, timber):
    other = outsider.own_membership.organisation
    FeedbackFactory(organisation=other, opportunity=timber[0], sentence="We build such saws")
    FeedbackFactory(organisation=other, opportunity=timber[1], not_for_us=True)
    FeedbackFactory(organisation=organisation, opportunity=timber[0], opened=True)
    response = sign_in(owner).get(FEED)
    assert cards_of(response) == [each.title for each in timber[:5]]
    assert "We build such saws" not in response.content.decode()
    assert "You are interested" not in response.content.decode()


def test_handed_over_stands_first_with_the_managers_sentence(sign_in, owner, organisation, manager, timber):
    other = opportunity("water", 50, published=True)
    for found, sentence in ((timber[6], "You met them in Tartu."), (other, "")):
        actions.hand_over(opportunity=found, to=[organisation], sentence=sentence, by=manager)
    response = sign_in(owner).get(FEED)
    assert cards_of(response) == [each.title for each in (other, timber[6], *timber[:3])]
    reasons = html.document_fromstring(response.content).xpath("(//article)[2]//ul[@class='reasons']/li//text()")
    assert [text.strip() for text in reasons if text.strip()] == [
        "Your cluster manager handed this over to you.",
        "You met them in Tartu.",
    ]


def test_many_handed_over_never_show_more_than_five(sign_in, owner, organisation, manager, timber):
    for found in timber:
        actions.hand_over(opportunity=found, to=[organisation], sentence="", by=manager)
    filter_now()
    assert len(cards_of(sign_in(owner).get(FEED))) == 5


def test_no_publisher_fills_the_page_alone(sign_in, owner, organisation, timber):
    Opportunity.objects.filter(pk__in=[each.pk for each in timber[:7]]).update(
        organisation="One agency", content_hash=F("reference")
    )
    filter_now()
    page = html.document_fromstring(sign_in(owner).get(FEED).content)
    assert page.xpath("string(//main)").count("One agency") == 5


def test_feed_without_a_list_says_that_it_is_being_made(sign_in, owner):
    text = html.document_fromstring(sign_in(owner).get(FEED).content).xpath("string(//main)")
    assert "Your first list is being made" in text
    assert "These are worth your time" not in text


def test_feed_with_nothing_that_fits_says_what_widens_the_net(sign_in, owner, organisation, timber):
    Profile.objects.filter(organisation=organisation).update(summary="", offers="", seeks="")
    filter_now()
    page = html.document_fromstring(sign_in(owner).get(FEED).content)
    assert "Nothing this week is worth your time" in page.xpath("string(//main)")
    assert page.xpath("//div[@class='empty']//a/@href") == ["/members/profile/", "/opportunities/"]


def test_people_of_a_partner_organisation_see_nothing_that_is_not_shared(sign_in, timber):
    partner = OrganisationFactory(partner=True)
    user = MembershipFactory(organisation=partner).user
    client = sign_in(user)
    start = client.get(FEED, follow=True).content.decode()
    assert f"{partner} is not a member of the cluster" in start
    assert 'role="search"' not in start
    assert client.get("/opportunities/").status_code == 403
    assert say(client, timber[0], "interested").status_code == 302
    assert not Feedback.objects.filter(organisation=partner).exists()


def test_viewer_reads_the_feed_without_buttons_and_cannot_answer(sign_in, viewer, timber):
    client = sign_in(viewer)
    page = html.document_fromstring(client.get(FEED).content)
    assert page.xpath("//main//li//h2/a/text()")[:5] == [each.title for each in timber[:5]]
    assert not page.xpath("//main//form")
    assert "Only owners and editors of the organisation answer for it." in page.xpath("string(//main)")
    response = say(client, timber[0], "interested")
    assert response.status_code == 403
    assert "Only owners and editors" in response.content.decode()
    assert not Feedback.objects.exists()


def test_member_of_two_organisations_answers_for_the_first_only(sign_in, owner, organisation, outsider, timber):
    second = outsider.own_membership.organisation
    MembershipFactory(user=owner, organisation=second, role=Membership.Role.VIEWER)
    client = sign_in(owner)
    assert cards_of(client.get(FEED)) == [each.title for each in timber[:5]]
    say(client, timber[0], "interested")
    assert Feedback.objects.get().organisation == organisation


# --- answering --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "more", "told"),
    [
        ("interested", {}, "You are interested. Your cluster manager knows."),
        ("saved", {}, "Saved for later."),
        ("not_for_us", {"reason": "place"}, "Not for you: wrong place. We still look for this topic."),
        ("not_for_us", {"reason": "topic"}, "Not for you: not our topic. We show less like this."),
    ],
)
def test_answer_without_scripts_comes_back_to_the_feed(sign_in, owner, organisation, timber, answer, more, told):
    client = sign_in(owner)
    response = say(client, timber[1], answer, **more)
    assert (response.status_code, response["Location"]) == (302, FEED)
    said = Feedback.objects.get()
    assert (said.organisation, said.opportunity, said.kind, said.reason) == (
        organisation, timber[1], answer, more.get("reason", ""),
    )  # fmt: skip
    assert (said.user, said.rank_shown) == (owner, 2)
    assert AuditEvent.objects.filter(action=f"opportunities.{answer}", organisation_id=organisation.pk).count() == 1
    page = client.get(FEED)
    assert cards_of(page) == [each.title for each in timber[:5]], "it stays where it was, with a way back"
    assert told in page.content.decode()


@pytest.mark.parametrize("answer", ["interested", "saved", "not_for_us"])
def test_fragment_put_into_the_page_equals_the_page_loaded_anew(sign_in, owner, timber, answer):
    client = sign_in(owner)
    before = html.document_fromstring(client.get(FEED).content)
    response = say(client, timber[2], answer, headers=htmx(f"card-{timber[2].pk}"))
    card = html.fragment_fromstring(response.content.decode().strip())
    place = before.get_element_by_id(f"card-{timber[2].pk}")
    place.getparent().replace(place, card)
    after = html.document_fromstring(client.get(FEED).content)
    assert _shape(before.xpath("//main")[0]) == _shape(after.xpath("//main")[0])


def _shape(element: html.HtmlElement) -> str:
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", html.tostring(element, encoding="unicode"))
    return re.sub(r"\s+", " ", text).replace("> <", "><")


@pytest.mark.parametrize("headers", [None, "htmx"])
def test_undo_brings_the_card_back(sign_in, owner, timber, headers):
    client = sign_in(owner)
    headers = htmx(f"card-{timber[0].pk}") if headers else None
    say(client, timber[0], "not_for_us", headers=headers, reason="topic")
    url = reverse("opportunities:take_back", args=[timber[0].reference])
    response = client.post(url, {"next": FEED}, headers=headers)
    assert not Feedback.objects.exists()
    assert AuditEvent.objects.filter(action="opportunities.took_back").count() == 1
    if headers:
        assert "Interested" in response.content.decode()
    page = client.get(FEED)
    assert cards_of(page) == [each.title for each in timber[:5]]
    assert "Not for you" not in page.content.decode()
    client.post(url, {"next": FEED}, headers=headers)
    assert AuditEvent.objects.filter(action="opportunities.took_back").count() == 1, "twice is once"


def test_last_word_counts_and_the_trail_keeps_the_earlier_ones(sign_in, owner, timber):
    client = sign_in(owner)
    for answer in ("saved", "interested", "not_for_us", "interested"):
        say(client, timber[0], answer)
    assert Feedback.objects.values_list("kind", flat=True).get() == "interested"
    trail = AuditEvent.objects.filter(object_id=timber[0].pk).order_by("pk").values_list("action", flat=True)
    assert list(trail) == [f"opportunities.{each}" for each in ("saved", "interested", "not_for_us", "interested")]


def test_same_answer_twice_is_once_and_keeps_the_sentence(sign_in, owner, timber):
    client = sign_in(owner)
    say(client, timber[0], "interested", sentence="We have a test bed.")
    before = list(Feedback.objects.values())
    say(client, timber[0], "interested")
    assert list(Feedback.objects.values()) == before
    assert AuditEvent.objects.filter(action="opportunities.interested").count() == 1
    say(client, timber[0], "interested", sentence="")
    assert Feedback.objects.get().sentence == "", "an emptied field is meant"


def test_sentence_that_is_too_long_keeps_what_was_typed(sign_in, owner, timber):
    client = sign_in(owner)
    say(client, timber[0], "interested", sentence="We have a test bed.")
    page = html.document_fromstring(say(client, timber[0], "interested", sentence="x" * 700).content)
    assert Feedback.objects.get(kind="interested").sentence == "We have a test bed."
    assert "at most 600 characters" in page.xpath("string(//main)")
    assert page.xpath("string(//textarea)").strip() == "x" * 700


@pytest.mark.parametrize("answer", ["", "perhaps", "handed_over", "opened"])
def test_answer_that_is_none_of_the_three_changes_nothing(sign_in, owner, timber, answer):
    client = sign_in(owner)
    response = say(client, timber[0], answer)
    assert "Choose one of the three" in client.get(response["Location"]).content.decode()
    assert not Feedback.objects.exists()


def test_reason_belongs_to_not_for_us_only(sign_in, owner, timber):
    say(sign_in(owner), timber[0], "interested", reason="topic")
    assert Feedback.objects.get().reason == ""


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example", "http:///evil.example", "javascript:alert(1)", "/\\evil.example", ""],
)
def test_way_back_stays_in_the_portal(sign_in, owner, timber, target):
    response = say(sign_in(owner), timber[0], "interested", next=target)
    assert response["Location"] == timber[0].get_absolute_url()


@pytest.mark.parametrize("name", ["answer", "take_back"])
def test_get_on_an_answer_is_refused_and_changes_nothing(sign_in, owner, organisation, timber, name):
    FeedbackFactory(organisation=organisation, opportunity=timber[0])
    before = list(Feedback.objects.values())
    response = sign_in(owner).get(reverse(f"opportunities:{name}", args=[timber[0].reference]) + "?answer=saved")
    assert response.status_code == 405
    assert list(Feedback.objects.values()) == before


# --- pages that are out of date ---------------------------------------------------------------------------------------

WITHDRAWN, CLOSED = {"status": "dismissed"}, {"closes_at": timezone.now() - timedelta(days=1)}


@pytest.mark.parametrize("headers", [None, "htmx"])
@pytest.mark.parametrize(
    ("change", "told"),
    [(WITHDRAWN, "not open to answers any more"), (CLOSED, "The last day to answer has passed.")],
)
def test_answer_on_a_page_that_is_out_of_date_is_told_so(sign_in, owner, timber, headers, change, told):
    Opportunity.objects.filter(pk=timber[0].pk).update(**change)
    client = sign_in(owner)
    response = say(client, timber[0], "interested", headers=htmx(f"card-{timber[0].pk}") if headers else None)
    assert response["HX-Redirect" if headers else "Location"] == FEED
    assert not Feedback.objects.exists()
    assert not AuditEvent.objects.filter(action="opportunities.interested").exists()
    page = html.document_fromstring(client.get(FEED).content)
    assert told in page.xpath("string(//div[@class='messages'])")


def test_take_back_after_withdrawal_is_told_so_and_keeps_the_answer(sign_in, owner, organisation, timber):
    FeedbackFactory(organisation=organisation, opportunity=timber[0])
    Opportunity.objects.filter(pk=timber[0].pk).update(status="inbox")
    client = sign_in(owner)
    response = client.post(reverse("opportunities:take_back", args=[timber[0].reference]))
    assert "This opportunity was withdrawn by the cluster team." in client.get(response["Location"]).content.decode()
    assert Feedback.objects.filter(kind="interested").count() == 1


def test_outsider_can_neither_see_nor_answer_what_is_not_published(sign_in, outsider, timber):
    hidden = opportunity("timber", 99)
    client = sign_in(outsider)
    assert hidden.title not in client.get(hidden.get_absolute_url()).content.decode()
    told = client.get(say(client, hidden, "interested")["Location"]).content.decode()
    unknown = client.post("/opportunities/no-such-thing/answer/", {"answer": "interested"})
    assert "not open to answers any more" in told
    assert hidden.title not in told
    assert (unknown.status_code, unknown["Location"]) == (302, FEED), "as for what does not exist"
    assert not Feedback.objects.exists()


def test_organisation_that_left_keeps_no_feed(sign_in, owner, organisation, timber):
    FeedbackFactory(organisation=organisation, opportunity=timber[0])
    Organisation.objects.filter(pk=organisation.pk).update(is_member=False)
    client = sign_in(owner)
    assert cards_of(client.get(FEED, follow=True)) == []
    assert client.get(timber[0].get_absolute_url()).status_code == 404
    say(client, timber[1], "interested")
    assert Feedback.objects.count() == 1


# --- what was answered ------------------------------------------------------------------------------------------------


def test_answered_lists_the_own_answers_by_kind(sign_in, owner, organisation, outsider, timber):
    FeedbackFactory(organisation=organisation, opportunity=timber[0], sentence="We have a test bed.")
    FeedbackFactory(organisation=organisation, opportunity=timber[1], saved=True)
    FeedbackFactory(organisation=outsider.own_membership.organisation, opportunity=timber[2])
    client = sign_in(owner)

    def titles(query: str) -> list[str]:
        page = html.document_fromstring(client.get(f"/opportunities/answered/{query}").content)
        return page.xpath("//main//li//h2/a/text()")

    assert titles("") == titles("?kind=interested") == titles("?kind=nonsense") == [timber[0].title]
    assert titles("?kind=saved") == [timber[1].title]
    assert titles("?kind=not_for_us") == []


def test_person_without_organisation_is_told_why(sign_in, evaluator):
    for path in (FEED, "/opportunities/answered/"):
        response = sign_in(evaluator).get(path)
        assert response.status_code == 403
        assert "This page is for members of the cluster." in response.content.decode()
    nobody = UserFactory()
    assert "This page is for members of the cluster." in sign_in(nobody).get(FEED).content.decode()
