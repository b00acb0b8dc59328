"""A shortlist from the first card to the introduction: who is asked, what the partner sees, and when."""

from datetime import timedelta
from itertools import count

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from core.actions import Refused
from core.models import AuditEvent
from ecosystem.actions import cards, shortlists
from ecosystem.models import Shortlist, ShortlistCard
from ecosystem.reading import sharing
from tests.ecosystem.ground import card_of, mails, person_of, speaker
from tests.factories.ecosystem import PartnershipFactory, ShortlistCardFactory, ShortlistFactory
from tests.factories.members import MembershipFactory, OrganisationFactory
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db
TELLING = ("Klarflod", "klarflod", "Karlshamn", "Ljungqvist", "makes water clear")


def page(client, found):
    return client.get(found.get_absolute_url()).content.decode()


def test_from_the_draft_to_the_introduction(sign_in, manager):
    """The whole way once, by the pages of its three readers."""
    partnership = PartnershipFactory()
    partner, company_person = speaker(partnership), card_of()[1]
    company = company_person.memberships.get().organisation
    company.profile.offers = "Meters for wells\nKlarflod meters"
    company.profile.save()
    team, partners, companys = sign_in(manager), sign_in(partner), sign_in(company_person)

    new = reverse("ecosystem:new_shortlist", args=[partnership.organisation.slug])
    told = {"title": "Meters for Tartu", "seeks": "Who meters wells?", "until": timezone.localdate() + timedelta(9)}
    team.post(new, told)
    shortlist = Shortlist.objects.get(title="Meters for Tartu")
    team.post(reverse("ecosystem:put_on", args=[shortlist.key]), {"to": [company.pk]})
    card = shortlist.cards.get()
    assert card.offers == "Meters for wells"
    assert partners.get(shortlist.get_absolute_url()).status_code == 404

    team.post(reverse("ecosystem:ask", args=[shortlist.key]))
    assert [mail.to for mail in mails("card-asked")] == [company_person.email]
    companys.post(reverse("ecosystem:card", args=[card.key]), {"answer": "agree", "reveal": ["website"]})
    assert partners.get(shortlist.get_absolute_url()).status_code == 404

    team.post(reverse("ecosystem:show", args=[shortlist.key]))
    seen = page(partners, shortlist)
    assert "Meters for wells" in seen
    assert not [word for word in TELLING if word in seen]
    assert [mail.to for mail in mails("cards-shown")] == [partner.email]

    partners.post(reverse("ecosystem:interest", args=[card.key]), {"answer": "interested"})
    assert [mail.to for mail in mails("card-interest")] == [manager.email]
    assert not [word for word in TELLING if word in page(partners, shortlist)]

    team.post(reverse("ecosystem:introduce", args=[card.key]))
    seen = page(partners, shortlist)
    assert "Klarflod, " not in seen
    assert "https://klarflod.example" in seen
    assert "Ljungqvist" not in seen
    assert {mail.to for mail in mails("introduction")} == {partner.email, company_person.email}
    assert list(ShortlistCard.objects.introduced()) == [card]
    trail = AuditEvent.objects.filter(object_id=card.pk, object_type="ecosystem.shortlistcard").order_by("pk")
    acts = ["drafted", "asked", "agreed", "shown", "interested", "revealed"]
    assert [event.action.rpartition("_")[2] for event in trail] == acts
    assert {event.organisation_id for event in trail} == {company.pk}


@pytest.mark.parametrize("state", ["", "asked", "consented"])
def test_a_partner_sees_nothing_before_cards_are_shown(sign_in, state):
    card, _person = card_of(**({state: True} if state else {}))
    partner = speaker(card.shortlist.partnership)

    assert sign_in(partner).get(card.shortlist.get_absolute_url()).status_code == 404
    assert not sharing.cards_shared_with(card.shortlist.partnership).exists()
    lists = sign_in(partner).get(
        reverse("ecosystem:partner_lists", args=[card.shortlist.partnership.organisation.slug])
    )
    assert card.shortlist.title not in lists.content.decode()


@pytest.mark.parametrize("state", ["shown", "interested"])
def test_a_card_that_is_shown_tells_no_name_to_the_partner(state):
    card, person = card_of(**{state: True}, contact=None)
    card.fields, card.contact = ["name", "website", "summary", "contact"], person
    card.save()

    told = sharing.shown(sharing.cards_shared_with(card.shortlist.partnership).get())

    assert told["revealed"] is None
    assert not [word for word in TELLING if word in str(told)]
    assert set(told) == {"key", "kind", "size_class", "country", "region", "offers", "seeks", "revealed"}


def test_only_what_was_agreed_to_is_revealed():
    card, person = card_of(revealed=True)
    assert sharing.shown(card)["revealed"] == {"name": "Klarflod", "town": "Karlshamn"}

    card.fields, card.contact = ["name", "contact"], person
    assert sharing.agreed(card) == {
        "name": "Klarflod", "town": "Karlshamn", "person": "Sigrid Ljungqvist", "email": person.email,
    }  # fmt: skip
    person.is_active = False
    assert "email" not in sharing.agreed(card)


def test_neither_keys_nor_places_follow_the_order_in_which_companies_came():
    shortlist = ShortlistFactory(shown_at=timezone.now())
    made = [ShortlistCardFactory(shortlist=shortlist, shown=True) for _ in range(12)]

    shown = list(sharing.cards_shared_with(shortlist.partnership))

    assert shown == sorted(made, key=lambda card: card.key)
    assert [card.pk for card in shown] != sorted(card.pk for card in made)
    assert {card.key.version for card in shown} == {4}


def test_what_a_partner_reads_stays_as_it_was_when_the_company_was_asked(sign_in):
    card, _person = card_of(shown=True)
    before = page(sign_in(speaker(card.shortlist.partnership)), card.shortlist)
    company = card.organisation
    company.country, company.headcount, company.profile.offers = "NO", 900, "Something new"
    company.save()
    company.profile.save()

    after = page(sign_in(speaker(card.shortlist.partnership)), card.shortlist)

    assert "Sensors for drinking water" in after
    assert "Something new" not in after
    assert "Norway" not in after
    assert ("Sweden" in before, "Sweden" in after) == (True, True)


def test_a_card_that_was_taken_back_is_gone_for_the_partner(sign_in):
    card, person = card_of(revealed=True)
    partner = speaker(card.shortlist.partnership)
    assert "Klarflod" in page(sign_in(partner), card.shortlist)

    cards.withdraw(card=card, by=person)

    assert not [word for word in (*TELLING, "Sensors for drinking") if word in page(sign_in(partner), card.shortlist)]
    url = reverse("ecosystem:interest", args=[card.key])
    assert sign_in(partner).post(url, {"answer": "interested"}).status_code == 404


def test_words_that_tell_who_it_is_are_refused_and_stay_on_the_form(sign_in, manager):
    card, _person = card_of()
    url = reverse("ecosystem:write_card", args=[card.key])

    answer = sign_in(manager).post(url, {"offers": "Klarflod meters <b>", "seeks": "Trials"}).content.decode()

    assert "These words tell who it is: “Klarflod”. Say it without them." in answer
    assert "Klarflod meters &lt;b&gt;" in answer
    card.refresh_from_db()
    assert card.offers == "Sensors for drinking water"


def test_a_region_in_which_few_are_alike_is_refused(manager):
    card, _person = card_of()
    written = {"card": card, "offers": "Meters", "seeks": "", "with_region": True, "by": manager}
    with pytest.raises(Refused, match="Fewer than three"):
        shortlists.write_card(**written)
    OrganisationFactory(name="Alike", full=True, nuts="SE224")

    shortlists.write_card(**written)

    card.refresh_from_db()
    assert (card.region, card.offers) == ("SE2", "Meters")


def test_names_are_checked_again_when_a_company_is_asked(manager):
    card, _person = card_of(offers="Water from Karlshamn")

    with pytest.raises(Refused, match="Klarflod: These words tell who it is: “Karlshamn”"):
        shortlists.ask(shortlist=card.shortlist, by=manager)
    card.refresh_from_db()
    assert card.status == "draft"
    assert mails("card-asked") == []


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"offers": "", "seeks": ""}, "is empty"),
        ({"shortlist__until": timezone.localdate() - timedelta(days=1)}, "has passed"),
        ({"shortlist__status": "closed"}, "is closed"),
    ],
)
def test_who_cannot_be_asked_is_told_why(manager, facts, why):
    card, _person = card_of(**facts)
    with pytest.raises(Refused, match=why):
        shortlists.ask(shortlist=card.shortlist, by=manager)


def test_a_company_without_people_is_not_asked(manager):
    card = ShortlistCardFactory(organisation__name="Nobody Home")
    with pytest.raises(Refused, match="Nobody answers for Nobody Home"):
        shortlists.ask(shortlist=card.shortlist, by=manager)


def test_asking_and_showing_twice_is_once(manager):
    card, person = card_of()
    assert [shortlists.ask(shortlist=card.shortlist, by=manager) for _ in range(2)] == [1, 0]
    cards.agree(card=card, fields=[], by=person)
    speaker(card.shortlist.partnership)
    assert [shortlists.show(shortlist=card.shortlist, by=manager) for _ in range(2)] == [1, 0]
    assert (len(mails("card-asked")), len(mails("cards-shown"))) == (1, 1)


def test_what_is_sought_stays_once_somebody_was_asked(manager):
    card, _person = card_of(asked=True)
    later = card.shortlist.until + timedelta(days=3)
    with pytest.raises(Refused, match="asked with these words"):
        shortlists.change_shortlist(shortlist=card.shortlist, by=manager, seeks="Others")
    assert shortlists.change_shortlist(shortlist=card.shortlist, by=manager, until=later) == ["until"]


def test_only_members_stand_on_a_list(manager):
    shortlist, guest = ShortlistFactory(), OrganisationFactory(partner=True, name="Guest")
    with pytest.raises(Refused, match="Guest is no member"):
        shortlists.put_on(shortlist=shortlist, organisations=[guest], by=manager)


def test_a_manager_of_the_partner_sees_there_what_the_partner_sees(sign_in, manager):
    card, _person = card_of(consented=True)
    MembershipFactory(user=manager, organisation=card.shortlist.partnership.organisation, role="owner")
    client = sign_in(manager)

    assert client.get(card.shortlist.get_absolute_url()).status_code == 404
    assert client.get(reverse("ecosystem:write_card", args=[card.key])).status_code == 404
    assert card.shortlist.title not in client.get(reverse("ecosystem:shortlists")).content.decode()
    with pytest.raises(PermissionDenied, match="You belong to this partner"):
        shortlists.ask(shortlist=card.shortlist, by=manager)
    partner = speaker(card.shortlist.partnership)
    ShortlistCard.objects.filter(pk=card.pk).update(status="shown")
    cards.say_interest(card=card, interested=True, by=partner)
    assert mails("card-interest") == []


def test_a_manager_neither_chooses_nor_introduces_the_own_company(manager):
    card, _person = card_of(interested=True)
    MembershipFactory(user=manager, organisation=card.organisation, role="owner")

    with pytest.raises(PermissionDenied, match="your own organisation"):
        cards.introduce(card=card, by=manager)
    with pytest.raises(PermissionDenied, match="your own organisation"):
        shortlists.put_on(shortlist=ShortlistFactory(), organisations=[card.organisation], by=manager)


def test_an_introduction_wants_both_sides(manager):
    card, _person = card_of(shown=True)
    with pytest.raises(Refused, match="Both sides"):
        cards.introduce(card=card, by=manager)


def test_what_came_of_it_is_noted_after_the_introduction(sign_in, manager):
    early, done = card_of(shown=True)[0], card_of("Skvalp", revealed=True)[0]
    said = {"outcome": "meeting", "outcome_note": "Met in Tartu."}
    told = sign_in(manager).post(reverse("ecosystem:outcome", args=[early.key]), said).content.decode()
    assert "They have not been introduced yet." in told

    sign_in(manager).post(reverse("ecosystem:outcome", args=[done.key]), said)

    done.refresh_from_db()
    assert (done.outcome, done.outcome_note) == ("meeting", "Met in Tartu.")


@pytest.mark.parametrize("who", ["viewer", "other", "company", "outsider"])
def test_only_those_who_speak_for_the_partner_say_who_interests_them(sign_in, outsider, who):
    card, person = card_of(shown=True)
    users = {
        "viewer": lambda: speaker(card.shortlist.partnership, "viewer"),
        "other": lambda: speaker(PartnershipFactory()),
        "company": lambda: person,
        "outsider": lambda: outsider,
    }

    answer = sign_in(users[who]()).post(reverse("ecosystem:interest", args=[card.key]), {"answer": "interested"})

    card.refresh_from_db()
    assert (answer.status_code in (403, 404), card.status) == (True, "shown")


def test_a_list_asks_as_often_for_many_cards_as_for_one(sign_in, manager):
    shortlist = ShortlistFactory(shown_at=timezone.now())
    partner = sign_in(person_of(shortlist.partnership.organisation))
    team = sign_in(manager)
    names = (f"Maker {number}" for number in count())
    for client in (team, partner):
        ShortlistCard.objects.all().delete()
        assert_constant_queries(
            lambda client=client: client.get(shortlist.get_absolute_url()),
            lambda: card_of(next(names), shortlist=shortlist, revealed=True),
            at_most=14,
            shows=lambda answer: len(answer.context["rows"]),
        )
