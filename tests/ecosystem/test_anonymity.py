"""Words on a card do not tell who wrote it: names, people, town, website, addresses, and what is called after them."""

import pytest

from ecosystem import naming
from ecosystem.anonymity import Names, telling
from tests.ecosystem.ground import card_of, person_of
from tests.factories.members import OrganisationFactory

KLARFLOD = Names(
    company="Klarflöd Sensors AB",
    town="Karlshamn",
    website="https://www.klarvatten.example/en/",
    people=("Sigrid Ljungqvist",),
    common=frozenset({"sensors"}),
)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Sensors for drinking water", []),
        ("klarflod makes sensors", ["klarflod"]),
        ("Our KlarflödSense works for a year", ["KlarflödSense"]),
        ("Tried in Karlshamn harbour", ["Karlshamn"]),
        ("See Klarvatten for more", ["Klarvatten"]),
        ("Ask Ljungqvist", ["Ljungqvist"]),
        ("Write to hello@water.example", ["hello@water.example"]),
        ("More at www.water.example", ["www.water.example"]),
        ("Call +46 70 123 45 67", ["+46 70 123 45 67"]),
        ("Klarflöd Sensors AB: sensors", ["Klarflöd", "Klarflöd Sensors AB"]),
        ("A clear flood of sensors, by the hundred", []),
    ],
)
def test_what_tells_who_it_is_is_found_as_it_stands_there(text, told):
    assert telling(text, KLARFLOD) == told


def test_a_short_or_missing_name_finds_nothing_by_accident():
    assert telling("We take part in a trial as a partner", Names(company="AB", website="https://ta.example")) == []
    assert telling("Anything", Names()) == []


def test_a_word_of_the_name_that_other_members_say_of_themselves_tells_nothing(db):
    mine = OrganisationFactory(name="Nordic Membranes")
    assert telling("Membranes for pulp mills", naming.names_of(mine)) == ["Membranes"]

    OrganisationFactory(profile__offers="Membranes for dairies")

    assert telling("Membranes for pulp mills", naming.names_of(mine)) == []
    assert telling("Nordic membranes", naming.names_of(mine)) == ["Nordic", "Nordic Membranes"]


def test_the_people_of_a_company_are_among_its_names(db):
    company = card_of()[0].organisation
    person_of(company, "viewer", user__name="Bo Ek")

    assert telling("Sigrid Ljungqvist or Bo Ek will come", naming.names_of(company)) == [
        "Ljungqvist", "Sigrid Ljungqvist", "Bo Ek",
    ]  # fmt: skip


def test_lines_of_a_profile_that_tell_who_it_is_are_left_out_of_a_draft(db):
    company = card_of()[0].organisation

    safe = naming.safe_lines(["Klarflod meters", "Meters for wells", "Trials in Karlshamn"], naming.names_of(company))

    assert safe == "Meters for wells"
