"""Both shapes of the EEN's partnering opportunities."""

import json
from datetime import date

import pytest

from opportunities.feeds import Code, Kind, NotThisFormat
from tests.opportunities.feeds.samples import (
    event_v6,
    one,
    profile,
    profile_v6,
    read_all,
    records,
    refusals,
    refused,
)


def pod(*found: str) -> str:
    return f"<pod>{''.join(found)}</pod>"


def test_v6_profile_becomes_a_partnering_record():
    record = one("een-pod-v6", pod(profile_v6()))

    assert record.kind is Kind.PARTNERING
    assert record.partnering_type == "BO"
    assert record.external_id == "BOSE20270115001"
    assert record.summary == "A company from Kronoberg:\n- makes sensors\n- looks for agents"
    assert record.countries == ("SE",)
    assert record.deadlines == (date(2028, 1, 15),)
    assert record.published_on == date(2027, 1, 15)
    assert record.status == "open"
    assert record.organisation == "Sydkust desk"
    assert record.details["partner_sought"] == "Agents in Finland"
    assert record.details["partnership_types"] == ["Commercial agency agreement"]
    assert "notes" not in record.details


def test_v6_keywords_become_codes_and_an_old_spelling_the_present_one():
    record = one("een-pod-v6", pod(profile_v6()))

    assert Code("een-technology", "06005002", "Photovoltaics") in record.codes
    assert [code.code for code in record.codes if code.scheme == "nace"] == ["26.51"]
    assert record.keywords == ("Photovoltaics", "26.51")


def test_v6_contacts_are_gone():
    record = one("een-pod-v6", pod(profile_v6()))

    assert "Agents in Finland" in record.raw
    assert "Ann Person" not in repr(record)
    assert "@" not in repr(record)
    assert "470" not in repr(record)


@pytest.mark.parametrize(
    ("changes", "note"),
    [
        ({"type": "TR"}, "The reference says BO, the profile says TR."),
        ({"country": "FI"}, "The reference says SE, the profile's country is FI."),
        ({"submit": "2027-01-16T00:00:00"}, "The reference says 2027-01-15, the profile was submitted on 2027-01-16."),
        ({"external": "BOSE20270231001"}, "The date 20270231 in the reference does not exist."),
        ({"external": "X-17"}, "The reference X-17 does not have the usual form: type, country, date, number."),
    ],
)
def test_v6_reference_that_contradicts_its_profile_is_noted(changes, note):
    assert one("een-pod-v6", pod(profile_v6(**changes))).details["notes"] == [note]


def test_v6_reference_may_say_uk_or_el():
    assert "notes" not in one("een-pod-v6", pod(profile_v6(external="BOUK20270115001", country="GB"))).details


def test_v6_event_becomes_an_event_record():
    record = one("een-pod-v6", pod(event_v6()))

    assert record.kind is Kind.EVENT
    assert record.starts_at == date(2027, 5, 4)
    assert record.ends_at == date(2027, 5, 5)
    assert record.deadlines == (date(2027, 4, 20),)
    assert record.countries == ("EE",)
    assert record.description == "Meet & greet"
    assert record.external_id == one("een-pod-v6", pod(event_v6())).external_id


def test_v6_event_can_be_cancelled():
    assert one("een-pod-v6", pod(event_v6(status="Cancelled"))).status == "cancelled"


def test_v6_event_without_a_possible_start_is_refused():
    refusal = refused("een-pod-v6", pod(event_v6(start="StartDate")))

    assert "The start date 'StartDate' is no possible date" in refusal.reason


def test_v6_profiles_before_the_break_are_read():
    whole = pod(profile_v6(), profile_v6(external="BOSE20270115002"), profile_v6(external="BOSE20270115003"))

    found = whole[: whole.rindex("<cooperation>")]

    assert [record.external_id for record in records("een-pod-v6", found)] == ["BOSE20270115001", "BOSE20270115002"]
    (refusal,) = refusals("een-pod-v6", found)
    assert refusal.position == 3
    assert "stops being well-formed XML at line" in refusal.reason


def test_v6_profile_without_reference_is_refused_and_the_next_one_read():
    first, second = read_all("een-pod-v6", pod(profile_v6(external=""), profile_v6()))

    assert "no identifier" in first.reason
    assert second.external_id == "BOSE20270115001"


def test_present_profile_becomes_a_partnering_record():
    record = one("een-pod", json.dumps([profile()]))

    assert record.partnering_type == "TR"
    assert record.external_id == "TRSE20270301002"
    assert record.description == "Pipes leak.\n\n- old\n- long"
    assert record.countries == ("SE",)
    assert record.target_countries == ("DK", "FI")
    assert record.target_kinds == ("sme", "research")
    assert record.target_sizes == ("micro", "medium")
    assert record.deadlines == (date(2027, 9, 1),)
    assert record.status == "open"
    assert record.url == "https://een.example/TRSE20270301002"
    assert record.details["partner_sought"] == "Acoustic sensors"
    assert {(code.scheme, code.code, code.label) for code in record.codes} == {
        ("een-technology", "06003002", "Photovoltaics"),
        ("een-market", "08002005", "Water treatment equipment"),
    }
    assert record.keywords == ("Photovoltaics", "Water treatment equipment", "Clean water")


def test_present_profile_contacts_are_gone():
    assert "Ann Person" not in repr(one("een-pod", json.dumps(profile())))


@pytest.mark.parametrize(
    "shape", ["{}", "[{}]", '{{"totalCount": 1, "profiles": [{}]}}', '{{"items": [{}], "next": 2}}']
)
def test_present_profiles_come_as_page_list_or_single(shape):
    found = shape.replace("{{", "{").replace("}}", "}").replace("{}", json.dumps(profile()), 1)

    assert one("een-pod", found).title == "Water utility seeks leak detection"


def test_present_names_are_read_in_any_case():
    shouted = {name[:1].upper() + name[1:]: value for name, value in profile().items()}

    assert one("een-pod", json.dumps([shouted])).deadlines == (date(2027, 9, 1),)


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"openForEOI": False}, "closed"),
        ({"profileStatus": "EXPIRED"}, "closed"),
        ({"profileStatus": "Archived"}, "closed"),
        ({"profileStatus": None}, ""),
    ],
)
def test_present_status(changes, status):
    assert one("een-pod", json.dumps(profile(**changes))).status == status


@pytest.mark.parametrize("status", ["DRAFT", "UNDER_REVIEW", "FLAGGED", "CLIENT_VALIDATION_PENDING"])
def test_present_profile_that_is_not_public_is_refused(status):
    assert f"not published (status {status})" in refused("een-pod", json.dumps(profile(profileStatus=status))).reason


def test_present_profile_without_deadline_ends_with_its_expiry():
    assert one("een-pod", json.dumps(profile(deadlineForEoI=None))).deadlines == (date(2028, 3, 1),)


def test_present_partners_of_any_kind_are_not_narrowed():
    record = one("een-pod", json.dumps(profile(typesAndSizes=["Other", "Big company"])))

    assert record.target_kinds == ("public", "cluster", "intermediary", "large")


@pytest.mark.parametrize(("form", "data"), [("een-pod-v6", "<rss/>"), ("een-pod", '[{"topicId": "X"}]')])
def test_another_kind_of_file_is_not_this_format(form, data):
    with pytest.raises(NotThisFormat):
        read_all(form, data)
