"""The two formats of the EU Funding & Tenders Portal."""

import json
from datetime import date

import pytest

from opportunities.feeds import Budget, Code, Kind, NotThisFormat
from tests.opportunities.feeds.samples import (
    budget_overview,
    one,
    page,
    read_all,
    records,
    refusals,
    refused,
    result,
    topic,
    topics,
)

IDENTIFIER = "HORIZON-CL9-2027-01-WATER-04"
PORTAL = "https://ec.europa.eu/info/funding-tenders/opportunities/portal/screen/opportunities"


def test_sedia_result_becomes_a_funding_record():
    record = one("sedia", page(result()))

    assert record.kind is Kind.FUNDING
    assert record.external_id == f"{IDENTIFIER}:90000077:en"
    assert record.deadlines == (date(2027, 2, 16),)
    assert record.opens_on == date(2026, 10, 1)
    assert record.status == "open"
    assert record.language == "en"
    assert Code("programme", "43108390", "Horizon Europe") in record.codes
    assert record.details["type_of_action"] == ["HORIZON Innovation Actions"]


def test_sedia_description_is_split_into_its_sections():
    record = one("sedia", page(result()))

    assert record.description == "Expected Outcome\n\nTowns lose less water.\n\nScope\n\n- Sensors\n- Valves"
    assert record.details["sections"] == ["Expected Outcome", "Scope"]


@pytest.mark.parametrize(
    ("html", "description"),
    [
        ('<p class="topicdescriptionkind">null</p><p>All text.</p>', "All text."),
        ("<p>No marker</p><p>at all</p>", "No marker\n\nat all"),
        ('<p>Before</p><p class="topicdescriptionkind">Scope:</p>After', "Before\n\nScope\n\nAfter"),
    ],
)
def test_sedia_description_with_odd_headings_keeps_its_text(html, description):
    assert one("sedia", page(result(descriptionByte=[html]))).description == description


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"DATASOURCE": ["SEDIA_PRD_CENTRICITY"]}, "stale copy of an old topic (source SEDIA_PRD_CENTRICITY)"),
        ({"status": None}, "no status"),
        ({"deadlineDate": []}, "no deadline"),
        ({"descriptionByte": None}, "no description"),
    ],
)
def test_sedia_stub_is_refused_with_its_reason(changes, reason):
    refusal = refused("sedia", page(result(**changes)))

    assert reason in refusal.reason
    assert refusal.position == 1
    assert refusal.file == "sample"


def test_sedia_prospect_needs_no_description():
    assert one("sedia", page(result(type=["2"], descriptionByte=None))).description == ""


def test_sedia_budget_counts_only_the_lines_of_its_own_topic():
    lines = [
        {"action": f"{IDENTIFIER} - HORIZON-IA", "minContribution": 3e6, "maxContribution": 4e6, "expectedGrants": 2}
        | {"budgetYearMap": {"2027": "8000000", "2028": "1000000"}},
        {"action": f"{IDENTIFIER}-two-stage - HORIZON-IA", "minContribution": 1, "maxContribution": 99e6},
        {"action": "HORIZON-CL9-2027-01-WATER-05 - HORIZON-RIA", "minContribution": 1, "maxContribution": 99e6},
    ]

    record = one("sedia", page(result(budgetOverview=[budget_overview(*lines)])))

    assert record.budget == Budget(3_000_000, 4_000_000, 9_000_000, "EUR", 2)


def test_sedia_budget_of_other_topics_only_is_no_budget():
    line = {"action": "HORIZON-CL9-2027-01-WATER-05 - HORIZON-RIA", "minContribution": 1e6}

    assert one("sedia", page(result(budgetOverview=[budget_overview(line)]))).budget is None


@pytest.mark.parametrize("inside", ["{broken", '["a list"]', "[" * 5000, '{"budgetTopicActionMap": 7}'])
def test_sedia_damaged_json_inside_a_string_costs_only_the_budget(inside):
    assert one("sedia", page(result(budgetOverview=[inside], actions=[inside]))).budget is None


def test_sedia_keywords_lose_identifiers_and_open_json_inside_a_string():
    inside = json.dumps(["Gender research", IDENTIFIER, "Leak detection"])

    record = one("sedia", page(result(keywords=[inside, "HCCM_31050985", "COVID-19"])))

    assert record.keywords == ("Gender research", "Leak detection", "COVID-19", "Drinking water")


@pytest.mark.parametrize(
    ("changes", "address"),
    [
        ({"type": ["1"]}, f"{PORTAL}/topic-details/{IDENTIFIER}"),
        ({"type": ["2"], "callIdentifier": ["186614"]}, f"{PORTAL}/prospect-details/186614PROSPECTSEN"),
        ({"type": ["8"]}, f"{PORTAL}/competitive-calls-cs/90000077"),
        ({"type": ["0"], "url": ["https://tenders.example/7"]}, "https://tenders.example/7"),
    ],
)
def test_sedia_address_goes_by_the_type(changes, address):
    assert one("sedia", page(result(**changes))).url == address


def test_sedia_call_for_tenders_is_a_tender():
    assert one("sedia", page(result(type=["0"]))).kind is Kind.TENDER


def test_sedia_two_stages_have_two_days_of_brussels():
    days = ["2027-09-14T17:00:00.000+0000", "2027-04-08T00:00:00.000+0000"]

    record = one("sedia", page(result(deadlineDate=days, deadlineModel=["two-stage"])))

    assert record.deadlines == (date(2027, 4, 8), date(2027, 9, 14))
    assert record.stage == "two-stage"


def test_sedia_stage_comes_from_the_procedure_when_the_model_is_missing():
    actions = json.dumps([{"submissionProcedure": {"id": 31094505, "abbreviation": "two-stage"}}])

    assert one("sedia", page(result(deadlineModel=[], actions=[actions]))).stage == "two-stage"


def test_sedia_same_identifier_in_another_call_or_language_is_another_record():
    found = page(result(), result(callccm2Id=["90000078"]), result(language=["de"]))

    assert len({record.external_id for record in records("sedia", found)}) == 3


def test_sedia_empty_page_has_no_records():
    assert read_all("sedia", '{"apiVersion": "2.151", "results": []}') == []


def test_sedia_json_of_another_kind_is_not_this_format():
    with pytest.raises(NotThisFormat, match="no search result"):
        read_all("sedia", topics(topic()))


def test_topic_text_gets_its_paragraphs_back():
    record = one("topics", topics(topic()))

    assert record.description == (
        "Expected Outcome\n\nTowns lose less water.\n\nScope\n\nSize of the network matters.\n\nAny size."
    )
    assert record.details["conditions"] == "General conditions\n\n1. Admissibility Conditions: see Annex A."


def test_topic_stage_is_the_deadline_model():
    assert one("topics", topics(topic())).stage == "single-stage"
    fallback = topic(deadlineModel="", submissionProcedure={"abbreviation": "two-stage"})
    assert one("topics", topics(fallback)).stage == "two-stage"


def test_topic_keywords_are_real_words():
    assert one("topics", topics(topic())).keywords == ("Leak detection", "SARS-CoV-2")


def test_topic_facts():
    record = one("topics", topics(topic()))

    assert record.external_id == IDENTIFIER
    assert record.budget == Budget(3_000_000, 4_000_000, None, "EUR", 2)
    assert record.deadlines == (date(2027, 2, 16),)
    assert record.url == f"{PORTAL}/topic-details/{IDENTIFIER}"
    assert Code("topic", IDENTIFIER, "Smart water networks in small towns") in record.codes


def test_prospect_has_its_own_address():
    prospect = topic(topicId="EuropeAid/186614/DD/ACT/Multi", reference="186614PROSPECTSEN", callIdentifier="186614")

    assert one("topics", topics(prospect)).url == f"{PORTAL}/prospect-details/186614PROSPECTSEN"


@pytest.mark.parametrize("between", ["\n", "", ",\n", "\r\n\r\n"])
def test_topics_on_lines_or_on_one_line(between):
    three = [json.dumps(topic(topicId=f"HORIZON-X-2027-{number}")) for number in range(3)]

    assert len(records("topics", between.join(three))) == 3
    assert len(records("topics", f"[{','.join(three)}]")) == 3


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.encode("utf-16"),
        lambda text: text.encode("cp1252"),
        lambda text: text.encode().decode("cp1252").encode(),
        lambda text: "\ufeff".encode().decode("cp1252").encode() + text.encode().decode("cp1252").encode(),
    ],
    ids=["bom", "utf-16", "cp1252", "mojibake", "mojibake-bom"],
)
def test_topics_in_a_wrong_encoding_are_repaired(encode):
    title = "Förnybar energi – sjöar på Öland"

    assert one("topics", encode(topics(topic(title=title)))).title == title


def test_unknown_programme_is_noted_and_no_code():
    record = one("topics", topics(topic(programmeId="12345678")))

    assert all(code.scheme != "programme" for code in record.codes)
    assert record.details["unknown_codes"] == ["programme 12345678"]


@pytest.mark.parametrize("wrong", ["2026-02-31", "31st of never", "0000-00-00", "9999-12-31"])
def test_topic_with_only_an_impossible_deadline_is_refused(wrong):
    refusal = refused("topics", topics(topic(deadline=wrong)))

    assert f"The deadline '{wrong}' is no possible date" in refusal.reason


def test_one_impossible_deadline_among_others_is_noted():
    record = one("sedia", page(result(deadlineDate=["2027-02-31", "2027-02-16"])))

    assert record.deadlines == (date(2027, 2, 16),)
    assert record.details["notes"] == ["The deadline '2027-02-31' is no possible date."]


@pytest.mark.parametrize("wrong", ["-5", "1e999", "NaN", "-Infinity", '"about a million"'])
def test_budget_that_is_no_sum_is_no_budget(wrong):
    line = topics(topic(budgetMin=0, budgetMax=0)).replace('"budgetMin": 0', f'"budgetMin": {wrong}')

    record = one("topics", line)

    assert record.budget is None
    assert json.loads(record.raw, parse_constant=pytest.fail)["topicId"] == IDENTIFIER


def test_contact_data_is_gone_from_record_and_raw():
    record = one(
        "topics",
        topics(
            topic(
                description="Scope:Write to ann@agency.example, tel. 0470-123 456 78.",
                contactPerson={"name": "Ann Person"},
            )
        ),
    )

    told = repr(record)
    assert "@" not in told
    assert "123 456" not in told
    assert "Write to" in record.description
    assert "supportInfo" in record.raw
    assert "Ann Person" not in told


def test_html_and_scripts_become_plain_text():
    nasty = "<p>Good</p><script>alert(1)</script>&lt;img src=x onerror=alert(2)&gt;<b onclick=x>bold</b> <iframe src=y"
    record = one("topics", topics(topic(description=nasty, title="<i>Pumps</i> &amp; pipes")))

    assert record.title == "Pumps & pipes"
    assert "alert" not in record.description
    assert "<" not in record.description.replace("< iframe", "")
    assert record.description.startswith("Good")


def test_bracket_that_opens_no_tag_is_made_harmless():
    assert (
        one("topics", topics(topic(description="Less <than 5 and <script"))).description == "Less < than 5 and < script"
    )


def test_text_inside_very_deep_markup_is_kept():
    assert one("topics", topics(topic(description="<div>" * 1000 + "Pumps"))).description == "Pumps"


def test_repeated_identifier_is_refused_and_says_whether_it_differs():
    same, other = refusals("topics", topics(topic(), topic(), topic(title="Another")))

    assert same.position == 2
    assert "Same id as record 1" in same.reason
    assert "same content" in same.reason
    assert other.position == 3
    assert "other content" in other.reason
