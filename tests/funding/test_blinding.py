"""What reviewers see of a submission, and that a blind call names nobody."""

import json
from dataclasses import asdict

import pytest

from funding.blinding import shown

CONTENT = {
    "format": 1,
    "reference": "BWX-007",
    "lead": "Ålgräs Robotics AB",
    "by": "Olivia Owner",
    "title": "Ferries that ÅLGRÄS charges",
    "summary": "Ålgräs' crane and Tallskog Timber (www.tallskog.example, +46 470 123 456) meet Dr. Öberg."
    " Ask olle@x.example.",
    "months": 12,
    "answers": [
        {"question": 1, "text": "Who are you?", "kind": "long_text", "tells_who": True, "value": "We are Ålgräs."},
        {"question": 2, "text": "Where?", "kind": "link", "tells_who": False, "value": "https://algras.example"},
        {"question": 3, "text": "What changes?", "kind": "long_text", "tells_who": False, "value": "Algras grows."},
        {"question": 4, "text": "Which?", "kind": "choices", "tells_who": False, "value": ["Pilot", "Study"]},
        {"question": 5, "text": "Is it new?", "kind": "yes_no", "tells_who": False, "value": True},
    ],
    "partners": [
        {
            "id": 1, "is_lead": True, "name": "Ålgräs Robotics AB", "registration_number": "556000-1234",
            "kind": "company", "country": "SE", "region": "SE213", "person": "Olle Öberg",
            "email": "olle@algras.example",
            "funder": {"id": 1, "name": "Region South"}, "activities": ["Pilot"],
            "role": "Algräs Robotics builds. Number 556000-1234.",
            "costs": [{"category": 1, "name": "Staff", "amount": "1000.00"}], "total": "1000.00", "grant": "500.00",
            "own_money": "500.00", "other_money": "0.00", "answers": [], "confirmed_by": "Olle Öberg",
        },
        {"id": 2, "is_lead": False, "name": "Tallskog Timber", "kind": "company", "country": "EE", "role": "Wood."},
    ],
    "attachments": [{"id": 3, "name": "algras-cv.pdf", "size": 10, "sha256": "0" * 64, "question": None}],
    "new_entry_of_a_later_format": "Ålgräs",
}  # fmt: skip


def written(content: dict, *, blind: bool) -> str:
    return json.dumps(asdict(shown(content, blind=blind, label=label)), ensure_ascii=False)


def label(number: int) -> str:
    return f"Organisation {number}"


@pytest.mark.parametrize(
    "told",
    ["lgräs", "lgras", "LGRÄS", "Robotics", "Tallskog", "berg", "Olle", "Olivia", "example", "+46", "556000", "SE213",
     "BWX", ".pdf", "Who are you", "https"],
)  # fmt: skip
def test_blind_application_names_nobody(told):
    assert told.casefold() not in written(CONTENT, blind=True).casefold()


def test_blind_application_keeps_what_is_judged():
    seen = shown(CONTENT, blind=True, label=label)

    assert seen.title == "Ferries that Organisation 1 charges"
    assert [each.text for each in seen.answers] == ["What changes?", "Which?", "Is it new?"]
    assert seen.answers[0].value == "Organisation 1 grows."
    assert seen.answers[1].value == ("Pilot", "Study")
    assert seen.answers[2].value is True
    assert [(each.name, each.country, each.funder) for each in seen.parts] == [
        ("Organisation 1", "SE", "Region South"),
        ("Organisation 2", "EE", ""),
    ]
    assert seen.parts[0].costs == (("Staff", "1000.00"),)
    assert seen.files == ()


def test_open_application_is_shown_as_it_stands_without_persons_and_addresses():
    seen, text = shown(CONTENT, blind=False, label=label), written(CONTENT, blind=False)

    assert seen.title == CONTENT["title"]
    assert seen.parts[0].name == "Ålgräs Robotics AB"
    assert [each.name for each in seen.files] == ["algras-cv.pdf"]
    assert seen.answers[0].value == "We are Ålgräs."
    assert "olle@algras.example" not in text
    assert "later format" not in text


def test_words_that_many_names_share_stay():
    content = {
        "summary": "The Baltic Sea needs energy. Baltic Energy AB delivers it.",
        "partners": [{"name": "Baltic Energy AB"}],
    }

    assert shown(content, blind=True, label=label).summary == "The Baltic Sea needs energy. Organisation 1 delivers it."


def test_parts_of_other_words_stay():
    content = {"summary": "Havsbrisen blows, Havsbris's crane stands.", "partners": [{"name": "Havsbris"}]}

    assert shown(content, blind=True, label=label).summary == "Havsbrisen blows, Organisation 1 crane stands."


def test_empty_submission_is_shown_as_empty():
    seen = shown({}, blind=True, label=label)

    assert (seen.title, seen.parts, seen.answers, seen.months) == ("", (), (), None)
