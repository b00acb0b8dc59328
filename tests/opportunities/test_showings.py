"""What was put before a member is kept: by which way, how high up and why, when first and when last."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEvent, MailStop
from opportunities import actions, reading
from opportunities.filtering import TEMPLATES
from opportunities.models import Feedback, Match, Opportunity, Showing
from tests.client import htmx
from tests.factories.members import OrganisationFactory
from tests.factories.opportunities import FeedbackFactory, OpportunityFactory
from tests.opportunities.ground import filter_now, opportunity

pytestmark = pytest.mark.django_db
FEED = "/opportunities/for-you/"


def shown(**of: object) -> list[tuple[str, int, str]]:
    """Which opportunity stood at which rank, by which way."""
    rows = Showing.objects.filter(**of).order_by("channel", "last_rank")
    return list(rows.values_list("opportunity__title", "last_rank", "channel"))


def say(client, found: Opportunity, answer: str, **more: str):
    url = reverse("opportunities:answer", args=[found.reference])
    return client.post(url, {"answer": answer} | more, headers=htmx(f"card-{found.pk}"))


# --- the feed ---------------------------------------------------------------------------------------------------------


def test_feed_keeps_what_it_shows_with_rank_and_reasons(sign_in, owner, organisation, timber):
    sign_in(owner).get(FEED)
    above = [(each.title, rank, "feed") for rank, each in enumerate(timber[:5], start=1)]
    assert shown() == above + [(each.title, rank, "folded") for rank, each in enumerate(timber[5:], start=6)]
    for showing in Showing.objects.all():
        match = Match.objects.of(organisation, [showing.opportunity_id]).get()
        assert showing.first_reasons == showing.last_reasons == [code for code, _values in match.reasons]
        assert showing.first_reasons
        assert set(showing.first_reasons) <= set(TEMPLATES)
        assert (showing.organisation, showing.first_rank) == (organisation, showing.last_rank)
    assert not AuditEvent.objects.filter(action__contains="shown").exists(), "a trace, not a change"


def test_first_time_stays_and_the_last_one_moves(sign_in, owner, organisation, timber):
    client = sign_in(owner)
    client.get(FEED)
    long_ago = timezone.now() - timedelta(days=9)
    Showing.objects.update(first_at=long_ago, last_at=long_ago, first_reasons=["target_market"])
    Opportunity.objects.filter(pk=timber[0].pk).update(status="dismissed")
    client.get(FEED)
    second = Showing.objects.get(opportunity=timber[1])
    assert (second.first_rank, second.last_rank) == (2, 1)
    assert (second.first_at, second.first_reasons) == (long_ago, ["target_market"])
    assert timezone.now() - second.last_at < timedelta(minutes=1)
    assert second.last_reasons != ["target_market"]
    gone = Showing.objects.get(opportunity=timber[0])
    assert (gone.last_rank, gone.last_at) == (1, long_ago)
    assert [row[2] for row in shown(opportunity=timber[5])] == ["feed", "folded"], "it has moved up over the fold"


def test_what_is_answered_is_shown_no_more(sign_in, owner, organisation, timber):
    client = sign_in(owner)
    say(client, timber[0], "interested")
    client.get(FEED)
    assert not Showing.objects.filter(opportunity=timber[0]).exists()
    assert shown(channel="feed")[0] == (timber[1].title, 2, "feed")


def test_handed_over_is_shown_with_the_managers_reason(sign_in, owner, organisation, manager, timber):
    actions.hand_over(opportunity=timber[6], to=[organisation], sentence="Call them.", by=manager)
    by_mail = Showing.objects.get()
    assert (by_mail.channel, by_mail.organisation, by_mail.last_rank) == ("hand_over", organisation, 1)
    assert by_mail.first_reasons == by_mail.last_reasons == ["handed_over"]
    sign_in(owner).get(FEED)
    in_feed = Showing.objects.get(opportunity=timber[6], channel="feed")
    assert (in_feed.last_rank, in_feed.last_reasons) == (1, ["handed_over"])


def test_hand_over_that_is_mailed_to_nobody_is_not_shown_by_mail(owner, organisation, manager, timber):
    for membership in organisation.memberships.all():
        MailStop.objects.create(address=membership.user.email, kind="hand-over")
    without_people = OrganisationFactory()
    assert actions.hand_over(opportunity=timber[0], to=[organisation, without_people], sentence="", by=manager) == 2
    assert not Showing.objects.exists()


# --- whose eyes count -------------------------------------------------------------------------------------------------


def test_viewer_is_one_of_the_members_own_people(sign_in, viewer, organisation, timber):
    sign_in(viewer).get(FEED)
    assert Showing.objects.filter(organisation=organisation).count() == 8


def test_manager_who_looks_at_a_members_feed_shows_it_to_nobody(sign_in, manager, organisation, timber):
    client = sign_in(manager)
    page = client.get(reverse("opportunities:member_feed", args=[organisation.slug]))
    assert timber[0].title in page.content.decode()
    client.get(timber[0].get_absolute_url())
    client.get(FEED)
    assert not Showing.objects.exists()


def test_each_member_leaves_traces_of_its_own_only(sign_in, owner, outsider, organisation, timber):
    theirs = outsider.own_membership.organisation
    sign_in(owner).get(FEED)
    assert not Showing.objects.exclude(organisation=organisation).exists()
    before = list(Showing.objects.order_by("pk").values())
    sign_in(outsider).get(FEED)
    assert list(Showing.objects.filter(organisation=organisation).order_by("pk").values()) == before
    assert not Showing.objects.exclude(organisation__in=[organisation, theirs]).exists()


def test_asking_for_the_head_of_the_page_shows_nothing(sign_in, owner, timber):
    sign_in(owner).head(FEED)
    assert not Showing.objects.exists()


# --- what it costs, and two at once -----------------------------------------------------------------------------------


def test_feed_keeps_all_its_showings_in_one_statement(sign_in, owner, organisation, timber):
    client = sign_in(owner)
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            client.get(FEED)
        assert len([each for each in captured if "opportunities_showing" in each["sql"]]) == 1
    Opportunity.objects.exclude(pk=timber[0].pk).update(status="dismissed")
    with CaptureQueriesContext(connection) as one:
        client.get(FEED)
    assert len(one) == len(captured)


def test_page_whose_clock_is_behind_is_kept_all_the_same(sign_in, owner, timber):
    client = sign_in(owner)
    client.get(FEED)
    Showing.objects.update(first_at=timezone.now() + timedelta(seconds=5))
    assert client.get(FEED).status_code == 200
    assert Showing.objects.count() == 8


@pytest.mark.django_db(transaction=True)
def test_two_tabs_at_once_leave_one_row_each():
    organisation, found = OrganisationFactory(), [OpportunityFactory(published=True) for _ in range(15)]

    def open_tab(number: int) -> None:
        order = found if number % 2 else found[::-1]
        try:
            for _ in range(10):
                actions.note_shown(
                    showings=[
                        Showing(organisation=organisation, opportunity=each, channel="feed", first_rank=rank)
                        for rank, each in enumerate(order, start=1)
                    ]
                )
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as tabs:
        assert list(tabs.map(open_tab, range(4))) == [None] * 4
    assert Showing.objects.count() == 15


# --- what an answer is kept with --------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", ["interested", "saved", "not_for_us"])
def test_answer_is_kept_with_rank_and_reasons_of_that_moment(sign_in, owner, organisation, timber, answer):
    expected = [code for code, _values in Match.objects.of(organisation, [timber[2].pk]).get().reasons]
    say(sign_in(owner), timber[2], answer)
    said = Feedback.objects.get()
    assert (said.kind, said.rank_shown, said.reasons_shown) == (answer, 3, expected)


def test_opening_is_kept_with_the_reasons_that_the_page_told(sign_in, owner, organisation, timber):
    client = sign_in(owner)
    client.get(timber[2].get_absolute_url())
    first = Feedback.objects.get(kind="opened")
    assert first.rank_shown == 3
    assert first.reasons_shown == [code for code, _v in Match.objects.of(organisation, [timber[2].pk]).get().reasons]
    unlisted = opportunity("timber", 77, published=True)
    filter_now()
    Match.objects.filter(opportunity=unlisted).delete()
    client.get(unlisted.get_absolute_url())
    second = Feedback.objects.get(kind="opened", opportunity=unlisted)
    assert second.rank_shown is None
    assert second.reasons_shown, "explained for the page, so kept"


@pytest.mark.parametrize("seen", ["card", "page"])
def test_changed_answer_keeps_the_reasons_of_before_it_left_the_list(sign_in, owner, organisation, timber, seen):
    client = sign_in(owner)
    client.get(FEED if seen == "card" else timber[1].get_absolute_url())
    expected = reading.standing(timber[1], organisation)["reasons_shown"]
    FeedbackFactory(organisation=organisation, opportunity=timber[1], at=timezone.now() - timedelta(days=3))
    filter_now()
    assert not Match.objects.of(organisation, [timber[1].pk]).exists()
    say(client, timber[1], "not_for_us")
    said = Feedback.objects.get(kind="not_for_us")
    assert expected
    assert (said.rank_shown, said.reasons_shown) == (None, expected)


def test_answer_to_what_was_never_shown_has_no_reasons(sign_in, owner, timber):
    other = opportunity("water", 60, published=True)
    say(sign_in(owner), other, "saved")
    said = Feedback.objects.get()
    assert (said.rank_shown, said.reasons_shown) == (None, [])
