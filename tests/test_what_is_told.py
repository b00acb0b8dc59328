"""What the file of an organisation or of a person tells of each room, and what it must not."""

import json
from datetime import timedelta
from functools import partial

import pytest
from django.urls import reverse
from django.utils import timezone

from core.holdings import all_holdings
from funding.models import Decision
from matchmaking.models import Round, Wish
from members.erasures import person_of
from members.reading.own_data import file_of_organisation, file_of_person
from opportunities.models import FilterRun, Match, MatchState, ScoreModel
from tests.factories.ecosystem import PartnerContactFactory, ShortlistCardFactory
from tests.factories.evaluations import FollowUpFactory, InviteeFactory, OutcomeFactory, ResponseFactory
from tests.factories.funding import (
    AidFactory,
    ApplicationFactory,
    AssignmentFactory,
    DecisionFactory,
    GrantFactory,
    PartnerFactory,
)
from tests.factories.matchmaking import ParticipantFactory, RoundFactory, TimetableFactory, meeting_of, with_programme
from tests.factories.opportunities import FeedbackFactory, OpportunityFactory, ShowingFactory
from tests.factories.programme import ActivityFactory, EndorsementFactory, RegistrationFactory, ServiceRequestFactory


def told(held: dict[str, object], kind: str) -> list[dict[str, object]]:
    return [row for each in held["held"] for row in each["rows"] if each["rows_of"] == kind]


@pytest.fixture
def told_to_colleagues(organisation):
    return partial(file_of_organisation, organisation, colleague=True)


@pytest.fixture
def told_to_team(organisation):
    return partial(file_of_organisation, organisation, colleague=False)


def test_file_of_a_company_holds_every_room(sign_in, owner, organisation):
    FeedbackFactory(organisation=organisation, user=owner, kind="interested")
    ShowingFactory(organisation=organisation)
    RegistrationFactory(organisation=organisation)
    ServiceRequestFactory(organisation=organisation)
    ParticipantFactory(organisation=organisation)
    ApplicationFactory(lead=organisation, title="Clean pumps")
    GrantFactory(organisation=organisation)
    AidFactory(organisation=organisation)
    ShortlistCardFactory(organisation=organisation, revealed=True)
    OutcomeFactory(organisation=organisation)
    FollowUpFactory(organisation=organisation)
    InviteeFactory(organisation=organisation)

    held = json.loads(sign_in(owner).get(reverse("members:download", args=[organisation.slug])).content)

    kinds = {each["rows_of"] for each in held["held"] if each["rows"]}
    assert kinds >= {
        "opportunities.feedback", "opportunities.showing", "programme.registration", "programme.servicerequest",
        "matchmaking.participant", "funding.application", "funding.partner", "funding.grant", "funding.aid",
        "ecosystem.shortlistcard", "evaluations.outcome", "evaluations.followup", "evaluations.invitee",
    }  # fmt: skip
    assert told(held, "funding.application")[0]["title"] == "Clean pumps"


def test_file_of_a_company_holds_nothing_of_others(told_to_colleagues, outsider):
    other = outsider.own_membership.organisation
    for make in (FeedbackFactory, ShowingFactory, RegistrationFactory, ServiceRequestFactory, ParticipantFactory,
                 GrantFactory, AidFactory, OutcomeFactory, FollowUpFactory, InviteeFactory):  # fmt: skip
        make(organisation=other)
    ApplicationFactory(lead=other, submitted=True)
    ShortlistCardFactory(organisation=other, revealed=True)
    ResponseFactory(answers={"words": "Secret plans"})

    held = told_to_colleagues()

    text = json.dumps(held, default=str, ensure_ascii=False)
    assert other.name not in text
    assert "Secret plans" not in text
    rooms = ("funding.", "matchmaking.", "evaluations.", "programme.", "opportunities.", "ecosystem.")
    assert [each["rows_of"] for each in held["held"] if each["rows"] and each["rows_of"].startswith(rooms)] == []


def test_only_the_newest_list_of_the_filter_is_told(told_to_colleagues, organisation):
    model = ScoreModel.objects.create(sha256="0" * 64, engine="1", payload=b"", documents=0)
    old, new = (FilterRun.objects.create(model=model, as_of=timezone.localdate(), status="done") for _ in range(2))
    for run, title in ((old, "Old topic"), (new, "New topic")):
        Match.objects.create(run=run, organisation=organisation, opportunity=OpportunityFactory(title=title), key=1)
    MatchState.objects.create(organisation=organisation, run=new)

    assert [row["opportunity__title"] for row in told(told_to_colleagues(), "opportunities.match")] == ["New topic"]


def test_team_reads_no_applications_in_the_data_of_a_company(sign_in, manager, told_to_team, organisation):
    """A draft is nobody's but its writers', and a manager with a conflict of interest reads none that is handed in."""
    ApplicationFactory(lead=organisation, title="Secret draft")

    page = sign_in(manager).get(reverse("members:data", args=[organisation.slug])).content.decode()
    text = sign_in(manager).get(reverse("members:download", args=[organisation.slug])).content.decode()

    assert "Secret draft" not in text
    assert "funding.application" not in text
    assert "Applications" not in page
    assert told(told_to_team(), "members.organisation")


def test_decision_is_told_with_its_letter_and_reviews_are_not(told_to_colleagues, organisation):
    decision = DecisionFactory(application__lead=organisation)
    AssignmentFactory(application=decision.application, done=True, words="Weak budget", reviewer__user__name="Rut Rev")
    assert told(told_to_colleagues(), "funding.decision") == []

    Decision.objects.update(told_at=timezone.now())

    held = told_to_colleagues()
    assert told(held, "funding.decision")[0]["reasons"] == decision.reasons
    text = json.dumps(held, default=str, ensure_ascii=False)
    assert "Weak budget" not in text
    assert "Rut Rev" not in text


def test_lead_reads_nothing_of_its_partners_figures(told_to_colleagues, organisation):
    application = ApplicationFactory(lead=organisation)
    PartnerFactory(application=application, name="Pärnu Pumps", enterprise={"years": "secret"})

    assert "Pärnu Pumps" not in json.dumps(told_to_colleagues(), default=str, ensure_ascii=False)


def test_drafts_of_the_cluster_team_are_not_told(told_to_colleagues, organisation):
    ActivityFactory(lead=organisation, draft=True)
    ShortlistCardFactory(organisation=organisation)
    round_ = RoundFactory()
    with_programme(round_)
    here, other = ParticipantFactory(round=round_, organisation=organisation), ParticipantFactory(round=round_)
    draft = TimetableFactory(round=round_)
    meeting_of(draft, here, other, round_.slots.all()[0], round_.tables.all()[0])

    held = told_to_colleagues()
    for kind in ("programme.activity", "ecosystem.shortlistcard", "matchmaking.seat"):
        assert told(held, kind) == []

    Round.objects.filter(pk=round_.pk).update(timetable=draft, status="published")
    assert len(told(told_to_colleagues(), "matchmaking.seat")) == 1
    assert other.company not in json.dumps(told_to_colleagues(), default=str, ensure_ascii=False)


def test_colleagues_do_not_learn_whether_somebody_answered_a_survey(told_to_colleagues, owner, organisation):
    InviteeFactory(organisation=organisation, email=owner.email, has_answered=True)

    (row,) = told(told_to_colleagues(), "evaluations.invitee")
    assert "has_answered" not in row
    (row,) = told(file_of_person(person_of(owner)), "evaluations.invitee")
    assert row["has_answered"] is True


# A person


def test_file_of_a_person_holds_what_bears_the_name_or_address(sign_in, owner, organisation):
    RegistrationFactory(email=owner.email, activity__name="Mission to Tampere")
    EndorsementFactory(email=owner.email, asked_at=timezone.now())
    PartnerContactFactory(email=owner.email, note="Speaks Estonian")
    guest = ParticipantFactory(email=owner.email)
    Wish.objects.create(participant=guest, other=ParticipantFactory(round=guest.round), kind="must")
    Wish.objects.create(participant=ParticipantFactory(round=guest.round), other=guest, kind="never")

    response = sign_in(owner).get(reverse("members:download_my_data"))

    held = json.loads(response.content)
    assert told(held, "programme.registration")[0]["activity__name"] == "Mission to Tampere"
    assert told(held, "ecosystem.partnercontact")[0]["note"] == "Speaks Estonian"
    assert told(held, "programme.endorsement")
    assert [row["kind"] for row in told(held, "matchmaking.wish")] == ["must"]
    assert response["Content-Disposition"].startswith('attachment; filename="my-data-')
    assert response["Cache-Control"].count("no-store")


def test_file_of_a_person_holds_nothing_of_others(owner, outsider, colleague):
    for address in (outsider.email, colleague.email):
        RegistrationFactory(email=address)
        ParticipantFactory(email=address)
        InviteeFactory(email=address)

    held = file_of_person(person_of(owner))

    text = json.dumps(held, default=str, ensure_ascii=False)
    assert outsider.email not in text
    assert colleague.email not in text
    assert "Olof" not in text


def test_reviewer_learns_nothing_of_a_blind_application(sign_in, manager):
    row = AssignmentFactory(open=True, words="Good plan", application__title="Clean pumps")
    AssignmentFactory(reviewer=row.reviewer, status="proposed")

    text = sign_in(row.reviewer.user).get(reverse("members:download_my_data")).content.decode()

    assert "Good plan" in text
    assert "Clean pumps" not in text
    assert row.application.lead.name not in text
    assert text.count('"conflict"') == 1


def test_files_ask_the_same_number_of_questions(django_assert_max_num_queries, owner, organisation):
    kinds = len(list(all_holdings()))
    for number in range(30):
        RegistrationFactory(organisation=organisation, email=owner.email)
        FeedbackFactory(organisation=organisation, at=timezone.now() - timedelta(days=number))

    with django_assert_max_num_queries(kinds):
        file_of_organisation(organisation, colleague=True)
    person = person_of(owner)
    with django_assert_max_num_queries(kinds):
        file_of_person(person)
