"""What a company says of its card, in the portal and by the link in its mail: two taps, once, and taken back."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from core.actions import Refused
from core.models import AuditEvent
from ecosystem import links, wordings
from ecosystem.actions import cards, shortlists
from members.models import User
from tests.ecosystem.ground import card_of, mails, person_of
from tests.factories.members import MembershipFactory, OrganisationFactory

pytestmark = pytest.mark.django_db


def by_link(card, user):
    return reverse("ecosystem:answer", args=[links.token_of(card, user)])


def test_two_taps_by_the_link_agree_without_signing_in(client):
    card, person = card_of(asked=True)
    url = by_link(card, person)

    first = client.get(url)
    answer = client.post(url, {"answer": "agree", "reveal": ["contact"]}, follow=True)

    assert first.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert wordings.words(card.shortlist.partnership.organisation.name) in first.content.decode()
    assert "You agreed" in answer.content.decode()
    card.refresh_from_db()
    assert (card.status, card.fields, card.contact, card.answered_by) == (
        "consented",
        ["name", "contact"],
        person,
        person,
    )
    assert (card.wording, card.answered_how) == (wordings.newest(), "link")
    event = AuditEvent.objects.get(action="ecosystem.card_agreed")
    assert (event.actor_id, event.organisation_id) == (person.pk, card.organisation_id)
    assert event.details == {"fields": ["name", "contact"], "wording": 1, "how": "link"}


def test_the_name_alone_is_agreed_to_when_nothing_is_ticked(client):
    card, person = card_of(asked=True)

    client.post(by_link(card, person), {"answer": "agree"})

    card.refresh_from_db()
    assert (card.fields, card.contact) == (["name"], None)


def test_the_company_sees_what_the_partner_sees_before_and_after(sign_in):
    card, person = card_of(asked=True)

    shown = sign_in(person).get(card.get_absolute_url()).content.decode()

    assert "Sensors for drinking water" in shown
    for told in ("Klarflod, Karlshamn", "https://klarflod.example", "Klarflod makes water clear.", person.email):
        assert told in shown
    assert "checked" not in shown


def test_saying_no_keeps_the_card_from_the_partner_for_good(client):
    card, person = card_of(asked=True)

    for _ in range(2):
        client.post(by_link(card, person), {"answer": "decline"})

    card.refresh_from_db()
    assert card.status == "declined"
    assert AuditEvent.objects.filter(action="ecosystem.card_declined").count() == 1
    cards.agree(card=card, fields=[], by=person)
    card.refresh_from_db()
    assert card.status == "consented"


def test_the_same_answer_again_changes_nothing(sign_in):
    card, person = card_of(asked=True)
    for _ in range(2):
        sign_in(person).post(card.get_absolute_url(), {"answer": "agree", "reveal": ["website"]})

    assert AuditEvent.objects.filter(action="ecosystem.card_agreed").count() == 1


def test_fields_can_be_changed_until_the_introduction_and_not_after():
    card, person = card_of(interested=True)
    cards.agree(card=card, fields=["website"], by=person)
    card.refresh_from_db()
    assert (card.status, card.fields) == ("interested", ["name", "website"])

    done, someone = card_of("Skvalp", revealed=True)
    with pytest.raises(Refused, match="introduced already"):
        cards.agree(card=done, fields=["website"], by=someone)


@pytest.mark.parametrize(("state", "mailed"), [("consented", 0), ("shown", 0), ("interested", 1), ("revealed", 1)])
def test_it_is_taken_back_at_any_time_and_the_team_hears_when_somebody_waits(client, manager, state, mailed):
    card, person = card_of(**{state: True})

    for _ in range(2):
        client.post(by_link(card, person), {"answer": "withdraw"})

    card.refresh_from_db()
    assert (card.status, card.withdrawn_at is not None) == ("withdrawn", True)
    assert AuditEvent.objects.filter(action="ecosystem.card_withdrawn").count() == 1
    assert len(mails("card-withdrawn")) == mailed
    with pytest.raises(Refused, match="nothing to answer"):
        cards.agree(card=card, fields=[], by=person)


def test_nothing_is_taken_back_that_was_not_agreed_to():
    card, person = card_of(asked=True)
    with pytest.raises(Refused, match="nothing to take back"):
        cards.withdraw(card=card, by=person)
    agreed, other = card_of("Skvalp", consented=True)
    with pytest.raises(Refused, match="Take it back instead"):
        cards.decline(card=agreed, by=other)


def test_after_the_day_the_page_says_whom_to_write_to(client):
    card, person = card_of(asked=True, shortlist__until=timezone.localdate() - timedelta(days=1))

    answer = client.post(by_link(card, person), {"answer": "agree", "reveal": ["website"]}).content.decode()

    assert "The day to answer has passed. Write to the cluster team" in answer
    assert 'name="reveal"' not in answer, "it would be refused again"
    card.refresh_from_db()
    assert card.status == "asked"


def test_an_answer_that_is_none_is_told(client):
    card, person = card_of(asked=True)
    answer = client.post(by_link(card, person), {"answer": "maybe", "reveal": ["everything"]}).content.decode()
    assert "Choose one of the answers." in answer
    card.refresh_from_db()
    assert card.status == "asked"


def test_a_forged_or_cut_link_opens_nothing(client):
    card, person = card_of(asked=True)
    token = links.token_of(card, person)
    for broken in (token[:-3], f"x{token}", "nothing"):
        answer = client.get(reverse("ecosystem:answer", args=[broken]))
        assert (answer.status_code, "This link opens nothing" in answer.content.decode()) == (404, True)
    draft, someone = card_of("Skvalp")
    assert client.get(by_link(draft, someone)).status_code == 404


def test_an_old_link_and_one_of_somebody_who_left_have_ended(client):
    card, person = card_of(asked=True)
    url = by_link(card, person)
    with time_machine.travel(timezone.now() + links.OPENS_FOR + timedelta(days=1)):
        late = client.get(url)
    assert (late.status_code, "This link has ended" in late.content.decode()) == (410, True)

    person.memberships.update(role="viewer")
    gone = client.post(url, {"answer": "agree"})

    assert gone.status_code == 410
    card.refresh_from_db()
    assert card.status == "asked"


def test_a_viewer_reads_and_does_not_answer(sign_in):
    card, _person = card_of(asked=True)
    viewer = person_of(card.organisation, "viewer")

    shown = sign_in(viewer).get(card.get_absolute_url()).content.decode()

    assert "Only owners and editors of the organisation answer for it." in shown
    with pytest.raises(PermissionDenied):
        cards.agree(card=card, fields=[], by=viewer)


@pytest.mark.parametrize("who", ["other company", "partner", "manager", "evaluator"])
def test_nobody_else_opens_or_answers_it(sign_in, manager, evaluator, who):
    card, _person = card_of(asked=True)
    users: dict[str, User] = {
        "other company": MembershipFactory(organisation=OrganisationFactory(), role="owner").user,
        "partner": person_of(card.shortlist.partnership.organisation),
        "manager": manager,
        "evaluator": evaluator,
    }

    answer = sign_in(users[who]).post(card.get_absolute_url(), {"answer": "agree"})

    assert answer.status_code in (403, 404)
    with pytest.raises(PermissionDenied):
        cards.agree(card=card, fields=[], by=users[who])


def test_a_member_finds_its_cards_and_not_those_that_are_drafts(sign_in):
    card, person = card_of(asked=True, shortlist__title="Meters for Tartu")
    card_of("Skvalp", asked=True, shortlist__title="Boats for Porto")

    listed = sign_in(person).get(reverse("ecosystem:cards")).content.decode()

    assert ("Meters for Tartu" in listed, "Boats for Porto" in listed) == (True, False)
    card.status = "draft"
    card.save()
    assert "Meters for Tartu" not in sign_in(person).get(reverse("ecosystem:cards")).content.decode()


def test_mails_name_the_partner_and_stop_by_their_own_link(manager):
    card, person = card_of()
    card.shortlist.seeks = "Meters <b>that</b> last"
    card.shortlist.save()
    shortlists.ask(shortlist=card.shortlist, by=manager)

    (mail,) = mails("card-asked")
    assert card.shortlist.partnership.organisation.name in mail.subject
    assert "Meters &lt;b&gt;that&lt;/b&gt; last" in mail.html
    assert links.token_of(card, person).split(":")[0] in mail.text
    assert "/mail/stop/" in mail.text
