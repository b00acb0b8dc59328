"""The list, its search, order and export; one organisation and its facts."""

import csv
import io

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from lxml import html

from core.actions import Refused
from core.models import AuditEvent
from members import cards
from members.actions import organisations as actions
from members.models import Membership, Organisation
from tests.client import htmx
from tests.factories.members import MembershipFactory, OrganisationFactory
from tests.queries import assert_constant_queries

LIST = reverse("members:list")


def names(response) -> list[str]:
    return [row.text_content().strip() for row in html.fromstring(response.content).xpath("//tbody//th")]


# Size classes: Recommendation 2003/361/EC, at and beside each limit

SIZES = [
    (None, None, None, ""),
    (None, 1_000_000, 1_000_000, ""),
    (0, 0, 0, "micro"),
    (9, 2_000_000, 2_000_000, "micro"),
    (9, 2_000_001, 2_000_000, "micro"),
    (9, 2_000_000, 2_000_001, "micro"),
    (9, 2_000_001, 2_000_001, "small"),
    (9, 2_000_001, None, "small"),
    (9, None, None, "micro"),
    (10, 100_000, 100_000, "small"),
    (49, 10_000_000, 10_000_000, "small"),
    (49, 10_000_001, 10_000_000, "small"),
    (49, 10_000_001, 10_000_001, "medium"),
    (49, None, None, "small"),
    (50, 1_000_000, 1_000_000, "medium"),
    (249, 50_000_000, 43_000_000, "medium"),
    (249, 50_000_001, 43_000_000, "medium"),
    (249, 50_000_000, 43_000_001, "medium"),
    (249, 50_000_001, 43_000_001, "large"),
    (249, None, 43_000_001, "large"),
    (249, None, None, "medium"),
    (250, 1_000_000, 1_000_000, "large"),
    (5, 60_000_000, 50_000_000, "large"),
    (100_000, None, None, "large"),
]


@pytest.mark.parametrize(("headcount", "turnover", "balance", "size"), SIZES)
def test_size_class(headcount, turnover, balance, size, db):
    organisation = OrganisationFactory(headcount=headcount, turnover_eur=turnover, balance_eur=balance)
    organisation.refresh_from_db()

    assert organisation.size_class == size
    assert organisation.is_sme == (size != "large")


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        ({}, "We need the number of people employed to tell."),
        ({"headcount": 5}, "Fewer than 10 people; turnover and balance sheet are not known."),
        (
            {"headcount": 30, "turnover_eur": 1},
            "Fewer than 50 people, and turnover or balance sheet up to EUR 10 million.",
        ),
        (
            {"headcount": 60, "turnover_eur": 1},
            "Fewer than 250 people, and turnover up to EUR 50 million or balance sheet up to EUR 43 million.",
        ),
        (
            {"headcount": 600},
            "250 people or more, or turnover above EUR 50 million and balance sheet above EUR 43 million.",
        ),
    ],
)
def test_size_rule_is_told(facts, rule, db):
    organisation = OrganisationFactory(**facts)
    organisation.refresh_from_db()

    assert cards.size_rule(organisation) == rule


# The list


def test_list_is_in_order_for_people(sign_in, manager):
    for name in ("Öland Fisk", "Zink", "Åsa Vatten", "apa", "Bergs", "Ähtäri Puu"):
        OrganisationFactory(name=name)

    assert names(sign_in(manager).get(LIST)) == [
        "Ähtäri Puu", "apa", "Åsa Vatten", "Bergs", "Havsbris Cluster", "Öland Fisk", "Tallskog Timber", "Zink",
    ]  # fmt: skip


@pytest.mark.parametrize("words", ["Åsa", "asa", "ASA vax", "åsa växjö", "vatten", "SENSORS", "grippers"])
def test_search_finds_whatever_the_accents_and_case(words, sign_in, manager):
    OrganisationFactory(
        name="Åsa Vatten", town="Växjö", profile__summary="Sensors for pipes", profile__seeks="Grippers"
    )
    OrganisationFactory(name="Bergs", town="Nybro")

    found = names(sign_in(manager).get(LIST, {"q": words}))

    assert "Åsa Vatten" in found
    assert "Bergs" not in found


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"kind": "research"}, ["Lund Lab"]),
        ({"size": "small"}, ["Tallskog Timber", "Small One"]),
        ({"region": "SE213"}, ["Tallskog Timber"]),
        ({"profile": "complete"}, ["Tallskog Timber"]),
        ({"profile": "begun"}, ["Small One"]),
        ({"profile": "empty"}, ["Lund Lab", "Havsbris Cluster"]),
        ({"people": "none"}, ["Lund Lab", "Small One"]),
        ({"member": "false"}, ["Havsbris Cluster"]),
        ({"q": "nothing like this"}, []),
    ],
)
def test_list_is_filtered(query, expected, sign_in, manager):
    OrganisationFactory(name="Lund Lab", kind="research")
    OrganisationFactory(name="Small One", headcount=12, profile__summary="x")

    assert sorted(names(sign_in(manager).get(LIST, query))) == sorted(expected)


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("name", ["A", "B", "C"]),
        ("-name", ["C", "B", "A"]),
        ("size", ["C", "A", "B"]),
        ("-size", ["A", "C", "B"]),
        ("-people", ["B", "A", "C"]),
        ("profile", ["B", "C", "A"]),
        ("nonsense", ["A", "B", "C"]),
    ],
)
def test_list_is_sorted(sort, expected, sign_in, manager):
    OrganisationFactory(name="A", headcount=70, kind="public", profile__summary="x")
    b = OrganisationFactory(name="B", kind="public")
    OrganisationFactory(name="C", headcount=7, kind="public")
    MembershipFactory(organisation=b)

    assert names(sign_in(manager).get(LIST, {"kind": "public", "sort": sort})) == expected


def test_list_is_paged_and_keeps_its_filters(sign_in, manager):
    for _ in range(30):
        OrganisationFactory(kind="public")

    first = sign_in(manager).get(LIST, {"kind": "public"})
    second = sign_in(manager).get(LIST, {"kind": "public", "page": "2"})

    assert (len(names(first)), len(names(second))) == (25, 5)
    assert "?kind=public&amp;page=2" in first.content.decode()
    assert len(names(sign_in(manager).get(LIST, {"kind": "public", "page": "99"}))) == 5


def test_htmx_gets_the_part_that_the_page_holds(sign_in, manager):
    client = sign_in(manager)

    page = html.fromstring(client.get(LIST, {"q": "tall"}).content).get_element_by_id("results")
    part = client.get(LIST, {"q": "tall"}, headers=htmx("results"))

    assert b"<html" not in part.content
    shown = " ".join(html.fragment_fromstring(part.content.decode(), create_parent=True).text_content().split())
    assert shown == " ".join(page.text_content().split())
    assert "HX-Request" in part["Vary"]


def test_list_asks_the_same_number_of_questions(sign_in, manager):
    client = sign_in(manager)
    OrganisationFactory(nuts="SE213")

    assert_constant_queries(
        lambda: client.get(LIST, {"kind": "public"}),
        lambda: MembershipFactory(organisation=OrganisationFactory(kind="public", full=True)),
        at_most=12,
        shows=lambda response: len(names(response)),
    )


# The export


def exported(response) -> list[list[str]]:
    return list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))


def test_export_holds_what_the_list_shows_on_all_its_pages(sign_in, manager):
    for number in range(30):
        OrganisationFactory(name=f"Public {number:02}", kind="public", town="Kalmar", nuts="SE213")

    response = sign_in(manager).get(reverse("members:export"), {"kind": "public"})

    rows = exported(response)
    assert rows[0][0] == "Organisation"
    assert rows[1] == ["Public 00", "Public body", "", "Kalmar", "Kalmar län", "SE", "", "0", "0"]
    assert len(rows) == 31
    assert response["Content-Disposition"].startswith('attachment; filename="organisations-')
    assert AuditEvent.objects.get(action="members.exported").details == {"count": 30}


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1+1", "-1+1", "@sum", "\t=1", "|cmd"])
def test_export_runs_no_formula(name, sign_in, manager):
    OrganisationFactory(name=name, slug="odd", kind="public")

    rows = exported(sign_in(manager).get(reverse("members:export"), {"kind": "public"}))

    assert rows[1][0] == "'" + name.strip().replace("|", "\\|")


# One organisation


def test_detail_shows_answers_facts_and_people(sign_in, outsider):
    organisation = outsider.own_membership.organisation
    page = sign_in(outsider).get(organisation.get_absolute_url()).content.decode()

    for words in (
        "Vision systems for sawmills",
        "28.9 Manufacture of other special-purpose machinery",
        "Kalmar län",
        "Finland, Germany",
        "English, Swedish",
        "Level 5 to 8",
        "EUR 40,000",
        "olof@tallskog.example",
    ):
        assert words in page


def test_member_sees_nobody_of_the_home_cluster(sign_in, owner, home, manager):
    page = sign_in(owner).get(home.get_absolute_url()).content.decode()

    assert "Havsbris Cluster" in page
    assert "Maja Manager" not in page
    assert "maja@" not in page


def test_look_of_a_manager_is_noted_once_a_day(sign_in, manager, owner, organisation, time_machine):
    time_machine.move_to("2027-05-03T12:00:00+02:00")
    client = sign_in(manager)
    for _ in range(3):
        client.get(organisation.get_absolute_url())
    sign_in(owner).get(organisation.get_absolute_url())
    assert AuditEvent.objects.filter(action="members.organisation_viewed").count() == 1

    time_machine.move_to("2027-05-04T00:30:00+02:00")
    client.get(organisation.get_absolute_url())
    assert AuditEvent.objects.filter(action="members.organisation_viewed").count() == 2

    page = sign_in(owner).get(organisation.get_absolute_url()).content.decode()
    assert "Looked at the page of the organisation" in page


def test_detail_asks_the_same_number_of_questions(sign_in, owner, organisation):
    client = sign_in(owner)
    Membership.objects.exclude(user=owner).delete()

    assert_constant_queries(
        lambda: client.get(organisation.get_absolute_url()),
        lambda: MembershipFactory(organisation=organisation, role="viewer"),
        at_most=14,
        shows=lambda response: response.content.decode().count("mailto:") - 1,
    )


def test_profile_of_a_person_without_a_company_is_the_settings(sign_in, manager):
    assert sign_in(manager).get(reverse("members:profile"))["Location"] == reverse("members:settings")


# Facts


FACTS = {"town": "Nybro", "country": "SE", "nuts": "SE213", "website": "nybro.example", "founded": "1987",
         "headcount": "24", "turnover_eur": "EUR 3 100 000", "balance_eur": "1,900,000"}  # fmt: skip


def test_owner_changes_facts(sign_in, owner, organisation):
    response = sign_in(owner).post(reverse("members:edit", args=[organisation.slug]), FACTS)

    assert response["Location"] == organisation.get_absolute_url()
    organisation.refresh_from_db()
    assert (organisation.town, organisation.nuts, organisation.website) == ("Nybro", "SE213", "https://nybro.example")
    assert (organisation.headcount, organisation.turnover_eur, organisation.balance_eur) == (24, 3_100_000, 1_900_000)
    assert organisation.size_class == "small"
    assert organisation.profile.version == 2
    event = AuditEvent.objects.get(action="members.organisation_changed")
    assert event.details["fields"] == sorted(set(FACTS) - {"country"})


def test_owner_cannot_rename_even_by_posting_the_field(sign_in, owner, organisation):
    sign_in(owner).post(
        reverse("members:edit", args=[organisation.slug]), FACTS | {"name": "Big Corp", "kind": "cluster"}
    )

    organisation.refresh_from_db()
    assert (organisation.name, organisation.kind) == ("Ålgräs Robotics", "company")


def test_manager_renames_and_the_address_stays(sign_in, manager, organisation):
    sign_in(manager).post(
        reverse("members:edit", args=[organisation.slug]),
        FACTS | {"name": "Ålgräs Vision", "kind": "research", "is_member": "on"},
    )

    organisation.refresh_from_db()
    assert (organisation.name, organisation.kind, organisation.slug) == ("Ålgräs Vision", "research", "algras-robotics")


def test_home_keeps_its_kind(sign_in, manager, home):
    sign_in(manager).post(reverse("members:edit", args=[home.slug]), FACTS | {"name": "Havsbris", "kind": "company"})

    home.refresh_from_db()
    assert (home.name, home.kind) == ("Havsbris", "cluster")


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("founded", "2999", "not in the future"),
        ("founded", "-5", "Write 0 or more."),
        ("headcount", "many", "Write a whole number, such as 40."),
        ("headcount", "-1", "Write 0 or more."),
        ("headcount", "99999999999999999999", " or less."),
        ("turnover_eur", "1e9", "Write a whole number, such as 40."),
        ("country", "XX", "Choose from the list"),
        ("nuts", "SE999", "Choose a region from the list."),
        ("website", "javascript:alert(1)", "Write a web address"),
        ("town", "x" * 101, "at most 100 characters"),
    ],
)
def test_facts_that_cannot_be_are_refused(field, value, reason, sign_in, owner, organisation):
    response = sign_in(owner).post(reverse("members:edit", args=[organisation.slug]), FACTS | {field: value})

    assert reason in response.content.decode()
    organisation.refresh_from_db()
    assert organisation.town == "Kalmar"


def test_region_of_another_country_is_let_go(sign_in, owner, organisation):
    sign_in(owner).post(reverse("members:edit", args=[organisation.slug]), FACTS | {"country": "FI"})

    organisation.refresh_from_db()
    assert (organisation.country, organisation.nuts) == ("FI", "")


def test_change_organisation_twice_is_once(owner, organisation):
    for _ in range(2):
        actions.change_organisation(organisation=organisation, by=owner, town="Nybro")

    assert AuditEvent.objects.filter(action="members.organisation_changed").count() == 1


@pytest.mark.parametrize(
    ("who", "facts"), [("viewer", {"town": "X"}), ("outsider", {"town": "X"}), ("owner", {"name": "X"})]
)
def test_change_organisation_by_others_is_refused(who, facts, organisation, request):
    with pytest.raises(PermissionDenied):
        actions.change_organisation(organisation=organisation, by=request.getfixturevalue(who), **facts)


def test_add_organisation_by_an_owner_is_refused(owner):
    with pytest.raises(PermissionDenied):
        actions.add_organisation(name="New", kind="company", country="SE", by=owner)


def test_add_organisation_of_the_same_name_is_refused(manager, organisation):
    with pytest.raises(Refused, match="There is an organisation named Ålgräs Robotics already"):
        actions.add_organisation(name=organisation.name, kind="company", country="SE", by=manager)

    assert Organisation.objects.filter(name=organisation.name).count() == 1


@pytest.mark.parametrize(("name", "slug"), [("Ålgräs Robotics!", "algras-robotics-2"), ("株式会社", "organisation")])
def test_addresses_are_made_of_the_name(name, slug, manager, organisation):
    assert actions.add_organisation(name=name, kind="company", country="JP", by=manager).slug == slug


def test_database_keeps_one_home(home):
    with pytest.raises(IntegrityError), transaction.atomic():
        OrganisationFactory(kind="cluster", is_home=True)
