"""The yearly needs assessment: answered on a phone, half-way, together with a manager, and asked for once a year."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from core.actions import Refused
from core.models import AuditEvent, Mail, MailStop
from members import needs, tasks
from members.actions import needs as needs_actions
from members.models import Membership, NeedsAssessment, Organisation
from tests.client import htmx
from tests.factories.members import MembershipFactory, NeedsAssessmentFactory, OrganisationFactory
from tests.queries import assert_constant_queries

LIST = reverse("members:needs_list")
YEAR = datetime.now(UTC).year


def page_of(organisation):
    return reverse("members:needs", args=[organisation.slug])


def said(**answers):
    return {"year": YEAR, "words": "", **answers}


def all_at(value):
    return dict.fromkeys(needs.KEYS, value)


def test_half_is_saved_and_an_older_page_takes_nothing_away(sign_in, owner, organisation):
    client = sign_in(owner)
    client.post(page_of(organisation), said(market=4), headers=htmx("needs-state"))
    page = client.post(page_of(organisation), said(people=2, words="A desk in Gdańsk"), follow=True).content.decode()

    saved = NeedsAssessment.objects.get(organisation=organisation, year=YEAR)
    assert saved.answers == {"market": 4, "people": 2}
    assert (saved.filled_in_by, saved.is_with_manager, saved.words) == (owner, False, "A desk in Gdańsk")
    assert "2 of 10 answered." in page
    assert AuditEvent.objects.filter(action="members.needs_assessed", organisation_id=organisation.pk).count() == 2
    assert not Mail.objects.exists()


def test_same_answers_twice_are_saved_once(owner, organisation):
    for _ in range(2):
        needs_actions.save_needs(organisation=organisation, year=YEAR, answers=all_at(3), words="", by=owner)

    assert AuditEvent.objects.filter(action="members.needs_assessed").count() == 1


def test_htmx_gets_the_state_alone(sign_in, owner, organisation):
    answer = sign_in(owner).post(page_of(organisation), said(market=5), headers=htmx("needs-state")).content.decode()

    assert "1 of 10 answered." in answer
    assert "<html" not in answer


def test_last_year_stands_beside_as_a_hint_and_below_as_history(sign_in, owner, organisation):
    NeedsAssessmentFactory(organisation=organisation, year=YEAR - 1, answers=all_at(4))
    NeedsAssessmentFactory(organisation=organisation, year=YEAR - 2, answers=all_at(1))
    page = sign_in(owner).get(page_of(organisation)).content.decode()

    assert page.count(f"In {YEAR - 1} you said 4.") == 10
    assert f"In {YEAR - 2} you said" not in page
    assert page.count("needs help") == 3


@pytest.mark.parametrize("value", ["0", "6", "-1", "3.5", "much", "1e1"])
def test_an_answer_outside_the_scale_is_refused_and_the_others_stay_in_the_page(value, sign_in, owner, organisation):
    page = sign_in(owner).post(page_of(organisation), said(market=value, people="5")).content.decode()

    assert "Choose a number from 1 to 5." in page
    assert 'name="people" value="5"' in page
    assert page.count("checked") == 1
    assert not NeedsAssessment.objects.exists()


@pytest.mark.parametrize("answers", [{"market": 6}, {"market": 0}, {"weather": 3}])
def test_action_refuses_answers_that_no_page_sends(answers, owner, organisation):
    with pytest.raises(Refused, match="from 1 to 5"):
        needs_actions.save_needs(organisation=organisation, year=YEAR, answers=answers, words="", by=owner)

    assert not NeedsAssessment.objects.exists()


def test_a_page_of_last_year_is_kept_and_counts_with_the_next_press(sign_in, owner, organisation):
    page = sign_in(owner).post(page_of(organisation), said(year=YEAR - 1, market=4, words="Typed")).content.decode()

    assert "A new year has begun" in page
    assert f'name="year" value="{YEAR}"' in page
    assert "Typed" in page
    assert page.count("checked") == 1
    assert not NeedsAssessment.objects.exists()


def test_a_manager_fills_it_in_and_the_members_people_are_told_and_correct_it(sign_in, manager, owner, organisation):
    MembershipFactory(organisation=organisation, role=Membership.Role.VIEWER)
    client = sign_in(manager)
    for value in (4, 5):
        client.post(page_of(organisation), said(market=value))

    assert [(mail.to, mail.kind) for mail in Mail.objects.all()] == [(owner.email, "needs-filled-in")]
    assert "You can correct every answer." in Mail.objects.get().text
    assert page_of(organisation) in Mail.objects.get().text
    page = sign_in(owner).get(page_of(organisation)).content.decode()
    assert f"Filled in by {manager} of the cluster team together with you" in page
    sign_in(owner).post(page_of(organisation), said(market=2))
    saved = NeedsAssessment.objects.get()
    assert (saved.answers, saved.is_with_manager, saved.filled_in_by) == ({"market": 2}, False, owner)


def test_words_are_shown_as_words(sign_in, owner, organisation):
    sign_in(owner).post(page_of(organisation), said(words="<b>Help</b>"))

    assert "<b>Help</b>" not in sign_in(owner).get(page_of(organisation)).content.decode()


@pytest.mark.parametrize(("who", "reads"), [("viewer", True), ("outsider", False), ("evaluator", False)])
def test_who_may_read_and_nobody_of_these_writes(request, sign_in, organisation, who, reads):
    NeedsAssessmentFactory(organisation=organisation, year=YEAR, words="Our secret wish")
    client = sign_in(request.getfixturevalue(who))
    page = client.get(page_of(organisation))
    answer = client.post(page_of(organisation), said(market=1))

    assert ("Our secret wish" in page.content.decode()) is reads
    assert 'name="market"' not in page.content.decode()
    assert answer.status_code in (403, 404)
    assert NeedsAssessment.objects.get().answers == {}
    with pytest.raises(PermissionDenied):
        needs_actions.save_needs(
            organisation=organisation, year=YEAR, answers={}, words="", by=request.getfixturevalue(who)
        )


def test_the_home_cluster_and_partners_have_none(sign_in, manager, home):
    partner = OrganisationFactory(partner=True)
    for organisation in (home, partner):
        assert sign_in(manager).get(page_of(organisation)).status_code == 404
        with pytest.raises(Refused, match="Only members"):
            needs_actions.save_needs(organisation=organisation, year=YEAR, answers={}, words="", by=manager)


def test_worklist_shows_who_has_not_told_all(sign_in, manager, organisation):
    NeedsAssessmentFactory(organisation=organisation, year=YEAR, answers={"market": 3})
    NeedsAssessmentFactory(organisation=organisation, year=YEAR - 1, answers=all_at(3))
    done = NeedsAssessmentFactory(year=YEAR, answers=all_at(3)).organisation
    page = sign_in(manager).get(LIST).content.decode()

    assert "1 of 10 answered. Last told in" in " ".join(page.split())
    assert done.name not in page


def test_one_reminder_a_year_however_often_it_is_pressed(sign_in, manager, owner, colleague, organisation):
    MailStop.objects.create(address=colleague.email, kind="needs-reminder")
    url = reverse("members:remind_of_needs", args=[organisation.slug])
    first, second = (sign_in(manager).post(url, follow=True).content.decode() for _ in range(2))

    assert "2 people of Ålgräs Robotics are reminded." in first
    assert "was reminded this year" in second
    assert sorted(Mail.objects.values_list("to", "status")) == sorted(
        [(owner.email, "queued"), (colleague.email, "stopped")]
    )
    assert AuditEvent.objects.filter(action="members.needs_reminded").count() == 1
    assert "Reminded on" in first


def test_who_has_answered_is_not_reminded(manager, owner, organisation):
    NeedsAssessmentFactory(organisation=organisation, year=YEAR, answers=all_at(3))

    with pytest.raises(Refused, match="has filled it in"):
        needs_actions.remind_of_needs(organisation=organisation, by=manager)
    assert not Mail.objects.exists()


def test_everybody_is_reminded_once_a_year_by_the_clock(manager, owner, colleague, organisation, time_machine):
    MailStop.objects.create(address=colleague.email, kind="needs-reminder")
    done, asked = (MembershipFactory(organisation=OrganisationFactory(), role="owner") for _ in range(2))
    MembershipFactory(organisation=OrganisationFactory(partner=True), role="owner")
    NeedsAssessmentFactory(organisation=done.organisation, year=YEAR, answers=all_at(3))
    needs_actions.remind_of_needs(organisation=asked.organisation, by=manager)
    late = MembershipFactory(organisation=asked.organisation, role="owner")  # came after the manager had reminded
    for _ in range(2):
        tasks.remind_of_needs()

    people = [each.email for each in (owner, colleague, done.user, asked.user, late.user)]
    assert sorted(Mail.objects.filter(to__in=people).values_list("to", "status")) == sorted(
        [(owner.email, "queued"), (colleague.email, "stopped"), (asked.user.email, "queued")]
    )
    events = AuditEvent.objects.filter(action="members.needs_reminded").order_by("pk")
    ours = events.filter(organisation_id__in=[asked.organisation_id, organisation.pk, done.organisation_id])
    assert [(each.actor_id, each.organisation_id) for each in ours] == [
        (manager.pk, asked.organisation_id), (None, organisation.pk),
    ]  # fmt: skip
    time_machine.move_to(timezone.now() + timedelta(days=366))
    tasks.remind_of_needs()
    assert Mail.objects.filter(to=owner.email).count() == 2
    assert Mail.objects.filter(to=done.user.email).count() == 1


def test_the_yearly_reminder_has_its_day_in_the_schedule():
    [entry] = [each for each in settings.CELERY_BEAT_SCHEDULE.values() if each["task"] == "members.remind_of_needs"]
    assert entry["schedule"].month_of_year == {2}


def test_only_managers_see_the_worklist_and_remind(sign_in, owner, evaluator, organisation):
    for user in (owner, evaluator):
        assert "for cluster managers" in sign_in(user).get(LIST).content.decode()
        with pytest.raises(PermissionDenied):
            needs_actions.remind_of_needs(organisation=organisation, by=user)
    assert not Mail.objects.exists()


def test_worklist_asks_as_often_for_many(sign_in, manager):
    Organisation.objects.filter(is_member=True).update(is_member=False)
    client = sign_in(manager)
    assert_constant_queries(
        lambda: client.get(LIST),
        lambda: NeedsAssessmentFactory(year=YEAR - 1),
        at_most=12,
        shows=lambda response: response.content.decode().count("list-row"),
    )
