"""Agreeing to be asked in surveys: never ticked beforehand, provable, taken back as easily as it is given."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from lxml import html

from core.models import AuditEvent
from members import consents
from members.actions import consents as actions
from members.models import Consent
from tests.factories.members import ConsentFactory, InvitationFactory

pytestmark = pytest.mark.django_db
SETTINGS, SAVE = "/members/settings/", "/members/settings/consent/"
AGREED = {"purpose": "surveys", "how": "settings"}


def box(response) -> html.HtmlElement:
    return html.document_fromstring(response.content).xpath("//input[@name='surveys']")[0]


def link(address: str) -> str:
    return "/" + consents.withdraw_url(address, "surveys").split("/", 3)[3]


def test_box_is_empty_until_somebody_ticks_it_and_one_tap_takes_it_back(sign_in, owner):
    client = sign_in(owner)
    assert box(client.get(SETTINGS)).get("checked") is None

    client.post(SAVE, {"surveys": "on"})
    page = client.get(SETTINGS)
    assert box(page).get("checked") is not None
    assert "You agreed on" in page.content.decode()
    client.post(SAVE)

    assert box(client.get(SETTINGS)).get("checked") is None
    consent = Consent.objects.get()
    assert (consent.address, consent.wording, consent.how) == (owner.email, 1, "settings")
    assert consent.withdrawn_at > consent.given_at
    assert consent.withdrawn_how == "settings"
    noted = AuditEvent.objects.filter(object_type="members.consent").order_by("pk")
    assert list(noted.values_list("action", "actor_id")) == [
        ("members.consent_given", owner.pk),
        ("members.consent_withdrawn", owner.pk),
    ]


def test_twice_is_once_and_agreeing_again_is_a_new_row(owner):
    for expected in (True, False):
        assert actions.give_consent(address=owner.email, **AGREED, by=owner) is expected
    for expected in (True, False):
        assert actions.withdraw_consent(address=owner.email, **AGREED, by=owner) is expected
    actions.give_consent(address=owner.email, **AGREED, by=owner)

    assert Consent.objects.count() == 2
    assert Consent.objects.holding("surveys").count() == 1
    assert AuditEvent.objects.filter(action__startswith="members.consent").count() == 3


def test_nobody_agrees_for_somebody_else(manager, owner):
    ConsentFactory(address="other@company.example")
    for act in (actions.give_consent, actions.withdraw_consent):
        with pytest.raises(PermissionDenied):
            act(address="other@company.example", **AGREED, by=manager)

    assert Consent.objects.holding("surveys").count() == 1


def test_settings_note_only_ones_own_and_a_look_notes_nothing(sign_in, owner, client):
    assert client.post(SAVE, {"surveys": "on"}).status_code == 302
    assert sign_in(owner).get(SAVE).status_code == 405

    assert not Consent.objects.exists()


def test_link_takes_it_back_with_one_tap_and_a_look_does_not(client):
    consent = ConsentFactory(address="kaisa@company.example")

    assert "No more surveys?" in client.get(link("Kaisa@company.example")).content.decode()
    assert Consent.objects.holding("surveys").exists()
    for _ in range(2):
        assert "You are asked no more" in client.post(link("kaisa@company.example")).content.decode()

    consent.refresh_from_db()
    assert consent.withdrawn_how == "link"
    assert "There is nothing to take back." in client.get(link("kaisa@company.example")).content.decode()
    assert AuditEvent.objects.get(action="members.consent_withdrawn").details["how"] == "link"


@pytest.mark.parametrize("change", [lambda token: token[:-4], lambda token: "x" + token, lambda _: "nowhere"])
def test_forged_link_takes_nothing_back(client, change):
    ConsentFactory(address="kaisa@company.example")
    *start, token, end = link("kaisa@company.example").split("/")

    response = client.post("/".join([*start, change(token), end]))

    assert response.status_code == 404
    assert "It may have been cut short" in response.content.decode()
    assert Consent.objects.holding("surveys").exists()


def test_invitation_asks_without_a_tick(client, home):
    invitation = InvitationFactory(email="ny@company.example")
    page = client.get("/members/accept/", {"key": invitation.key})
    assert box(page).get("checked") is None

    client.post("/members/accept/", {"key": invitation.key, "name": "Ny Person", "surveys": "on"})

    consent = Consent.objects.get()
    assert (consent.address, consent.how) == ("ny@company.example", "invitation")


def test_invitation_without_a_tick_is_no_consent(client, home):
    invitation = InvitationFactory()

    client.post("/members/accept/", {"key": invitation.key, "name": "Ny Person"})

    invitation.refresh_from_db()
    assert invitation.accepted_at
    assert not Consent.objects.exists()


def test_download_of_ones_data_holds_what_was_agreed(sign_in, owner, organisation):
    ConsentFactory(address=owner.email)

    held = sign_in(owner).get(f"/members/{organisation.slug}/data.json").json()["held"]

    (consents,) = [each["rows"] for each in held if each["rows_of"] == "members.consent"]
    assert [(each["address"], each["purpose"], each["wording"]) for each in consents] == [(owner.email, "surveys", 1)]


def test_words_of_every_consent_are_kept():
    """A purpose without words, or a number that is gone, would leave a consent that proves nothing."""
    for purpose in Consent.Purpose.values:
        numbers = sorted(consents.WORDINGS[purpose])
        assert numbers == list(range(1, len(numbers) + 1))
        assert all(str(consents.words(purpose, number)) for number in numbers)


def test_database_keeps_one_that_holds_and_how_it_ended():
    ConsentFactory(address="kaisa@company.example")
    for wrong in (
        {"address": "kaisa@company.example"},
        {"address": "Upper@company.example"},
        {"withdrawn_how": "link"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            ConsentFactory(**wrong)
