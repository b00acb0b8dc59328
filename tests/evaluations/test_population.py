"""Who is meant in a wave, who can be asked, and why others cannot."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.mail import stop
from evaluations import groups, population
from evaluations.models import Wave
from matchmaking.models import Meeting
from members.models import Membership, Profile
from tests.evaluations.surveys import member, planned
from tests.factories.matchmaking import ParticipantFactory, RoundFactory, TimetableFactory, meeting_of, with_programme
from tests.factories.members import ConsentFactory, MembershipFactory, OrganisationFactory, UserFactory
from tests.factories.opportunities import FeedbackFactory

pytestmark = pytest.mark.django_db


def found(wave: Wave) -> dict[str, population.Company]:
    return {each.name: each for each in population.population(wave)}


def test_only_who_agreed_is_asked_and_the_others_are_said_why(home):
    asked = member(name="Asked")
    OrganisationFactory(name="Empty")
    member(name="Silent", agrees=False)
    stopper = member(name="Stopped")
    stop(address=stopper.memberships.get().user.email, kind="survey")
    taken_back = member(name="Taken back", agrees=False)
    ConsentFactory(address=taken_back.memberships.get().user.email, withdrawn=True)

    companies = found(planned())

    assert companies["Asked"].contact.email == asked.memberships.get().user.email
    assert {name: each.why_not for name, each in companies.items() if not each.contact} == {
        "Empty": "nobody",
        "Silent": "not_agreed",
        "Stopped": "stopped",
        "Taken back": "not_agreed",
    }


def test_population_is_companies_that_are_members(home, organisation):
    OrganisationFactory(name="University", kind="research")
    OrganisationFactory(name="Guest", is_member=False)

    assert list(found(planned())) == ["Ålgräs Robotics"]


def test_owner_is_asked_before_others_and_nobody_for_two_companies(home):
    company = OrganisationFactory(name="First", slug="first")
    editor, owner, left = UserFactory(), UserFactory(), UserFactory(is_active=False)
    for user, role in ((left, "owner"), (editor, "editor"), (owner, "owner")):
        MembershipFactory(organisation=company, user=user, role=Membership.Role(role))
        ConsentFactory(address=user.email)
    second = OrganisationFactory(name="Second")
    MembershipFactory(organisation=second, user=owner)

    companies = found(planned())

    assert companies["First"].contact.email == owner.email
    assert (companies["Second"].contact, companies["Second"].why_not) == (None, "elsewhere")


def test_segments_narrow_the_population(home):
    small = member(name="Small", headcount=20, country="SE")
    Profile.objects.filter(organisation=small).update(nace_codes=["28.9"])
    member(name="Large", headcount=400, country="SE")
    member(name="Estonian", headcount=20, country="EE")
    member(name="Unknown")

    assert list(found(planned(sizes=["small"]))) == ["Estonian", "Small"]
    assert list(found(planned(countries=["EE"]))) == ["Estonian"]
    assert list(found(planned(sections=["C"]))) == ["Small"]
    assert len(found(planned())) == 4


def test_groups_come_from_the_record(home):
    company = member(name="Known", headcount=20, country="EE")
    Profile.objects.filter(organisation=company).update(nace_codes=["62.10", "28.9"])

    assert found(planned())["Known"].groups == {
        "size_class": "small",
        "country": "EE",
        "section": "K",
        "experience": "first_steps",
    }


@pytest.mark.parametrize(("times", "expected"), [(0, "first_steps"), (1, "some"), (3, "some"), (4, "experienced")])
def test_experience_counts_interests_of_three_years(home, times, expected):
    company, now = member(), timezone.now()
    for _ in range(times):
        FeedbackFactory(organisation=company, kind="interested", at=now - timedelta(days=1000))
    FeedbackFactory(organisation=company, kind="interested", at=now - timedelta(days=1100))
    FeedbackFactory(organisation=company, kind="saved")

    assert found(planned())[company.name].groups["experience"] == expected


def test_experience_counts_meetings_that_were_held(home):
    company = member()
    round_ = RoundFactory()
    with_programme(round_, slots=4, starts_at=timezone.now() - timedelta(days=30))
    timetable, draft = TimetableFactory(round=round_), TimetableFactory(round=round_)
    round_.timetable = timetable
    round_.save()
    own = ParticipantFactory(round=round_, organisation=company)
    others = [ParticipantFactory(round=round_) for _ in range(3)]
    slots, table = list(round_.slots.order_by("starts_at")), round_.tables.first()
    meeting_of(timetable, own, others[0], slots[0], table, status=Meeting.Status.HELD)
    meeting_of(timetable, own, others[1], slots[1], table, status=Meeting.Status.NO_SHOW)
    meeting_of(draft, own, others[2], slots[2], table, status=Meeting.Status.HELD)

    assert groups.times_on_record(timezone.now()) == {company.pk: 1}


def test_participants_of_a_round_are_asked_once_a_company_guests_too(home):
    round_ = RoundFactory()
    company = member(name="Member", agrees=False, headcount=20)
    for email in ("first@member.example", "second@member.example"):
        ParticipantFactory(round=round_, organisation=company, company="Member", email=email, size_class="")
    guest = ParticipantFactory(round=round_, company="Guest OÜ", nace_codes=["36"], size_class="micro")
    ParticipantFactory(round=round_, company="Not coming", invited=True)
    for address in ("second@member.example", guest.email):
        ConsentFactory(address=address)

    companies = found(planned(population="round", round=round_))

    assert sorted(companies) == ["Guest OÜ", "Member"]
    assert companies["Member"].contact.email == "second@member.example"
    assert companies["Member"].groups["size_class"] == "small"
    assert companies["Guest OÜ"].groups == {"size_class": "micro", "country": "EE", "section": "E", "experience": ""}


@pytest.mark.parametrize(
    ("country", "spoken", "expected"),
    [
        ("SE", ["en", "sv"], "sv"),
        ("SE", ["en", "de"], "en"),
        ("DE", [], "de"),
        ("EE", ["et"], "en"),
        ("", [], "en"),
        ("FI", ["fi", "sv"], "sv"),
    ],
)
def test_language_is_the_countrys_own_where_the_company_speaks_it(country, spoken, expected):
    assert population.language_for(country, spoken, ["en", "sv", "de"]) == expected


def test_frame_counts_everybody_in_joint_groups(home):
    for agrees in (True, False):
        member(agrees=agrees, headcount=20, country="SE")
    member(headcount=5, country="EE")

    frame = population.frame(population.population(planned()))

    assert {(each["size_class"], each["country"]): each["n"] for each in frame} == {
        ("micro", "EE"): 1,
        ("small", "SE"): 2,
    }
    assert set(frame[0]) == {"size_class", "country", "section", "experience", "n"}


def test_population_is_read_in_a_constant_number_of_queries(home):
    counts = []
    for more in (1, 4):
        for _ in range(more):
            FeedbackFactory(organisation=member(), kind="interested")
        wave = Wave.objects.select_related("version", "round").get(pk=planned().pk)
        with CaptureQueriesContext(connection) as queries:
            population.population(wave)
        counts.append(len(queries))

    assert counts == [6, 6]
