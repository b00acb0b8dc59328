"""The weekly digest: what is new, three at most, once a person and week, on the cluster's own day and hour."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import html

from core import mail
from core.models import AuditEvent, Mail, MailStop
from members.models import Membership
from opportunities import digests
from opportunities.models import Feedback, Match, Opportunity, Showing
from tests.factories.members import MembershipFactory
from tests.factories.opportunities import FeedbackFactory
from tests.opportunities.ground import filter_now, member, opportunity

pytestmark = pytest.mark.django_db
MONDAY = datetime(2027, 3, 1, 7, 10, tzinfo=ZoneInfo("Europe/Stockholm"))


def send(days: int = 0) -> None:
    """This week's digest, or that of a later day."""
    digests.send(timezone.localtime() + timedelta(days=days))


def written() -> list[Mail]:
    return list(Mail.objects.filter(kind="digest").order_by("pk"))


def titles(found: Mail) -> list[str]:
    return html.document_fromstring(found.html).xpath("//h2/a/text()")


def see_all(organisation, timber) -> None:
    """Everything that fits has been before the member's eyes."""
    for each in timber:
        Showing.objects.create(organisation=organisation, opportunity=each, channel="feed", first_rank=1, last_rank=1)


# --- what it says -----------------------------------------------------------------------------------------------------


def test_three_best_with_their_reasons_as_sentences(owner, organisation, timber):
    send()
    (found,) = written()
    assert found.to == owner.email
    assert found.subject == f"3 new for you: {timber[0].title}"
    assert titles(found) == [each.title for each in timber[:3]]
    page = html.document_fromstring(found.html)
    assert len(page.xpath("//ul")) == 3
    for reason in page.xpath("//ul/li/text()"):
        assert reason.endswith(".")
        assert reason in found.text
    link = mail.absolute(reverse("opportunities:detail", args=[timber[0].reference]))
    assert page.xpath("//h2/a/@href")[0] == link
    assert link in found.text
    assert reverse("opportunities:feed") in found.text


def test_what_was_shown_counts_by_its_rank_and_reasons(owner, organisation, timber):
    send()
    rows = Showing.objects.filter(organisation=organisation).order_by("first_rank")
    assert [(row.opportunity, row.channel, row.first_rank) for row in rows] == [
        (each, "digest", rank) for rank, each in enumerate(timber[:3], start=1)
    ]
    for row in rows:
        match = Match.objects.of(organisation, [row.opportunity_id]).get()
        assert row.first_reasons == [code for code, _values in match.reasons]


def test_link_leads_to_the_page_that_notes_the_opening(sign_in, owner, organisation, timber):
    send()
    path = html.document_fromstring(written()[0].html).xpath("//h2/a/@href")[1].removeprefix(mail.absolute(""))
    sign_in(owner).get(path)
    assert Feedback.objects.get(kind="opened").opportunity == timber[1]


def test_titles_and_reasons_from_outside_stay_text(owner, organisation, timber):
    Opportunity.objects.filter(pk=timber[0].pk).update(title="<script>alert(1)</script>")
    send()
    assert "<script>alert" not in written()[0].html
    assert "<script>alert(1)</script>" in written()[0].text, "plain text is plain"


# --- only what is new -------------------------------------------------------------------------------------------------


def test_what_was_seen_opened_or_answered_is_not_new(owner, organisation, timber):
    see_all(organisation, timber[:1])
    FeedbackFactory(organisation=organisation, opportunity=timber[1], user=owner, kind="opened")
    FeedbackFactory(organisation=organisation, opportunity=timber[2], user=owner, kind="not_for_us")
    send()
    assert titles(written()[0]) == [each.title for each in timber[3:6]]


def test_what_stood_under_the_fold_only_is_still_new(owner, organisation, timber):
    see_all(organisation, timber)
    Showing.objects.filter(opportunity=timber[6]).update(channel="folded")
    send()
    assert titles(written()[0]) == [timber[6].title]
    assert written()[0].subject == f"New for you: {timber[6].title}"


def test_nothing_new_no_mail_and_the_next_week_tells_what_came(owner, organisation, timber):
    see_all(organisation, timber)
    send()
    assert written() == []
    fresh = opportunity("timber", 99, published=True)
    filter_now()
    send(days=7)
    assert titles(written()[0]) == [fresh.title]


# --- once a person and week -------------------------------------------------------------------------------------------


def test_run_twice_is_one_mail_and_one_trace(owner, organisation, timber):
    send()
    send()
    assert len(written()) == 1
    assert Showing.objects.filter(organisation=organisation).count() == 3
    send(days=7)
    assert titles(written()[1]) == [each.title for each in timber[3:6]]


def test_colleague_who_comes_later_in_the_week_gets_the_rest_once(owner, organisation, timber):
    send()
    later = MembershipFactory(organisation=organisation, role=Membership.Role.EDITOR).user
    send()
    send()
    assert [each.to for each in written()] == [owner.email, later.email]


@pytest.mark.parametrize("role", [Membership.Role.VIEWER, Membership.Role.EDITOR])
def test_viewers_get_none_and_editors_do(organisation, owner, timber, role):
    other = MembershipFactory(organisation=organisation, role=role).user
    send()
    assert (other.email in {each.to for each in written()}) == (role == Membership.Role.EDITOR)


def test_person_of_two_organisations_gets_that_of_the_own_feed_only(owner, organisation, timber):
    other = member("water", 98)
    colleague = MembershipFactory(organisation=other, role=Membership.Role.OWNER).user
    MembershipFactory(user=owner, organisation=other, role=Membership.Role.EDITOR)
    see_all(organisation, timber)
    filter_now()
    send()
    assert [each.to for each in written()] == [colleague.email]


def test_partners_get_none(owner, organisation, timber):
    organisation.is_member = False
    organisation.save()
    send()
    assert owner.email not in {each.to for each in written()}


def test_people_whose_account_is_closed_get_none(owner, organisation, timber):
    gone = MembershipFactory(organisation=organisation, role=Membership.Role.EDITOR).user
    gone.is_active = False
    gone.save()
    send()
    assert [each.to for each in written()] == [owner.email]


# --- stopping ---------------------------------------------------------------------------------------------------------


def test_one_click_stops_it_and_leaves_no_trace_of_showing(client, owner, organisation, timber):
    send()
    stop = mail._message(written()[0]).extra_headers["List-Unsubscribe"].strip("<>")
    assert stop in html.document_fromstring(written()[0].html).xpath("//a/@href")
    client.post(stop.removeprefix(mail.absolute("")))
    assert MailStop.objects.get() == MailStop.objects.get(address=owner.email, kind="digest")
    Showing.objects.all().delete()
    send(days=7)
    assert len(written()) == 1
    assert not Showing.objects.exists()


def test_settings_stop_it_and_start_it_again(sign_in, owner, organisation):
    client, url = sign_in(owner), reverse("members:stop_digest")
    assert client.get(url).status_code == 405
    page = client.post(url, follow=True).content.decode()
    client.post(url)
    assert "You get no weekly digest any more." in page
    assert AuditEvent.objects.filter(action="members.mail_stopped").count() == 1
    assert "Stop the digest" not in page
    page = client.post(reverse("members:start_mail", args=["digest"]), follow=True).content.decode()
    assert "Stop the digest" in page
    assert not MailStop.objects.exists()


def test_settings_of_somebody_who_gets_none_do_not_offer_to_stop_it(sign_in, manager):
    assert "Stop the digest" not in sign_in(manager).get(reverse("members:settings")).content.decode()


# --- when -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hours", "is_due"), [(-1, False), (0, True), (5, True), (6, False), (24, False), (7 * 24, True)]
)
def test_it_goes_out_on_its_day_and_hour_in_the_zone_of_the_cluster(
    time_machine, settings, owner, organisation, timber, hours, is_due
):
    settings.TIME_ZONE = "Europe/Stockholm"
    Opportunity.objects.update(deadline=None)
    time_machine.move_to(MONDAY + timedelta(hours=hours))
    digests.send_due()
    assert bool(written()) == is_due


def test_another_day_and_hour_can_be_set(time_machine, settings, owner, organisation, timber):
    settings.DIGEST_DAY, settings.DIGEST_HOUR = "friday", 15
    Opportunity.objects.update(deadline=None)
    time_machine.move_to(MONDAY)
    digests.send_due()
    assert written() == []
    time_machine.move_to(MONDAY + timedelta(days=4, hours=8))
    digests.send_due()
    assert len(written()) == 1
