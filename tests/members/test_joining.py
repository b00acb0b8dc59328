"""Asking to join from outside."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from core.models import AuditEvent, Mail
from members.actions import joining as actions
from members.models import Invitation, JoinRequest, Organisation
from tests.factories.members import JoinRequestFactory
from tests.queries import assert_constant_queries

JOIN = reverse("members:join")
ASKED = {"name": "Per Sjö", "email": "Per@Sjo.example", "organisation_name": "Sjö Marin", "website": "sjo.example",
         "message": "We electrify ferries."}  # fmt: skip


def test_request_reaches_every_manager(client, manager, evaluator):
    response = client.post(JOIN, ASKED)

    assert "Your request has arrived" in response.content.decode()
    asked = JoinRequest.objects.get()
    assert (asked.email, asked.website) == ("per@sjo.example", "https://sjo.example")
    assert [mail.to for mail in Mail.objects.all()] == [manager.email]
    assert "We electrify ferries." in Mail.objects.get().text
    assert AuditEvent.objects.filter(action="members.asked_to_join").count() == 1


def test_second_request_waits_with_the_first(client, manager):
    client.post(JOIN, ASKED)
    response = client.post(JOIN, ASKED | {"name": "Per Again"})

    assert "Your request is waiting" in response.content.decode()
    assert JoinRequest.objects.get().name == "Per Sjö"
    assert Mail.objects.count() == 1


def test_request_after_an_answer_is_a_new_one(client, manager):
    client.post(JOIN, ASKED)
    actions.decline_join_request(join_request=JoinRequest.objects.get(), sentence="", by=manager)
    client.post(JOIN, ASKED)

    assert JoinRequest.objects.waiting().count() == 1
    assert JoinRequest.objects.count() == 2


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("email", "nobody", "Write an e-mail address"),
        ("name", "", "We need this."),
        ("organisation_name", "x" * 201, "at most 200 characters"),
        ("website", "not a site", "Write a web address"),
        ("message", "x" * 2001, "at most 2000 characters"),
    ],
)
def test_request_keeps_what_was_typed(field, value, reason, client, db):
    page = client.post(JOIN, ASKED | {field: value}).content.decode()

    assert reason in page
    assert 'value="Per Sjö"' in page or field == "name"
    assert not JoinRequest.objects.exists()


def test_requests_are_limited_by_address(client, db):
    answers = [client.post(JOIN, ASKED | {"email": f"p{n}@sjo.example"}) for n in range(6)]

    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert "That was sent too often" in answers[-1].content.decode()
    assert JoinRequest.objects.count() == 5
    assert client.get(JOIN).status_code == 200


def test_limit_counts_the_client_behind_a_declared_proxy(client, db, settings):
    settings.BEHIND_PROXY = True
    for n in range(6):
        answer = client.post(
            JOIN, ASKED | {"email": f"p{n}@sjo.example"}, headers={"X-Forwarded-For": f"10.0.0.9, 192.0.2.{n}"}
        )
        assert answer.status_code == 200


def test_limit_believes_nobody_else(client, db):
    for n in range(6):
        answer = client.post(JOIN, ASKED | {"email": f"p{n}@sjo.example"}, headers={"X-Forwarded-For": f"192.0.2.{n}"})

    assert answer.status_code == 429


def test_markup_in_a_request_is_shown_as_text(sign_in, manager):
    asked = JoinRequestFactory(organisation_name="<script>alert(1)</script>", message="<b>bold</b>")

    page = sign_in(manager).get(reverse("members:join_request", args=[asked.pk])).content.decode()

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "&lt;b&gt;bold&lt;/b&gt;" in page


def test_approving_with_a_new_organisation_sends_the_invitation(sign_in, manager):
    asked = JoinRequestFactory(email="per@sjo.example", name="Per Sjö", organisation_name="Sjö Marin")
    url = reverse("members:join_request", args=[asked.pk])
    assert 'value="Sjö Marin"' in sign_in(manager).get(url).content.decode()

    sign_in(manager).post(
        reverse("members:approve", args=[asked.pk]),
        {"new_name": "Sjö Marin", "new_kind": "company", "new_country": "SE", "role": "owner"},
    )

    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.name, invitation.role) == ("per@sjo.example", "Per Sjö", "owner")
    assert invitation.organisation == Organisation.objects.get(name="Sjö Marin")
    asked.refresh_from_db()
    assert (asked.approved, asked.decided_by) == (True, manager)
    assert "Maja Manager answered on" in sign_in(manager).get(url).content.decode()


def test_approving_into_an_organisation_that_is_there(sign_in, manager, organisation):
    asked = JoinRequestFactory()

    sign_in(manager).post(
        reverse("members:approve", args=[asked.pk]), {"organisation": organisation.pk, "role": "viewer"}
    )

    assert Invitation.objects.get().organisation == organisation


def test_approving_needs_an_organisation(sign_in, manager):
    asked = JoinRequestFactory()

    page = sign_in(manager).post(reverse("members:approve", args=[asked.pk]), {"role": "owner"}).content.decode()

    assert "Choose an organisation, or write the name of a new one." in page
    assert JoinRequest.objects.waiting().exists()


def test_declining_sends_the_sentence(sign_in, manager):
    asked = JoinRequestFactory(email="per@sjo.example")

    sign_in(manager).post(reverse("members:decline", args=[asked.pk]), {"sentence": "We work with <industry> only."})

    mail = Mail.objects.get()
    assert mail.to == "per@sjo.example"
    assert "We work with <industry> only." in mail.text
    assert "We work with &lt;industry&gt; only." in mail.html
    assert AuditEvent.objects.filter(action="members.join_request_declined").count() == 1


@pytest.mark.parametrize("first", ["approve", "decline"])
def test_second_answer_is_refused_and_changes_nothing(first, sign_in, manager):
    asked = JoinRequestFactory()
    sign_in(manager).post(reverse(f"members:{first}", args=[asked.pk]), {"new_name": "One", "role": "owner"})

    for second in ("approve", "decline"):
        url = reverse(f"members:{second}", args=[asked.pk])
        page = sign_in(manager).post(url, {"new_name": "Two", "role": "owner"}, follow=True)
        assert "Somebody has answered this request already." in page.content.decode()

    assert not Organisation.objects.filter(name="Two").exists()
    assert Mail.objects.count() == 1


@pytest.mark.parametrize("who", ["owner", "outsider", "evaluator"])
def test_answers_by_others_are_refused(who, request, organisation):
    by, asked = request.getfixturevalue(who), JoinRequestFactory()
    with pytest.raises(PermissionDenied):
        actions.decline_join_request(join_request=asked, sentence="", by=by)
    with pytest.raises(PermissionDenied):
        actions.approve_join_request(join_request=asked, organisation=organisation, new=None, role="owner", by=by)

    assert JoinRequest.objects.waiting().exists()


def test_request_list_asks_the_same_number_of_questions(sign_in, manager):
    client = sign_in(manager)

    assert_constant_queries(
        lambda: client.get(reverse("members:join_requests")),
        JoinRequestFactory,
        at_most=12,
        shows=lambda response: response.content.decode().count("Applying company"),
    )
