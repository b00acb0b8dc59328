"""Ties between a reviewer and who applies, as far as they can be seen."""

import pytest

from funding.interests import Kind, Party, Person, domain_of, findings, name_parts, same_name


def kinds(person: Person, *parties: Party) -> list[Kind]:
    return [each.kind for each in findings(person, parties)]


def test_member_of_an_applicant_cannot_be_overruled():
    (found,) = findings(
        Person("eva@free.example", organisations=frozenset({4})), [Party("Havsbris AB", organisation=4)]
    )

    assert found.kind == Kind.MEMBER
    assert found.is_final
    assert found.party == "Havsbris AB"


def test_contact_person_of_the_application_is_no_reviewer_of_it():
    assert kinds(Person("Eva@Home.example"), Party("Havsbris", emails=("eva@home.example",))) == [Kind.PERSON]


def test_linked_company_of_the_own_one_is_found():
    person = Person("eva@free.example", organisations=frozenset({1}), undertakings=frozenset({9}))

    assert kinds(person, Party("Tallskog", organisation=2, undertaking=9)) == [Kind.LINKED]
    assert kinds(person, Party("Tallskog", organisation=2, undertaking=8)) == []


@pytest.mark.parametrize(
    ("employer", "applicant"),
    [
        ("Havsbris AB", "HAVSBRIS"),
        ("Lund University, Faculty of Engineering", "Lund University"),
        ("Ålgräs Robotics", "Algras Robotics AB (publ)"),
        ("Žalia Energija, UAB", "UAB „Zalia energija“"),
        ("Sp. z o.o. Wisła", "Wisla"),
        ("Møller A/S", "Moller"),
    ],
)
def test_same_employer_however_it_is_written(employer, applicant):
    assert kinds(Person("eva@free.example", employer=employer), Party(applicant)) == [Kind.EMPLOYER]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Lund University", "University of Tartu"),
        ("University", "University of Tartu"),
        ("Baltic Energy Cluster", "Baltic Energy"),
        ("Havs", "Havsbris"),
        ("", "Havsbris"),
        ("AB", "Havsbris AB"),
    ],
)
def test_names_that_only_sound_alike_are_not_one(one, other):
    assert not same_name(one, other)


def test_name_of_a_legal_form_alone_stays_a_name():
    assert name_parts("AB") == ("ab",)


def test_shared_domain_of_an_employer_is_found_and_free_mail_is_not():
    party = Party("Lund University", emails=("anna@lund.example",), website="https://www.lth.example/en")

    assert kinds(Person("eva@cs.lund.example"), party) == [Kind.ADDRESS]
    assert kinds(Person("eva@lth.example"), party) == [Kind.ADDRESS]
    assert kinds(Person("eva@notlund.example"), party) == []
    assert kinds(Person("eva@gmail.com"), Party("Havsbris", emails=("info@gmail.com",))) == []
    assert domain_of("eva@mail.yahoo.co.uk") == ""
    assert domain_of("https://www.havsbris.example/a") == "havsbris.example"
    assert domain_of("nonsense") == domain_of("") == ""


def test_declared_interests_and_earlier_partners_are_found():
    person = Person("eva@free.example", declared=frozenset({"Tallskog Timber"}), partners=frozenset({3}))

    assert kinds(person, Party("Tallskog Timber AB"), Party("Nordlys", organisation=3)) == [
        Kind.DECLARED,
        Kind.TOGETHER,
    ]


def test_who_competes_in_the_same_call_is_bound_to_every_other_application():
    person = Person("eva@free.example", organisations=frozenset({5}), rival="Tallskog")

    assert kinds(person, Party("Havsbris", organisation=4)) == [Kind.RIVAL]
    assert kinds(person, Party("Tallskog", organisation=5)) == [Kind.MEMBER]


def test_strongest_tie_to_each_organisation_comes_first():
    person = Person("eva@havsbris.example", employer="Havsbris", organisations=frozenset({5}))
    found = findings(person, [Party("Havsbris", emails=("a@havsbris.example",)), Party("Tallskog", organisation=5)])

    assert [(each.kind, each.party) for each in found] == [(Kind.MEMBER, "Tallskog"), (Kind.EMPLOYER, "Havsbris")]
    assert not found[1].is_final
