"""What the portal holds, who saw it, and one's own settings."""

import json
import re

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from core.models import AuditEvent, Mail, MailStop
from members.actions import invitations, organisations, people
from members.models import User
from tests.factories.members import InvitationFactory
from tests.queries import assert_constant_queries


def data_url(organisation, name="data"):
    return reverse(f"members:{name}", args=[organisation.slug])


def rows_of(response) -> dict[str, list[dict[str, object]]]:
    """What a downloaded file holds, by kind of row."""
    held: dict[str, list[dict[str, object]]] = {}
    for each in json.loads(response.content)["held"]:
        assert each["purpose"]
        assert each["kept_for"]
        held.setdefault(each["rows_of"], []).extend(each["rows"])
    return held


def test_our_data_tells_who_did_what(sign_in, owner, manager, organisation):
    organisations.change_profile(organisation=organisation, by=manager, summary="New", kinds=["event"])
    organisations.note_export(count=3, by=manager)
    sign_in(manager).get(organisation.get_absolute_url())

    page = sign_in(owner).get(data_url(organisation)).content.decode()

    assert "Changed the profile: kinds of opportunity and what we do" in page
    assert "Looked at the page of the organisation" in page
    assert "Exported the list of organisations" in page
    assert "Maja Manager" in page


def test_our_data_tells_nothing_of_others(sign_in, owner, outsider, organisation):
    other = outsider.own_membership.organisation
    organisations.change_profile(organisation=other, by=outsider, summary="Secret plans")

    page = sign_in(owner).get(data_url(organisation)).content.decode()

    assert "Olof Outsider" not in page
    assert "Changed the profile" not in page


def test_download_holds_the_own_data_and_nobody_elses(sign_in, owner, colleague, outsider, organisation):
    InvitationFactory(organisation=organisation, email="anna@new.example")

    response = sign_in(owner).get(data_url(organisation, "download"))

    held = rows_of(response)
    assert held["members.organisation"][0]["name"] == "Ålgräs Robotics"
    assert held["members.profile"][0]["markets"] == []
    assert [person["user__email"] for person in held["members.membership"]] == [owner.email, colleague.email]
    assert held["members.invitation"][0]["email"] == "anna@new.example"
    assert response["Content-Disposition"].startswith('attachment; filename="algras-robotics-')
    assert "key-" not in response.content.decode()
    assert "Tallskog" not in response.content.decode()
    assert AuditEvent.objects.filter(action="members.downloaded", actor_id=owner.pk).count() == 1


def test_our_data_asks_the_same_number_of_questions(sign_in, owner, organisation):
    client = sign_in(owner)
    texts = iter(range(100))

    assert_constant_queries(
        lambda: client.get(data_url(organisation)),
        lambda: organisations.change_profile(organisation=organisation, by=owner, summary=f"{next(texts)}"),
        at_most=75,
        shows=lambda response: response.content.decode().count("Changed the profile"),
    )


def test_action_of_another_room_is_named(sign_in, owner, organisation):
    AuditEvent.objects.create(
        actor_label="Maja", action="opportunities.handed_over", object_type="x", object_label="Sewer robots",
        organisation_id=organisation.pk,
    )  # fmt: skip

    assert "Handed over: Sewer robots" in sign_in(owner).get(data_url(organisation)).content.decode()


# Settings


def test_person_changes_the_own_name(sign_in, owner):
    sign_in(owner).post(reverse("members:settings"), {"name": "Olivia Ek"})

    assert User.objects.get(pk=owner.pk).name == "Olivia Ek"
    assert AuditEvent.objects.filter(action="members.renamed").count() == 1


def test_nobody_renames_another(owner, manager):
    with pytest.raises(PermissionDenied):
        people.rename(user=owner, name="X", by=manager)


def test_name_that_is_too_long_is_refused(sign_in, owner):
    page = sign_in(owner).post(reverse("members:settings"), {"name": "x" * 121}).content.decode()

    assert "at most 120 characters" in page
    assert User.objects.get(pk=owner.pk).name == "Olivia Owner"


def test_stopped_mails_are_listed_and_start_again(sign_in, owner):
    MailStop.objects.create(address=owner.email, kind="hand-over")
    MailStop.objects.create(address="olof@tallskog.example", kind="invitation")
    client = sign_in(owner)

    page = client.get(reverse("members:settings")).content.decode()
    assert "Opportunities that your cluster manager hands over" in page
    assert "Invitations" not in page

    client.post(reverse("members:start_mail", args=["hand-over"]))
    client.post(reverse("members:start_mail", args=["hand-over"]))
    assert [stop.address for stop in MailStop.objects.all()] == ["olof@tallskog.example"]
    assert AuditEvent.objects.filter(action="members.mail_started_again").count() == 1


def test_link_at_the_foot_of_a_mail_stops_its_kind(client, owner, organisation):
    invitations.invite(email="anna@new.example", name="", organisation=organisation, role="viewer", by=owner)
    sent = Mail.objects.get()
    link = re.search(r"/mail/stop/[^/]+/", sent.text).group()
    assert f"http://127.0.0.1:8000{link}" in sent.html

    client.post(link)

    assert MailStop.objects.get().kind == "invitation"
