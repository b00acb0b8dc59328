"""Activities on the ladder of outcomes: who took part is asked after 3 and 12 months what came of it."""

import pytest
from dateutil.relativedelta import relativedelta
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from core.models import Mail
from evaluations import follow_ups, links
from evaluations.models import FollowUp, Outcome
from tests.factories.members import OrganisationFactory
from tests.factories.opportunities import OpportunityFactory
from tests.factories.programme import ActivityFactory, RegistrationFactory

pytestmark = pytest.mark.django_db


def ended(**ago):
    """A mission that ended so long ago."""
    ends_at = timezone.now() - relativedelta(**ago)
    return ActivityFactory(
        name="Mission to <Tartu>", slug=f"mission-{ago}", status="over", starts_at=ends_at - relativedelta(days=1),
        ends_at=ends_at,
    )  # fmt: skip


def took_part(organisation, user=None, activity=None, **facts):
    return RegistrationFactory(organisation=organisation, user=user, activity=activity or ended(months=3), **facts)


def test_company_is_asked_once_and_answers_by_the_link(client, owner, colleague, organisation):
    first = took_part(organisation, colleague)
    RegistrationFactory(activity=first.activity, organisation=organisation, user=owner)

    for _ in range(2):
        follow_ups.ask()

    asked = FollowUp.objects.get()
    ended_on = first.activity.ends_at.astimezone(first.activity.zone).date()
    assert (asked.activity, asked.months, asked.email, asked.began_on) == (
        first.activity, 3, colleague.email, ended_on,
    )  # fmt: skip
    mail = Mail.objects.get(kind="follow-up")
    assert "Ni deltog i detta för 3 månader sedan." in mail.text  # a Swedish company is asked in Swedish
    assert "Mission to <Tartu>" in mail.text
    assert "Mission to &lt;Tartu&gt;" in mail.html

    client.post(reverse("evaluations:follow_up", args=[links.follow_up_token(asked)]), {"stage": "contact"})
    outcome = Outcome.objects.get()
    key = f"activity:{organisation.pk}:{first.activity.pk}"
    assert (outcome.source, outcome.source_key, outcome.rung) == ("activity", key, "contact")
    assert (outcome.activity, outcome.organisation, outcome.opportunity) == (first.activity, organisation, None)


@pytest.mark.parametrize(
    "facts", [{"attended": False}, {"status": "waiting"}, {"status": "cancelled"}], ids=["away", "waited", "cancelled"]
)
def test_who_did_not_take_part_is_not_asked(owner, organisation, facts):
    took_part(organisation, owner, **facts)

    follow_ups.ask()

    assert not FollowUp.objects.exists()


@pytest.mark.parametrize("months", [2, 5, 11, 14])
def test_nobody_is_asked_before_the_time_or_long_after(owner, organisation, months):
    took_part(organisation, owner, activity=ended(months=months))

    follow_ups.ask()

    assert not FollowUp.objects.exists()


def test_what_does_not_take_place_and_who_is_no_member_is_not_asked_about(owner, organisation):
    activity = ended(months=3)
    took_part(OrganisationFactory(is_member=False), activity=activity)
    activity.status = "cancelled"
    activity.save()
    took_part(organisation, owner, activity=activity)

    follow_ups.ask()

    assert not FollowUp.objects.exists()


def test_who_said_nothing_came_of_it_is_not_asked_again(owner, organisation):
    registration = took_part(organisation, owner, activity=ended(months=12))
    Outcome.objects.create(
        source="activity", source_key="x", activity=registration.activity, organisation=organisation, months=3,
        rung="nothing",
    )  # fmt: skip

    follow_ups.ask()

    assert not FollowUp.objects.exists()


def test_question_is_reminded_of_once_and_shown_on_the_own_page(sign_in, owner, organisation):
    took_part(organisation, owner)
    follow_ups.ask()
    FollowUp.objects.update(asked_at=timezone.now() - follow_ups.REMINDED_AFTER)

    for _ in range(2):
        follow_ups.remind()

    assert Mail.objects.filter(kind="follow-up").count() == 2
    assert "Mission to &lt;Tartu&gt;" in sign_in(owner).get(reverse("evaluations:own")).content.decode()


def test_question_is_of_one_thing(organisation):
    with pytest.raises(IntegrityError, match="asked_of_one_thing"):
        FollowUp.objects.create(
            organisation=organisation, opportunity=OpportunityFactory(), activity=ended(months=3), months=3,
            email="a@x.example", began_on=timezone.localdate(),
        )  # fmt: skip
