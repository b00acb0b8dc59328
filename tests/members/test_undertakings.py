"""Linked companies: what an organisation says, and which are one single undertaking."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from lxml import html

from core.actions import Refused
from core.models import AuditEvent
from members.actions import undertakings
from members.models import LinkedCompany, Organisation, Undertaking
from tests.factories.members import OrganisationFactory
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db

SAID = {"name": "Klarflod Holding", "country": "SE", "link": "votes"}


def url(name: str, *args: object) -> str:
    return reverse(f"members:{name}", args=args)


def text_of(response) -> str:
    return " ".join(html.fromstring(response.content).xpath("string(//main)").split())


def together(*organisations: Organisation) -> bool:
    found = set(Organisation.objects.filter(pk__in=[o.pk for o in organisations]).values_list("undertaking", flat=True))
    return len(found) == 1 and None not in found


def test_owner_names_linked_companies_and_the_team_joins_them(sign_in, owner, manager, organisation):
    holding = OrganisationFactory(name="KLARFLOD Holding")
    mine, theirs = sign_in(owner), sign_in(manager)
    mine.post(url("links", organisation.slug), SAID)
    linked = LinkedCompany.objects.get()
    assert linked.organisation == organisation
    assert "An organisation here has this name: KLARFLOD Holding" in text_of(theirs.get(url("undertakings")))

    page = html.fromstring(theirs.get(url("settle_link", linked.pk)).content)
    assert page.xpath("//option[@selected]/@value") == [str(holding.pk)], "the suggestion is chosen beforehand"
    theirs.post(url("settle_link", linked.pk), {"is_organisation": holding.pk})
    assert together(organisation, holding)
    assert "One undertaking with you: KLARFLOD Holding" in text_of(mine.get(url("links", organisation.slug)))
    actions = AuditEvent.objects.filter(organisation_id=organisation.pk).values_list("action", flat=True)
    assert {"members.linked_company_told", "members.link_settled", "members.undertaking_joined"} <= set(actions)


def test_chain_is_one_undertaking_whatever_the_order(manager):
    a, b, c, d = (OrganisationFactory() for _ in range(4))
    undertakings.join(organisations=[a, b], by=manager)
    undertakings.join(organisations=[c, d], by=manager)
    for _ in range(2):
        undertakings.join(organisations=[b, c], by=manager)
    assert together(a, b, c, d)
    assert Undertaking.objects.count() == 1


def test_links_in_a_circle_are_one_undertaking(manager, owner, organisation):
    other = OrganisationFactory(name="Other")
    there = undertakings.tell_linked(organisation=organisation, by=owner, **(SAID | {"name": "Other"}))
    back = LinkedCompany.objects.create(organisation=other, name=organisation.name, country="SE", link="board")
    undertakings.settle_link(linked=there, is_organisation=other, by=manager)
    undertakings.settle_link(linked=back, is_organisation=organisation, by=manager)
    assert together(organisation, other)


def test_separated_organisation_stands_alone_and_the_others_stay(sign_in, manager):
    a, b, c = (OrganisationFactory() for _ in range(3))
    undertakings.join(organisations=[a, b, c], by=manager)
    client = sign_in(manager)
    for _ in range(2):
        client.post(url("separate", b.slug))
    b.refresh_from_db()
    assert b.undertaking is None
    assert together(a, c)
    assert AuditEvent.objects.filter(action="members.undertaking_separated").count() == 1


def test_company_is_not_linked_to_itself(sign_in, manager, owner, organisation):
    client = sign_in(owner)
    response = client.post(url("links", organisation.slug), SAID | {"name": organisation.name.upper()})
    assert "is your own company" in text_of(response)
    linked = LinkedCompany.objects.create(organisation=organisation, name="X", country="SE", link="votes")
    with pytest.raises(Refused, match="not linked to itself"):
        undertakings.settle_link(linked=linked, is_organisation=organisation, by=manager)
    with pytest.raises(Refused, match="two different"):
        undertakings.join(organisations=[organisation, organisation], by=manager)
    page = text_of(sign_in(manager).post(url("join_undertaking"), {"one": organisation.pk, "other": organisation.pk}))
    assert "Choose two different organisations." in page
    assert not Undertaking.objects.exists()


def test_home_cluster_is_joined_with_nobody(manager, home, organisation):
    with pytest.raises(Refused, match="cluster organisation itself"):
        undertakings.join(organisations=[home, organisation], by=manager)


def test_same_company_twice_and_bad_input_keep_what_was_typed(sign_in, owner, organisation):
    client = sign_in(owner)
    client.post(url("links", organisation.slug), SAID)
    for sent, words in (
        (SAID | {"name": "klarflod holding"}, "stands on your list already"),
        (SAID | {"link": "x"}, ""),
    ):
        page = html.fromstring(
            client.post(url("links", organisation.slug), sent | {"registration_number": "<i>"}).content
        )
        assert words in page.xpath("string(//main)")
        assert "<i>" in page.xpath("//main//input/@value")
    assert LinkedCompany.objects.count() == 1


def test_no_links_is_said_and_contradicted_by_none(sign_in, owner, organisation):
    client = sign_in(owner)
    client.post(url("no_links", organisation.slug))
    assert "no company is linked with yours" in text_of(client.get(url("links", organisation.slug)))
    client.post(url("links", organisation.slug), SAID)
    page = text_of(client.post(url("no_links", organisation.slug), follow=True))
    assert "Take the companies on your list away first." in page
    client.post(url("remove_link", organisation.slug, LinkedCompany.objects.get().pk))
    assert not LinkedCompany.objects.exists()


def test_others_neither_tell_nor_join(sign_in, owner, viewer, outsider, evaluator, manager, organisation):
    linked = LinkedCompany.objects.create(organisation=organisation, name="X", country="SE", link="votes")
    for user, status in ((viewer, 403), (outsider, 404), (evaluator, 403), (manager, 403)):
        client = sign_in(user)
        assert client.post(url("links", organisation.slug), SAID).status_code == status, user
        assert client.post(url("remove_link", organisation.slug, linked.pk)).status_code == status, user
        assert client.post(url("no_links", organisation.slug)).status_code == status, user
    for user in (owner, outsider, evaluator):
        client = sign_in(user)
        for name, args in (("settle_link", [linked.pk]), ("join_undertaking", []), ("separate", [organisation.slug])):
            assert client.post(url(name, *args)).status_code == 403, name
        with pytest.raises(PermissionDenied):
            undertakings.join(organisations=[organisation, OrganisationFactory()], by=user)
    assert LinkedCompany.objects.count() == 1
    assert not Undertaking.objects.exists()


def test_link_of_another_organisation_is_not_taken_away(sign_in, owner, organisation):
    strange = LinkedCompany.objects.create(organisation=OrganisationFactory(), name="X", country="SE", link="votes")
    assert sign_in(owner).post(url("remove_link", organisation.slug, strange.pk)).status_code == 404
    assert LinkedCompany.objects.count() == 1


def test_page_of_the_team_takes_a_constant_number_of_queries(sign_in, manager):
    def more() -> None:
        one, other = OrganisationFactory(), OrganisationFactory()
        undertakings.join(organisations=[one, other], by=manager)
        LinkedCompany.objects.create(organisation=one, name=other.name, country="SE", link="votes")

    client = sign_in(manager)
    assert_constant_queries(
        lambda: client.get(url("undertakings")),
        more,
        at_most=18,
        shows=lambda response: response.content.decode().count("An organisation here has this name"),
    )
