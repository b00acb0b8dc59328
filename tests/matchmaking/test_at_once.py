"""Two people do the same to a round at the same moment: it is done once, and the last place is given once."""

from threading import Thread

import pytest
from django.db import transaction

from core.models import AuditEvent, Mail
from matchmaking import announcing
from matchmaking.actions import participants, rounds, sign_up
from matchmaking.models import Participant, RoundPartner, Session
from tests.factories.matchmaking import ParticipantFactory, RoundFactory, morning, with_programme
from tests.factories.members import MembershipFactory, OrganisationFactory
from tests.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def partner(manager) -> RoundPartner:
    cluster = OrganisationFactory(partner=True, name="Emajõe Cluster")
    return RoundPartner.objects.create(round=RoundFactory(), organisation=cluster, places=1)


def test_last_place_of_a_partner_is_given_once(partner, manager):
    kart = MembershipFactory(organisation=partner.organisation).user

    def invite(email, by):
        return lambda: participants.invite_guest(
            round_=partner.round, cluster=partner.organisation, company="X", person="", email=email, by=by
        )

    refused = at_once(invite("a@x.example", kart), invite("b@x.example", manager), invite("c@x.example", kart))

    assert list(map(str, refused)) == ["No place is left for Emajõe Cluster."] * 2
    assert Participant.objects.count() == 1


def test_last_place_goes_to_one_of_two_who_come_back(partner):
    cluster = partner.organisation
    gone = [ParticipantFactory(round=partner.round, cluster=cluster, status="declined") for _ in range(2)]

    refused = at_once(*(lambda each=each: sign_up.confirm(participant=each) for each in gone))

    assert len(refused) == 1
    assert Participant.objects.confirmed().count() == 1


def test_same_person_is_invited_once(partner, manager, home):
    def invite():
        participants.invite_guest(
            round_=partner.round, cluster=home, company="X", person="", email="a@x.example", by=manager
        )

    assert list(map(str, at_once(invite, invite))) == ["a@x.example is in this round already."]


def test_session_waits_for_the_one_that_is_being_added_and_does_not_overlap_with_it(manager):
    round_, refused = RoundFactory(planned=True), []
    lunch = {"kind": "break", "name": "Lunch", "starts_at": morning(40), "ends_at": morning(41), "by": manager}

    def second() -> None:
        refused.extend(at_once(lambda: rounds.add_session(round_=round_, **lunch)))

    waiting = Thread(target=second)
    with transaction.atomic():
        rounds.add_session(round_=round_, **lunch)
        waiting.start()
        waiting.join(0.5)
    waiting.join()

    assert len(refused) == 1
    assert "It overlaps with “Lunch”" in str(refused[0])
    assert Session.objects.count() == 1


def test_round_is_opened_once_and_everybody_hears_once(partner, manager):
    with_programme(partner.round)
    ParticipantFactory(round=partner.round, invited=True)
    partner.round.status = "planned"
    partner.round.save()

    refused = at_once(*[lambda: rounds.open_round(round_=partner.round, by=manager)] * 2)
    at_once(announcing.send_due, announcing.send_due)

    assert len(refused) == 1
    assert AuditEvent.objects.filter(action="matchmaking.round_opened").count() == 1
    assert Mail.objects.filter(key__startswith="round-invitation:").count() == 1


def test_participant_is_taken_out_once(partner, manager):
    coming = ParticipantFactory(round=partner.round)

    assert at_once(*[lambda: participants.withdraw(participant=coming, why="Ill.", by=manager)] * 2) == []

    assert AuditEvent.objects.filter(action="matchmaking.withdrawn").count() == 1
    assert Mail.objects.filter(kind="round-news").count() == 1
