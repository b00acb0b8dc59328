"""What a member lets everybody read: said by its owners, changed, and taken back."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from lxml import html

from core.models import AuditEvent
from members import listings
from members.actions import listings as actions
from members.models import Listing, Organisation, Profile
from members.reading import own_data
from tests.factories.brand import ListingFactory
from tests.factories.members import MembershipFactory, OrganisationFactory

pytestmark = pytest.mark.django_db


def page_of(organisation: Organisation) -> str:
    return reverse("members:listing", args=[organisation.slug])


def test_owner_agrees_to_what_is_ticked_and_the_words_are_kept(sign_in, owner, organisation):
    client = sign_in(owner)
    before = html.fromstring(client.get(page_of(organisation)).content)
    assert "Nothing of the organisation is public now." in before.xpath("string(//main)")
    client.post(page_of(organisation), {"fields_shown": ["town", "summary"], "agree": "on"})

    listing = Listing.objects.get()
    assert (listing.organisation, listing.fields, listing.wording) == (organisation, ["town", "summary"], 1)
    assert listing.given_by == owner
    event = AuditEvent.objects.get(action="members.listed", organisation_id=organisation.pk)
    assert event.details == {"fields": ["town", "summary"], "wording": 1}
    page = html.fromstring(client.get(page_of(organisation)).content)
    assert page.xpath("//input[@name='fields_shown'][@checked]/@value") == ["town", "summary"]


def test_without_the_tick_nothing_is_agreed_and_the_choice_stays(sign_in, owner, organisation):
    answer = sign_in(owner).post(page_of(organisation), {"fields_shown": ["markets"]})
    page = html.fromstring(answer.content)

    assert "Tick the box to agree." in page.xpath("string(//main)")
    assert page.xpath("//input[@name='fields_shown'][@checked]/@value") == ["markets"]
    assert not Listing.objects.exists()


def test_another_choice_is_a_new_row_and_the_same_one_is_once(owner, organisation):
    for fields in (["town"], ["town"], ["website", "town"]):
        actions.put_on_list(organisation=organisation, fields=fields, by=owner)

    kept = Listing.objects.order_by("pk").values_list("fields", "withdrawn_at", "withdrawn_by")
    assert [(fields, ended is None) for fields, ended, _by in kept] == [
        (["town"], False),
        (["town", "website"], True),
    ]
    assert AuditEvent.objects.filter(action="members.listed").count() == 2


def test_taken_back_once_and_the_row_stays(sign_in, owner, organisation):
    actions.put_on_list(organisation=organisation, fields=["town"], by=owner)
    client = sign_in(owner)
    for _ in range(2):
        client.post(reverse("members:take_off_list", args=[organisation.slug]))

    row = Listing.objects.get()
    assert (row.withdrawn_by, row.withdrawn_at is not None) == (owner, True)
    assert not Listing.objects.public().exists()
    assert AuditEvent.objects.filter(action="members.unlisted").count() == 1


def test_only_owners_agree_and_managers_may_take_off(
    sign_in, owner, colleague, viewer, outsider, manager, evaluator, organisation
):
    said = {"fields_shown": ["town"], "agree": "on"}
    for user, reason in (
        (colleague, "Only owners of the organisation say what everybody may read of it."),
        (viewer, "Only owners of the organisation say what everybody may read of it."),
        (manager, "Only owners of the organisation say what everybody may read of it."),
        (evaluator, "Evaluators and reviewers do not see who is who."),
    ):
        assert reason in sign_in(user).post(page_of(organisation), said).content.decode()
    assert sign_in(outsider).post(page_of(organisation), said).status_code == 404
    with pytest.raises(PermissionDenied):
        actions.put_on_list(organisation=organisation, fields=[], by=manager)
    assert not Listing.objects.exists()

    actions.put_on_list(organisation=organisation, fields=[], by=owner)
    with pytest.raises(PermissionDenied):
        actions.take_off_list(organisation=organisation, by=viewer)
    assert actions.take_off_list(organisation=organisation, by=manager)


def test_partner_organisation_has_no_public_page_of_this_kind(sign_in, home):
    partner = OrganisationFactory(partner=True)
    user = MembershipFactory(organisation=partner).user

    assert sign_in(user).get(page_of(partner)).status_code == 404
    with pytest.raises(PermissionDenied, match="for members of the cluster"):
        actions.put_on_list(organisation=partner, fields=[], by=user)


def test_card_holds_what_was_agreed_to_and_nothing_else(db):
    bare = listings.card(ListingFactory(fields=["town"], organisation__town="Kalmar"))
    full = listings.card(ListingFactory(full=True))

    shown = {name for name in bare.__slots__ if getattr(bare, name)}
    assert shown == {"name", "slug", "kind", "country", "town"}
    assert (full.summary, full.size, full.offers) == (
        "Robots that sort timber by quality.",
        "Small",
        ("Vision systems for sawmills", "Robot cells"),
    )
    assert bare.kind == "Company", "an SME is one by figures that are not shown"


def test_search_finds_by_what_is_shown_alone(db):
    open_ = ListingFactory(fields=["summary"], organisation__town="Åhus")
    hidden = ListingFactory(fields=[], organisation__town="Åhus")
    Profile.objects.filter(organisation=open_.organisation).update(seeks="Secret buyer")
    public = Listing.objects.public()

    assert list(public.search("timber")) == [open_]
    assert list(public.search("secret")) == list(public.search("ahus")) == []
    assert list(public.search(hidden.organisation.name)) == [hidden]


def test_own_data_tell_what_was_agreed(owner, organisation):
    actions.put_on_list(organisation=organisation, fields=["town"], by=owner)
    actions.take_off_list(organisation=organisation, by=owner)

    held = own_data.file_of_organisation(organisation, colleague=True)["held"]
    ((told,),) = (each["rows"] for each in held if each["rows_of"] == "members.listing")
    assert (told["fields"], told["withdrawn_at"] is not None) == (["town"], True)
