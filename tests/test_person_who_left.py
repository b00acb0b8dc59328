"""What becomes of a person's rows in each room: what is to come is called off, links die, records lose the name."""

import pytest
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEvent, Mail
from ecosystem import links as card_links
from ecosystem.models import ForeignCard, PartnerContact
from evaluations import links as survey_links
from evaluations.models import Invitee
from funding import links as partner_links
from funding.models import Assignment, Reviewer, Revision
from matchmaking import links as round_links
from matchmaking.models import Meeting, Participant, Round
from members.actions import erasing
from members.actions.people import rename
from members.models import User
from programme import links as strategy_links
from programme import registration_links
from programme.models import Registration
from tests.ecosystem.exchange_ground import pages_of_exchange
from tests.factories.ecosystem import PartnerContactFactory, ShortlistCardFactory
from tests.factories.evaluations import FollowUpFactory, InviteeFactory
from tests.factories.funding import ApplicationFactory, AssignmentFactory, PartnerFactory, SubmissionFactory
from tests.factories.matchmaking import ParticipantFactory, RoundFactory, TimetableFactory, meeting_of, with_programme
from tests.factories.opportunities import FeedbackFactory
from tests.factories.programme import ActivityFactory, EndorsementFactory, RegistrationFactory
from tests.members.leaving import everything_in_the_database


@pytest.fixture
def leave(owner, colleague):
    """The colleague is erased; returns what the database holds afterwards, as text."""

    def left() -> str:
        erasing.erase_own_account(by=User.objects.get(pk=colleague.pk))
        Mail.objects.filter(kind="farewell").delete()
        return everything_in_the_database()

    return left


def test_place_at_an_activity_goes_to_the_next(client, leave, colleague, organisation):
    activity = ActivityFactory(places=1)
    mine = RegistrationFactory(activity=activity, user=colleague, email=colleague.email, person=colleague.name)
    next_one = RegistrationFactory(activity=activity, waiting=True)
    link = reverse("programme:registration", args=[registration_links.token_of(mine)])
    assert client.get(link).status_code == 200

    held = leave()

    mine.refresh_from_db()
    next_one.refresh_from_db()
    assert (mine.status, mine.person) == ("cancelled", "A person who left")
    assert next_one.status == "registered"
    assert [mail.to for mail in Mail.objects.all()] == [next_one.email]
    assert client.get(link).status_code == 404
    assert colleague.name not in held
    assert colleague.email not in held


def test_place_of_the_past_is_counted_without_a_name(leave, colleague):
    past = RegistrationFactory(activity__over=True, email=colleague.email, attended=True, support_eur=200)

    leave()

    past.refresh_from_db()
    assert (past.status, past.attended, past.support_eur) == ("registered", True, 200)
    assert past.email.endswith("@left.invalid")


def test_old_address_of_the_same_account_goes_too(leave, colleague):
    """Its registration stands with the account, whatever the address was then."""
    RegistrationFactory(user=colleague, email="carl@before.example", person="Carl C.", activity__over=True)

    held = leave()

    assert "carl@before.example" not in held
    assert "Carl C." not in held


def test_participant_leaves_the_round_and_the_other_hears(leave, colleague, organisation):
    round_ = RoundFactory(mode="requests")
    with_programme(round_)
    mine = ParticipantFactory(round=round_, email=colleague.email, person=colleague.name, phone="+46 70 1")
    other = ParticipantFactory(round=round_)
    timetable = TimetableFactory(round=round_)
    Round.objects.filter(pk=round_.pk).update(timetable=timetable)
    meeting = meeting_of(timetable, mine, other, round_.slots.all()[0], round_.tables.all()[0])
    token = round_links.token_of(mine)

    held = leave()

    assert Meeting.objects.get(pk=meeting.pk).status == "cancelled"
    assert Participant.objects.get(pk=mine.pk).status == "withdrawn"
    assert Mail.objects.get().to == other.email
    with pytest.raises(round_links.DeadLink):
        round_links.participant_of(token)
    for gone in (colleague.name, colleague.email, "+46 70 1"):
        assert gone not in held


def test_participant_of_a_round_that_is_over_stays_counted(leave, colleague):
    mine = ParticipantFactory(round__status="over", email=colleague.email, person=colleague.name, keeps_profile=True)
    token = round_links.token_of(mine)

    held = leave()

    mine.refresh_from_db()
    assert (mine.status, mine.keeps_profile) == ("confirmed", False)
    with pytest.raises(round_links.DeadLink):
        round_links.participant_of(token)
    assert colleague.name not in held


def test_survey_is_not_sent_any_more_and_a_closed_one_counts_as_before(leave, colleague):
    waiting = InviteeFactory(email=colleague.email, person=colleague.name)
    closed = InviteeFactory(email=colleague.email, wave__closed=True)
    token = survey_links.token_of(waiting)

    held = leave()

    assert [Invitee.objects.get(pk=each.pk).is_taken_out for each in (waiting, closed)] == [True, False]
    with pytest.raises(survey_links.SwitchedOffLink):
        survey_links.invitee_of(token)
    assert colleague.email not in held


def test_question_what_came_of_something_is_dead(leave, colleague, organisation):
    follow_up = FollowUpFactory(organisation=organisation, email=colleague.email)
    token = survey_links.follow_up_token(follow_up)
    assert survey_links.follow_up_of(token)

    leave()

    with pytest.raises(survey_links.SwitchedOffLink):
        survey_links.follow_up_of(token)


def test_partners_keep_no_contact(client, leave, manager, colleague, organisation):
    PartnerContactFactory(email=colleague.email, name=colleague.name)
    card = ShortlistCardFactory(organisation=organisation, contact=colleague, consented=True)
    token = card_links.token_of(card, colleague)
    endorsement = EndorsementFactory(email=colleague.email, person=colleague.name, asked_at=timezone.now())
    link = reverse("programme:endorse", args=[strategy_links.token_of(endorsement)])

    leave()

    card.refresh_from_db()
    assert card.contact is None
    assert not PartnerContact.objects.exists()
    with pytest.raises(card_links.EndedLink):
        card_links.opened(token)
    assert client.get(link).status_code == 404


def test_card_from_abroad_loses_its_contact(leave, manager, colleague):
    pages_of_exchange(manager)
    card = ForeignCard.objects.first()
    named = {"name": "Pärnu Pumps", "contact_name": "Kärt", "contact_email": colleague.email}
    ForeignCard.objects.filter(pk=card.pk).update(revealed=named, is_withdrawn=False)

    leave()

    assert ForeignCard.objects.get(pk=card.pk).revealed == {"name": "Pärnu Pumps"}


def test_applications_keep_what_was_handed_in_and_lose_the_contact(leave, colleague, organisation):
    application = ApplicationFactory(lead=organisation, submitted=True)
    SubmissionFactory(application=application, number=2, by=colleague.name)
    Revision.objects.create(application=application, field="title", value="Pumps", by=colleague.name)
    elsewhere = Revision.objects.create(application=ApplicationFactory(), field="title", value="x", by=colleague.name)
    partner = PartnerFactory(application=application, email=colleague.email, person=colleague.name, invited=True)
    token = partner_links.token_of(partner)

    leave()

    assert application.submissions.filter(by=colleague.name).count() == 1
    assert Revision.objects.get(application=application).by == "A person who left"
    assert Revision.objects.get(pk=elsewhere.pk).by == colleague.name  # a namesake of another organisation
    partner.refresh_from_db()
    assert partner.person == "A person who left"
    with pytest.raises(partner_links.DeadLink):
        partner_links.partner_of(token)


def test_reviewer_steps_down_and_what_is_done_stays(manager, organisation):
    done = AssignmentFactory(done=True, words="Good plan", reviewer__employer="Norr Consult")
    unfinished = AssignmentFactory(reviewer=done.reviewer, open=True)
    person = done.reviewer.user

    erasing.erase_person(address=person.email, reason="By letter", by=manager)

    reviewer = Reviewer.objects.get()
    assert (str(reviewer), reviewer.employer) == ("A person who left", "")
    assert reviewer.left_at
    assert Assignment.objects.get(pk=done.pk).words == "Good plan"
    assert Assignment.objects.get(pk=unfinished.pk).status == "withdrawn"
    assert AuditEvent.objects.get(action="funding.reviewer_taken_out").object_label == "A person who left"


def test_answers_of_the_company_stay(leave, colleague, organisation):
    feedback = FeedbackFactory(organisation=organisation, user=colleague, kind="interested", sentence="Call us")
    rename(user=colleague, name="Carl C.", by=colleague)

    leave()

    feedback.refresh_from_db()
    assert (feedback.sentence, str(feedback.user)) == ("Call us", "A person who left")


def test_waiting_mails_to_the_address_are_not_sent(leave, colleague):
    registration = RegistrationFactory(email=colleague.email)
    Mail.objects.create(key="x", kind="y", to=colleague.email, subject="s", text="t", html="h")

    leave()

    assert not Mail.objects.filter(to=colleague.email).exists()
    assert Registration.objects.get(pk=registration.pk).status == "cancelled"
