"""An application from its first tap: who may start it, its number, opened again, withdrawn."""

from datetime import timedelta
from itertools import count

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.actions import Refused
from core.models import AuditEvent, Mail
from funding.actions import applications as actions
from funding.actions import submissions
from funding.models import Application, FundingCall, Partner
from tests.factories.funding import ApplicationFactory, FunderFactory, FundingCallFactory, PartnerFactory
from tests.factories.members import MembershipFactory, OrganisationFactory
from tests.funding.applying import call_with_funders, ground
from tests.queries import assert_constant_queries


def test_draft_has_its_lead_as_first_partner_and_the_only_funder_that_can_pay(owner, organisation):
    call, swedish, _estonian = call_with_funders()

    application = actions.start(call=call, organisation=organisation, by=owner)

    own = application.partners.get()
    assert (own.is_lead, own.name, own.country, own.status, own.funder) == (
        True, "Ålgräs Robotics", "SE", Partner.Status.CONFIRMED, swedish,
    )  # fmt: skip
    event = AuditEvent.objects.get(action="funding.application_started")
    assert (event.actor_label, event.organisation_id) == ("Olivia Owner", organisation.pk)


def test_numbers_count_in_the_call_and_a_second_tap_finds_the_bare_draft(owner, organisation):
    call, other = FundingCallFactory(code="ONE"), FundingCallFactory(code="TWO")

    first = actions.start(call=call, organisation=organisation, by=owner)
    again = actions.start(call=call, organisation=organisation, by=owner)
    Application.objects.filter(pk=first.pk).update(title="Begun")
    second = actions.start(call=call, organisation=organisation, by=owner)
    elsewhere = actions.start(call=other, organisation=organisation, by=owner)

    assert first == again
    assert [each.reference for each in (first, second, elsewhere)] == ["ONE-001", "ONE-002", "TWO-001"]


@pytest.mark.parametrize("who", ["viewer", "outsider", "manager", "evaluator"])
def test_only_owners_and_editors_start_for_their_organisation(request, organisation, who):
    with pytest.raises(PermissionDenied):
        actions.start(call=FundingCallFactory(), organisation=organisation, by=request.getfixturevalue(who))

    assert not Application.objects.exists()


@pytest.mark.parametrize("state", ["draft", "announced", "in_review", "decided"])
def test_call_that_is_not_open_takes_no_application(sign_in, owner, organisation, state):
    call = FundingCallFactory(**{state: True})

    with pytest.raises(Refused, match="takes no applications now"):
        actions.start(call=call, organisation=organisation, by=owner)
    answer = sign_in(owner).post(reverse("funding:apply", args=[call.slug]))

    assert answer.status_code == (404 if state == "draft" else 302)
    assert not Application.objects.exists()


def test_organisation_without_a_country_is_told_where_to_say_it(sign_in, owner, organisation):
    type(organisation).objects.filter(pk=organisation.pk).update(country="")
    call = FundingCallFactory()

    page = sign_in(owner).post(reverse("funding:apply", args=[call.slug]), follow=True).content.decode()

    assert "Say in the profile of Ålgräs Robotics in which country it is." in page


def test_whoever_is_of_two_organisations_names_one(sign_in, owner, organisation):
    second = MembershipFactory(user=owner, organisation=OrganisationFactory(name="Second")).organisation
    call = FundingCallFactory()
    FunderFactory(call=call)
    client = sign_in(owner)

    assert client.post(reverse("funding:apply", args=[call.slug])).status_code == 404
    client.post(reverse("funding:apply", args=[call.slug]), {"organisation": second.pk})

    assert Application.objects.get().lead == second


def test_list_shows_own_ones_and_those_one_takes_part_in_and_no_others(sign_in, owner, organisation, outsider):
    ours, theirs = ApplicationFactory(lead=organisation, title="Ours"), ApplicationFactory(title="Theirs")
    with_us = ApplicationFactory(title="With us")
    for application, status in ((with_us, "invited"), (ApplicationFactory(title="Not asked yet"), "draft")):
        Partner.objects.create(
            application=application, organisation=organisation, name="Ålgräs Robotics", country="SE", status=status
        )

    page = sign_in(owner).get(reverse("funding:applications")).content.decode()

    assert "Ours" in page
    assert "With us" in page
    assert "Theirs" not in page
    assert "Not asked yet" not in page
    assert {ours, with_us} == set(Application.objects.visible_to(owner))
    assert not Application.objects.visible_to(outsider).exists()
    assert theirs.pk


def test_evaluators_have_no_list(sign_in, evaluator):
    assert sign_in(evaluator).get(reverse("funding:applications")).status_code == 403


def test_what_was_handed_in_counts_while_it_is_amended(sign_in, owner, organisation):
    g = ground(organisation)
    first = submissions.submit(application=g.application, by=owner)
    client = sign_in(owner)

    page = client.post(reverse("funding:amend", args=["ATW-001"]), follow=True).content.decode()
    client.post(reverse("funding:amend", args=["ATW-001"]))

    assert "What you handed in still counts" in page
    assert "This version counts" in client.get(reverse("funding:receipt", args=["ATW-001"])).content.decode()
    assert Application.objects.handed_in().get() == g.application
    assert AuditEvent.objects.filter(action="funding.application_amended").count() == 1
    Application.objects.filter(pk=g.application.pk).update(title="Clearer water")
    again = submissions.submit(application=g.application, by=owner)
    assert (first.number, first.content["title"]) == (1, "Clear water")
    assert (again.number, again.content["title"]) == (2, "Clearer water")


def test_nothing_is_amended_after_the_deadline(owner, organisation):
    g = ground(organisation)
    submissions.submit(application=g.application, by=owner)
    FundingCall.objects.update(deadline=timezone.now() - timedelta(seconds=1))

    with pytest.raises(Refused, match="What was handed in before it counts"):
        actions.amend(application=g.application, by=owner)


def test_withdrawn_application_says_why_and_partners_are_told_once(sign_in, owner, organisation):
    g = ground(organisation)
    address = reverse("funding:withdraw_application", args=["ATW-001"])
    client = sign_in(owner)

    assert "id_why_error" in client.post(address, {"why": " "}).content.decode()
    page = client.post(address, {"why": "No <b>time</b>."}, follow=True).content.decode()
    client.post(address, {"why": "Again."})

    assert "No &lt;b&gt;time&lt;/b&gt;." in page
    g.application.refresh_from_db()
    assert (g.application.status, g.application.why_withdrawn) == ("withdrawn", "No <b>time</b>.")
    mail = Mail.objects.get(key__startswith="application-withdrawn:")
    assert (mail.to, "No <b>time</b>." in mail.text) == ("kadri@emajoe.example", True)
    assert AuditEvent.objects.filter(action="funding.application_withdrawn").count() == 1


def test_decided_call_lets_nobody_withdraw(owner, organisation):
    g = ground(organisation)
    FundingCall.objects.update(status="decided", decided_at=timezone.now())

    with pytest.raises(Refused, match="The call is decided"):
        actions.withdraw(application=g.application, why="Late.", by=owner)


def test_draft_that_missed_the_deadline_says_so_and_stays_readable(sign_in, owner, organisation):
    g = ground(organisation)
    FundingCall.objects.update(deadline=timezone.now() - timedelta(seconds=1))

    page = sign_in(owner).get(reverse("funding:application", args=["ATW-001"])).content.decode()
    project = sign_in(owner).get(reverse("funding:project", args=["ATW-001"])).content.decode()

    assert "It was not handed in" in page
    assert "Clean it together." in page
    assert "A filter for small lakes." in project
    assert g.application.status == "draft"


def test_button_stands_on_an_open_call_for_those_who_may_apply(sign_in, client, owner, viewer, organisation):
    call = FundingCallFactory(slug="open-one")
    FunderFactory(call=call)
    path = reverse("funding:call", args=[call.slug])

    assert "Start an application" in sign_in(owner).get(path).content.decode()
    assert "Start an application" in sign_in(owner).get(reverse("funding:applications")).content.decode()
    for other in (sign_in(viewer), client):
        assert "Start an application" not in other.get(path).content.decode()
    FundingCall.objects.update(deadline=timezone.now() - timedelta(seconds=1))
    assert "Start an application" not in sign_in(owner).get(path).content.decode()


def test_begun_application_is_gone_on_with_and_another_starts_only_where_the_call_allows_it(
    sign_in, owner, organisation
):
    call = FundingCallFactory(slug="open-one", code="ONE")
    FunderFactory(call=call)
    begun = ApplicationFactory(call=call, lead=organisation, title="Clean <i>water</i>")
    client, path = sign_in(owner), reverse("funding:call", args=[call.slug])
    for address in (path, reverse("funding:applications")):
        page = " ".join(client.get(address).content.decode().split())
        assert f'href="{begun.get_absolute_url()}">Go on with your application</a>' in page, address
        assert "Clean &lt;i&gt;water&lt;/i&gt;: Draft" in page
        assert "Start another application" in page
        assert "Start an application" not in page
    FundingCall.objects.update(one_consortium_only=True)
    page = client.get(path).content.decode()

    assert "Go on with your application" in page
    assert "Start another application" not in page
    answer = client.post(reverse("funding:apply", args=[call.slug]), follow=True).content.decode()
    assert "has an application already: ONE-" in answer
    assert Application.objects.count() == 1
    Application.objects.update(status="withdrawn", withdrawn_at=timezone.now())
    assert "Start an application" in client.get(path).content.decode()


def test_calls_beside_the_list_take_the_same_few_queries(sign_in, owner, organisation):
    def more() -> None:
        call = FundingCallFactory()
        FunderFactory(call=call)
        ApplicationFactory(call=call, lead=organisation)

    client = sign_in(owner)
    assert_constant_queries(
        lambda: client.get(reverse("funding:applications")),
        more,
        at_most=13,
        shows=lambda response: len(response.context["open_calls"]),
    )


def test_list_needs_the_same_few_queries_however_long_it_is(sign_in, owner, organisation):
    client, numbers = sign_in(owner), count(1)
    assert_constant_queries(
        lambda: client.get(reverse("funding:applications")),
        lambda: ApplicationFactory(lead=organisation, number=next(numbers)),
        at_most=13,
        shows=lambda response: len(response.context["rows"]),
    )


@pytest.mark.parametrize("name", ["partners", "project", "budget", "check"])
def test_pages_need_the_same_queries_however_many_partners(sign_in, owner, organisation, name):
    g = ground(organisation)
    client, counts = sign_in(owner), []
    for _ in range(2):
        address = reverse(f"funding:{name}", args=["ATW-001"])
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts.append(len(queries))
        for _ in range(5):
            PartnerFactory(application=g.application, funder=g.estonian, confirmed=True)

    assert counts[0] == counts[1]
