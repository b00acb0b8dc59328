"""Bringing colleagues, the list of who comes, support, the file, and the link in the mail."""

import csv
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from core.actions import Refused
from core.models import AuditEvent
from programme import registration_links
from programme.actions import attendance
from tests.client import htmx
from tests.factories.members import OrganisationFactory
from tests.factories.programme import ActivityFactory, RegistrationFactory
from tests.programme.ground import member, signed_up
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db


def url(name, activity, *more):
    return reverse(f"programme:{name}", args=[activity.slug, *more])


def under_way(**facts):
    return ActivityFactory(starts_at=timezone.now() - timedelta(hours=1), **facts)


def bring(client, activity, company, people):
    return client.post(url("activity_bring", activity), {"organisation": company.pk, "people": people})


def test_hosts_stand_in_a_line_of_two_parts(sign_in, manager):
    activity = ActivityFactory()
    activity.hosts.create(organisation=OrganisationFactory(partner=True, name="Emajõe Cluster"), does="Lends the room")

    page = sign_in(manager).get(url("activity_hosts", activity)).content.decode()

    # Without its own sheet the name is squeezed into the narrow column of the day.
    assert "css/programme.css" in page
    line = page.partition('<li class="list-row two-part">')[2].partition("</li>")[0]
    assert "Emajõe Cluster" in line
    assert "Lends the room" in line


def test_before_it_begins_nobody_is_counted_as_there(sign_in, manager):
    activity = ActivityFactory()
    RegistrationFactory(activity=activity)

    assert "Were there" not in sign_in(manager).get(url("activity_people", activity)).content.decode()


def test_colleagues_are_signed_up_by_name_and_address_in_lines(sign_in, owner):
    activity, company = ActivityFactory(places=2), owner.memberships.get().organisation
    people = "Anna Berg, Anna@Company.example\n\nBo Ek <bo@company.example>\nCia Dahl;cia@company.example"

    bring(sign_in(owner), activity, company, people)

    assert list(activity.registrations.order_by("pk").values_list("person", "email", "status")) == [
        ("Anna Berg", "anna@company.example", "registered"),
        ("Bo Ek", "bo@company.example", "registered"),
        ("Cia Dahl", "cia@company.example", "waiting"),
    ]


def test_every_line_with_a_fault_is_named_and_nobody_is_signed_up(sign_in, owner):
    activity, company = ActivityFactory(), owner.memberships.get().organisation
    lines = [
        "Anna Berg, anna@company.example", "Bo Ek", "cia@company.example", "Dan, dan@nowhere",
        "Eva, anna@company.example", "Two, a@x.example b@x.example", "<script>alert(1)</script>",
        f"{'x' * 121}, f@company.example",
    ]  # fmt: skip
    people = "\n".join(lines)

    page = bring(sign_in(owner), activity, company, people).content.decode()

    for said in (
        "Line 2, “Bo Ek”: the address is missing.", "Line 3, “cia@company.example”: the name is missing.",
        "Line 4, “Dan, dan@nowhere”: dan@nowhere is no e-mail address.",
        "Line 5, “Eva, anna@company.example”: this address stands in the list twice.",
        "Line 6, “Two, a@x.example b@x.example”: there are several addresses.", "the name is too long.",
    ):  # fmt: skip
        assert said in page
    assert "<script>alert(1)" not in page
    assert "Anna Berg, anna@company.example" in page
    assert not activity.registrations.exists()


def test_too_many_lines_and_empty_ones_are_told(sign_in, owner):
    activity, company = ActivityFactory(), owner.memberships.get().organisation
    client = sign_in(owner)

    many = "\n".join(f"P {n}, p{n}@company.example" for n in range(51))
    assert "These are 51 lines. Write 50 at once" in bring(client, activity, company, many).content.decode()
    assert "Write at least one name and address." in bring(client, activity, company, " ;\n, \n").content.decode()


def test_what_the_list_refuses_stands_at_the_field_and_the_lines_stay(sign_in, owner, outsider):
    activity, company = ActivityFactory(), owner.memberships.get().organisation
    signed_up(activity, outsider)

    page = bring(sign_in(owner), activity, company, f"Anna, {outsider.email}").content.decode()

    at_field = page.partition('id="id_people_error"')[2].partition("</ul>")[0]
    assert f"{outsider.email} is on the list of this activity already." in at_field
    assert f"Anna, {outsider.email}</textarea>" in page


def test_other_organisations_cannot_be_brought(sign_in, owner, outsider):
    activity, other = ActivityFactory(), outsider.memberships.get().organisation

    page = bring(sign_in(owner), activity, other, "Anna, anna@company.example").content.decode()

    assert "Choose from the list." in page
    assert not activity.registrations.exists()


def test_registration_of_another_organisation_is_not_there(sign_in, owner, outsider):
    activity = ActivityFactory()
    other = signed_up(activity, outsider)

    response = sign_in(owner).post(url("activity_unregister", activity, other.pk))

    other.refresh_from_db()
    assert (response.status_code, other.status) == (404, "registered")


def test_lead_marks_who_was_there_on_the_phone_and_takes_it_back(sign_in, home):
    activity = under_way()
    registration, leads = RegistrationFactory(activity=activity), member(organisation=activity.lead)
    client, tap = sign_in(leads), url("activity_attended", activity, registration.pk)
    page = client.get(url("activity_people", activity)).content.decode()
    assert registration.person in page
    assert registration.email not in page  # the team writes to them

    line = client.post(tap, {"attended": "yes"}, headers=htmx(f"r{registration.pk}"))
    client.post(tap, {"attended": "yes"})

    registration.refresh_from_db()
    assert registration.attended is True
    assert "<html" not in line.content.decode()
    assert "Was there" in line.content.decode()
    assert AuditEvent.objects.filter(action="programme.attended", actor_id=leads.pk).count() == 1
    client.post(tap, {"attended": "unknown"})
    registration.refresh_from_db()
    assert registration.attended is None
    refused = client.post(tap, {"attended": "maybe"}, headers=htmx(f"r{registration.pk}"))
    assert "Choose one of the buttons." in refused.content.decode()


def test_marks_are_of_those_with_a_place_from_the_beginning_on(manager):
    early, waiting = RegistrationFactory(), RegistrationFactory(activity=under_way(), waiting=True)

    with pytest.raises(Refused, match="from the moment it begins"):
        attendance.mark(registration=early, attended=True, by=manager)
    with pytest.raises(Refused, match="has no place"):
        attendance.mark(registration=waiting, attended=True, by=manager)


def test_support_is_noted_by_the_team_up_to_the_cost(sign_in, manager):
    activity = under_way(cost_eur=400, support_eur=150)
    registration = RegistrationFactory(activity=activity)
    client, save = sign_in(manager), url("activity_support", activity, registration.pk)

    client.post(save, {"amount": "150.50"})
    registration.refresh_from_db()
    assert registration.support_eur == Decimal("150.50")

    for amount, said in (("400.01", "not more than that"), ("-1", "as a number"), ("a lot", "as a number")):
        assert said in client.post(save, {"amount": amount}, follow=True).content.decode()
    client.post(save, {"amount": ""})
    registration.refresh_from_db()
    assert registration.support_eur is None
    assert AuditEvent.objects.filter(action="programme.support_paid").count() == 2


def test_costs_are_added_up(sign_in, manager):
    activity = under_way(cost_eur=400, support_eur=150)
    RegistrationFactory(activity=activity, attended=True, support_eur=150)
    RegistrationFactory(activity=activity, attended=False)
    RegistrationFactory(activity=activity, waiting=True)

    page = sign_in(manager).get(url("activity_people", activity)).content.decode()

    for told in ("1 of 2 who take part", "EUR 800", "EUR 300", "EUR 150", "for 1 person"):
        assert told in page


def test_nobody_but_team_and_lead_takes_attendance_and_nobody_but_the_team_pays(owner, viewer, evaluator):
    registration = RegistrationFactory(activity=under_way(cost_eur=400))
    lead, lead_viewer = (member(role, organisation=registration.activity.lead) for role in ("owner", "viewer"))

    for by in (owner, viewer, evaluator, lead_viewer):
        with pytest.raises(PermissionDenied):
            attendance.mark(registration=registration, attended=True, by=by)
    for by in (owner, evaluator, lead):
        with pytest.raises(PermissionDenied):
            attendance.pay_support(registration=registration, amount=Decimal(1), by=by)


def test_file_holds_everybody_and_no_formula(sign_in, manager):
    activity = under_way(slug="mission")
    RegistrationFactory(activity=activity, person="=HYPERLINK(1)", attended=True, support_eur=Decimal("10.50"))
    RegistrationFactory(activity=activity, person="@SUM(A1)", status="cancelled")

    response = sign_in(manager).get(url("activity_export", activity))

    text = b"".join(response.streaming_content).decode("utf-8-sig")
    head, first, second = csv.reader(text.splitlines())
    assert head[:4] == ["Organisation", "Person", "E-mail address", "State"]
    assert first[1] == "'=HYPERLINK(1)"
    assert first[3:4] + first[5:] == ["Takes part", "yes", "10.50"]
    assert (second[1], second[3]) == ("'@SUM(A1)", "Cancelled")


def test_list_asks_the_same_number_of_questions_however_many_come(sign_in, manager):
    activity, client = under_way(places=None, cost_eur=5), sign_in(manager)

    assert_constant_queries(
        lambda: client.get(url("activity_people", activity)),
        lambda: RegistrationFactory(activity=activity),
        at_most=13,
        shows=lambda response: len(response.context["taking_part"]),
    )


def test_link_in_the_mail_shows_and_cancels_without_an_account(client, owner):
    activity = ActivityFactory(places=1)
    registration, waiting = signed_up(activity, owner), signed_up(activity, member())
    link = reverse("programme:registration", args=[registration_links.token_of(registration)])
    assert "You take part" in client.get(link).content.decode()
    registration.refresh_from_db()
    assert registration.status == "registered"  # looking cancels nothing

    for _ in range(2):
        page = client.post(link, follow=True).content.decode()

    assert "You do not take part" in page
    assert "Into my calendar" not in page
    waiting.refresh_from_db()
    assert waiting.status == "registered"
    event = AuditEvent.objects.get(action="programme.unregistered")
    assert (event.actor_label, event.details["by_link"]) == ("The portal", True)


@pytest.mark.parametrize("how", ["cut", "changed", "other salt", "nonsense", "gone"])
def test_forged_links_open_nothing(client, owner, how):
    registration, other = signed_up(ActivityFactory(), owner), signed_up(ActivityFactory(), owner)
    token, of_other = (registration_links.token_of(each) for each in (registration, other))
    if how == "gone":
        registration.delete()
    forged = {
        "cut": token[:-3],
        "changed": of_other.partition(":")[0] + ":" + token.partition(":")[2],
        "other salt": signing.Signer(salt="x").sign_object([registration.pk]),
        "nonsense": "%00:x",
        "gone": token,
    }[how]

    for response in (
        client.get(reverse("programme:registration", args=[forged])),
        client.post(reverse("programme:registration", args=[forged])),
    ):
        assert response.status_code == 404
        assert "This link is not complete" in response.content.decode()
    other.refresh_from_db()
    assert other.status == "registered"


def test_link_of_what_was_or_does_not_take_place_says_so_and_cancels_nothing(client):
    begun = RegistrationFactory(activity=under_way())
    off = RegistrationFactory(activity=ActivityFactory(status="cancelled", why_cancelled="Ice on the sea."))
    tokens = [reverse("programme:registration", args=[registration_links.token_of(each)]) for each in (begun, off)]

    assert "I cannot come" not in client.get(tokens[0]).content.decode()
    assert "This activity has begun." in client.post(tokens[0], follow=True).content.decode()
    assert "Ice on the sea." in client.get(tokens[1]).content.decode()
    begun.refresh_from_db()
    assert begun.status == "registered"
