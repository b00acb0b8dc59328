"""Introductions on the ladder of outcomes: what the team noted at once, and what the company tells later."""

from datetime import timedelta

import pytest
from dateutil.relativedelta import relativedelta
from django.urls import reverse
from django.utils import timezone

from core.models import Mail
from ecosystem.actions import cards
from ecosystem.models import ShortlistCard
from evaluations import effort, follow_ups, links, outcomes
from evaluations.models import FollowUp, Journey, Outcome
from opportunities.models import Feedback
from tests.factories.ecosystem import ShortlistCardFactory
from tests.factories.members import OrganisationFactory
from tests.factories.opportunities import OpportunityFactory
from tests.factories.programme import ActivityFactory, GoalFactory

pytestmark = pytest.mark.django_db


def introduced(organisation, *, ago=None, **facts) -> ShortlistCard:
    """A company that was introduced to a partner so long ago."""
    at = timezone.now() - relativedelta(**(ago or {"months": 3}))
    facts = {"shortlist__title": "Meters for <Tartu>", "revealed_at": at} | facts
    return ShortlistCardFactory(organisation=organisation, revealed=True, **facts)


def noted(organisation, outcome, **facts) -> ShortlistCard:
    told = {"outcome": outcome, "outcome_note": "They said so on the phone.", "outcome_at": timezone.now()}
    return introduced(organisation, **told, **facts)


@pytest.mark.parametrize(
    ("heard", "rung"),
    [("contact", "contact"), ("meeting", "contact"), ("agreement", "agreement"), ("nothing", "nothing")],
)
def test_what_the_team_noted_is_gathered_once_and_not_as_words_of_the_company(organisation, heard, rung):
    card = noted(organisation, heard)
    noted(OrganisationFactory(is_member=False), heard)
    introduced(OrganisationFactory())

    assert [outcomes.gather_introductions() for _ in range(2)] == [1, 0]
    told = Outcome.objects.get()
    assert (told.source, told.source_key, told.months, told.rung) == ("intro", f"intro:{card.pk}", 0, rung)
    assert (told.introduction, told.organisation, told.words) == (card, organisation, "")
    assert told.told_on == timezone.localdate()


def test_outcome_follows_what_the_team_notes_later(manager, organisation):
    card = noted(organisation, "agreement")
    outcomes.gather()
    cards.note_outcome(card=card, outcome="nothing", note="They fell out.", by=manager)
    assert outcomes.gather_introductions() == 1
    assert Outcome.objects.get().rung == "nothing"

    cards.note_outcome(card=card, outcome="", note="", by=manager)
    assert outcomes.gather_introductions() == 1
    assert not Outcome.objects.exists()


def test_company_without_a_profile_stands_on_the_ladder_all_the_same(organisation):
    organisation.profile.delete()
    noted(organisation, "contact")
    outcomes.gather_introductions()
    assert Outcome.objects.get().section == ""


def test_who_agreed_is_asked_once_and_answers_by_the_link(client, owner, colleague, organisation):
    card = introduced(organisation, answered_by=colleague)
    for _ in range(2):
        follow_ups.ask()

    asked = FollowUp.objects.get()
    assert (asked.introduction, asked.months, asked.email) == (card, 3, colleague.email)
    assert asked.began_on == timezone.localdate(card.revealed_at)
    mail = Mail.objects.get(kind="follow-up")
    assert "Vi introducerade er för varandra för 3 månader sedan." in mail.text  # a Swedish company
    assert f"{card.shortlist.partnership}: Meters for <Tartu>" in mail.text
    assert "intresse" not in mail.text
    assert "<Tartu>" not in mail.html

    address = reverse("evaluations:follow_up", args=[links.follow_up_token(asked)])
    assert "Meters for &lt;Tartu&gt;" in client.get(address).content.decode()
    client.post(address, {"stage": "project"})
    outcomes.gather_introductions()  # what is told is not the team's to remove
    told = Outcome.objects.get()
    assert (told.source, told.source_key, told.months) == ("intro", f"intro:{card.pk}", 3)
    assert (told.introduction, told.rung, told.organisation) == (card, "project", organisation)


@pytest.mark.parametrize("ago", [{"months": 2}, {"months": 5}, {"months": 11}, {"months": 14}], ids=str)
def test_nobody_is_asked_before_the_time_or_long_after(owner, organisation, ago):
    introduced(organisation, ago=ago)
    follow_ups.ask()
    assert not FollowUp.objects.exists()


def test_who_only_agreed_and_who_is_no_member_is_not_asked(owner, outsider, organisation):
    long_ago = timezone.now() - relativedelta(months=3)
    ShortlistCardFactory(organisation=organisation, interested=True, asked_at=long_ago, answered_at=long_ago)
    former = outsider.memberships.get().organisation
    former.is_member = False
    former.save()
    introduced(former)
    follow_ups.ask()
    assert not FollowUp.objects.exists()


def test_who_took_it_back_is_neither_asked_nor_reminded(owner, organisation):
    kept, taken = introduced(organisation, ago={"months": 12}), introduced(organisation)
    cards.withdraw(card=taken, by=owner)
    follow_ups.ask()
    assert FollowUp.objects.get().introduction == kept

    cards.withdraw(card=kept, by=owner)
    FollowUp.objects.update(asked_at=timezone.now() - follow_ups.REMINDED_AFTER - timedelta(minutes=1))
    follow_ups.remind()
    assert Mail.objects.filter(kind="follow-up").count() == 1


def test_question_is_reminded_of_once(owner, organisation):
    introduced(organisation)
    follow_ups.ask()
    FollowUp.objects.update(asked_at=timezone.now() - follow_ups.REMINDED_AFTER - timedelta(minutes=1))
    for _ in range(2):
        follow_ups.remind()
    assert Mail.objects.filter(kind="follow-up").count() == 2
    assert "sa ja till den här introduktionen" in Mail.objects.latest("pk").text


@pytest.mark.parametrize(("months", "is_asked"), [(3, False), (0, True)], ids=["the company", "the team"])
def test_who_told_that_nothing_came_of_it_is_not_asked_again(owner, organisation, months, is_asked):
    card = introduced(organisation, ago={"months": 12})
    told = {"source": "intro", "source_key": f"intro:{card.pk}", "introduction": card}
    Outcome.objects.create(**told, months=months, rung="nothing")
    follow_ups.ask()
    assert FollowUp.objects.exists() is is_asked


def test_introduction_for_an_opportunity_counts_in_its_funnel(owner, organisation, interested):
    card = noted(organisation, "contact", shortlist__opportunity=interested)
    outcomes.gather()
    assert Journey.objects.get().met_on == timezone.localdate()
    assert Journey.objects.get().project_on is None

    follow_ups.ask()
    asked = FollowUp.objects.get(introduction=card)
    assert asked.introduced_for == interested.pk
    Outcome.objects.create(
        source="intro", source_key=asked.source_key, introduction=card, opportunity=interested, months=3,
        organisation=organisation, rung="project", told_on=timezone.localdate(),
    )  # fmt: skip
    outcomes.gather_journeys()
    assert Journey.objects.get().project_on == timezone.localdate()


@pytest.fixture
def interested(owner, organisation):
    """An opportunity in which the organisation is interested."""
    found = OpportunityFactory(published=True)
    Feedback.objects.create(organisation=organisation, opportunity=found, kind="interested", user=owner)
    return found


@pytest.mark.parametrize("of", ["activity", "opportunity"])
def test_result_counts_once_for_the_goal_that_the_shortlist_serves(organisation, of):
    goal = GoalFactory()
    thing = ActivityFactory(goal=goal) if of == "activity" else OpportunityFactory(published=True, goal=goal)
    noted(organisation, "agreement", **{f"shortlist__{of}": thing})
    noted(organisation, "contact")
    outcomes.gather_introductions()

    [told] = effort.told_of([goal.pk])
    assert (told.goal, told.source, told.rung, told.organisation) == (goal.pk, "intro", "agreement", organisation.pk)


def test_lists_name_partner_and_shortlist(sign_in, owner, manager, organisation):
    card = noted(organisation, "contact")
    outcomes.gather_introductions()
    said = f"{card.shortlist.partnership}: Meters for &lt;Tartu&gt;"
    assert said in sign_in(owner).get(reverse("evaluations:own")).content.decode()
    assert said in sign_in(manager).get(reverse("evaluations:outcome_list") + "?source=intro").content.decode()
