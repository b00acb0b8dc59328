"""Grants on the ladder of outcomes: what they prove by themselves, and what their beneficiaries tell later."""

from datetime import timedelta

import pytest
from dateutil.relativedelta import relativedelta
from django.urls import reverse
from django.utils import timezone
from lxml import html

from core.models import Mail
from evaluations import follow_ups, links, outcomes
from evaluations.models import FollowUp, Journey, Outcome
from funding.models import Application, Grant
from tests.factories.funding import AwardFactory, GrantFactory
from tests.factories.members import OrganisationFactory
from tests.factories.opportunities import FeedbackFactory, OpportunityFactory

pytestmark = pytest.mark.django_db


def ended(organisation, **ago) -> Grant:
    """A grant that ran, and ended so long ago."""
    ends_on = timezone.localdate() - relativedelta(**ago)
    starts_on = ends_on - timedelta(days=300)
    award = AwardFactory(decision__application__title="Pumps for <Tartu>")
    facts = {"signed_on": starts_on, "starts_on": starts_on, "ends_on": ends_on, "granted_on": starts_on}
    return GrantFactory(organisation=organisation, award=award, status="running", **facts)


def test_grant_proves_an_opportunity_and_a_project_once_it_runs(organisation):
    grant = GrantFactory(organisation=organisation)
    GrantFactory(organisation=OrganisationFactory(is_member=False))
    assert [outcomes.gather_grants() for _ in range(2)] == [1, 0]
    outcome = Outcome.objects.get()
    assert (outcome.source, outcome.rung, outcome.months, outcome.grant) == ("grant", "opportunity", 0, grant)

    signed = timezone.localdate()
    Grant.objects.filter(pk=grant.pk).update(status="running", signed_on=signed)
    assert outcomes.gather_grants() == 1
    outcome.refresh_from_db()
    assert (outcome.rung, outcome.told_on, outcome.organisation) == ("project", signed, organisation)


def test_grant_that_ended_with_nothing_kept_proves_an_opportunity_alone(organisation):
    today = timezone.localdate()
    GrantFactory(organisation=organisation, status="ended", ended_on=today, kept_eur=0)
    outcomes.gather_grants()
    assert Outcome.objects.get().rung == "opportunity"


def test_beneficiary_is_asked_once_three_months_after_the_end_and_answers_by_the_link(client, owner, organisation):
    grant = ended(organisation, months=3)
    ended(organisation, months=2)
    ended(organisation, months=5)
    for _ in range(2):
        follow_ups.ask()
    asked = FollowUp.objects.get()
    assert (asked.grant, asked.months, asked.email, asked.began_on) == (grant, 3, owner.email, grant.ends_on)
    mail = Mail.objects.get(kind="follow-up")
    assert "Pumps for <Tartu>" in mail.subject
    assert "Det här projektet tog slut för 3 månader sedan." in mail.text
    assert "intresserade" not in mail.text

    address = reverse("evaluations:follow_up", args=[links.follow_up_token(asked)])
    page = html.fromstring(client.get(address).content)
    assert "Pumps for <Tartu>" in page.xpath("string(//main)")
    client.post(address, {"stage": "sales", "amount": "under_50k"})
    outcome = Outcome.objects.get()
    assert (outcome.source, outcome.source_key, outcome.months) == ("grant", f"grant:{grant.pk}", 3)
    assert (outcome.grant, outcome.rung, outcome.opportunity) == (grant, "sales", None)


def test_what_a_beneficiary_told_is_not_written_over_by_gathering(client, owner, organisation):
    ended(organisation, months=3)
    follow_ups.ask()
    client.post(
        reverse("evaluations:follow_up", args=[links.follow_up_token(FollowUp.objects.get())]), {"stage": "sales"}
    )
    outcomes.gather_grants()
    assert sorted(Outcome.objects.values_list("months", "rung")) == [(0, "project"), (3, "sales")]


def test_who_said_nothing_came_of_it_is_not_asked_again(owner, organisation):
    grant = ended(organisation, months=12)
    Outcome.objects.create(source="grant", source_key=f"grant:{grant.pk}", grant=grant, months=3, rung="nothing")
    follow_ups.ask()
    assert not FollowUp.objects.exists()


def test_question_is_reminded_of_once(owner, organisation):
    ended(organisation, months=3)
    follow_ups.ask()
    FollowUp.objects.update(asked_at=timezone.now() - follow_ups.REMINDED_AFTER)
    for _ in range(2):
        follow_ups.remind()
    assert Mail.objects.filter(kind="follow-up").count() == 2


def test_own_page_shows_the_question_and_the_answer(sign_in, owner, organisation):
    ended(organisation, months=3)
    follow_ups.ask()
    client = sign_in(owner)
    assert "Pumps for <Tartu>" in html.fromstring(client.get(reverse("evaluations:own")).content).xpath(
        "string(//main)"
    )
    client.post(reverse("evaluations:own_outcome", args=[FollowUp.objects.get().pk]), {"stage": "contact"})
    row = html.fromstring(client.get(reverse("evaluations:own")).content).xpath("//main//tbody/tr")[0]
    assert "Pumps for <Tartu>" in row.xpath("string(th)")


def test_grant_for_a_topic_is_a_project_in_the_funnel(organisation):
    topic = OpportunityFactory(published=True)
    FeedbackFactory(organisation=organisation, opportunity=topic)
    grant = ended(organisation, months=1)
    Application.objects.filter(pk=grant.award.decision.application_id).update(topic=topic)

    outcomes.gather()
    assert Outcome.objects.get(source="grant").opportunity == topic
    assert Journey.objects.get().project_on == grant.signed_on
