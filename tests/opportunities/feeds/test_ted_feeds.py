"""The three TED formats."""

from datetime import date, datetime, timedelta, timezone

import pytest

from opportunities.feeds import Budget, Code, Kind, NotThisFormat
from tests.opportunities.feeds.samples import (
    eforms,
    lot,
    notice,
    notices,
    one,
    organisation,
    read_all,
    records,
    refusals,
    refused,
    standard_form,
)

WINTER = timezone(timedelta(hours=1))

RESULT = """<efac:NoticeResult><cbc:TotalAmount currencyID="SEK">300000</cbc:TotalAmount>
  <efac:LotTender><cbc:ID>TEN-1</cbc:ID><efac:TenderingParty><cbc:ID>TPA-1</cbc:ID></efac:TenderingParty></efac:LotTender>
  <efac:LotTender><cbc:ID>TEN-2</cbc:ID><efac:TenderingParty><cbc:ID>TPA-2</cbc:ID></efac:TenderingParty></efac:LotTender>
  <efac:SettledContract><cbc:ID>CON-1</cbc:ID><efac:LotTender><cbc:ID>TEN-1</cbc:ID></efac:LotTender></efac:SettledContract>
  <efac:TenderingParty><cbc:ID>TPA-1</cbc:ID><efac:Tenderer><cbc:ID>ORG-0002</cbc:ID></efac:Tenderer>
    <efac:Tenderer><cbc:ID>ORG-0004</cbc:ID></efac:Tenderer></efac:TenderingParty>
  <efac:TenderingParty><cbc:ID>TPA-2</cbc:ID><efac:Tenderer><cbc:ID>ORG-0003</cbc:ID></efac:Tenderer></efac:TenderingParty>
</efac:NoticeResult>"""
PERSON = "<efbc:NaturalPersonIndicator>true</efbc:NaturalPersonIndicator>"


def test_eforms_notice_becomes_a_tender():
    record = one("eforms", eforms())

    assert record.kind is Kind.TENDER
    assert record.external_id == "41387-2027"
    assert record.title == "Pumpar till Blåsjö kommun"
    assert record.organisation == "Blåsjö kommun"
    assert record.countries == ("SE",)
    assert record.language == "sv"
    assert record.status == "open"
    assert record.deadlines == (datetime(2027, 3, 4, 12, 0, tzinfo=WINTER),)
    assert record.published_on == date(2027, 1, 18)
    assert record.budget == Budget(total=450_000, currency="SEK")
    assert record.url == "https://ted.europa.eu/en/notice/-/detail/41387-2027"
    assert {(code.scheme, code.code) for code in record.codes} == {("cpv", "42122000"), ("nuts", "SE212")}
    assert record.details["unknown_codes"] == ["cpv 98765432"]


def test_eforms_lots_give_each_deadline_once_in_order():
    lots = lot(1, end="2027-04-01+02:00") + lot(2) + lot(3)

    record = one("eforms", eforms(lots=lots))

    assert [moment.date() for moment in record.deadlines] == [date(2027, 3, 4), date(2027, 4, 1)]
    assert [told["id"] for told in record.details["lots"]] == ["LOT-0001", "LOT-0002", "LOT-0003"]
    assert "LOT-0002: Del 2" in record.description


def test_eforms_english_title_is_preferred():
    title = '<cbc:Name languageID="SWE">Pumpar</cbc:Name><cbc:Name languageID="ENG">Pumps</cbc:Name>'

    record = one("eforms", eforms(title=title))

    assert (record.title, record.language) == ("Pumps", "en")


def test_eforms_own_language_comes_before_a_third_one():
    title = '<cbc:Name languageID="FIN">Pumppuja</cbc:Name><cbc:Name languageID="SWE">Pumpar</cbc:Name>'

    assert one("eforms", eforms(title=title)).title == "Pumpar"


@pytest.mark.parametrize(
    ("form_type", "notice_type", "status"),
    [
        ("competition", "cn-standard", "open"),
        ("competition", "pin-cfc-standard", "open"),
        ("planning", "pin-only", "planning"),
        ("consultation", "pmc", "planning"),
        ("result", "can-standard", "award"),
        ("dir-awa-pre", "veat", "award"),
        ("cont-modif", "can-modif", "award"),
        ("", "pin-cfc-social", "open"),
        ("", "pin-buyer", "planning"),
        ("", "can-social", "award"),
        ("", "", ""),
    ],
)
def test_eforms_status_says_whether_one_can_bid(form_type, notice_type, status):
    assert one("eforms", eforms(form_type=form_type, notice_type=notice_type)).status == status


def test_eforms_result_is_read_and_says_who_won():
    winners = organisation(2, "Pump AB", "SWE", size="small") + organisation(3, "Loser AB", "SWE")
    winners += organisation(4, "Bo Person", "FIN", person=PERSON)

    record = one("eforms", eforms(form_type="result", result=RESULT, organisations=winners, root="ContractAwardNotice"))

    assert record.status == "award"
    assert record.details["note"].startswith("This notice announces a result")
    assert record.details["winners"] == [
        {"name": "Pump AB", "country": "SE", "size": "small"},
        {"name": "A natural person", "country": "FI"},
    ]
    assert record.budget == Budget(total=300_000, currency="SEK")
    assert "Bo Person" not in repr(record)


def test_eforms_contacts_are_gone():
    record = one("eforms", eforms())

    assert "Blåsjö kommun" in record.raw
    for contact in ("Ann Person", "ann@buyer.example", "123 456", "Dee", "Owner", "Eve Desk"):
        assert contact not in repr(record)


def test_eforms_without_identifier_or_title_says_both():
    empty = eforms(number="", notice_id="", title="", lots="<cac:ProcurementProjectLot/>")

    assert refused("eforms", empty).reason.startswith("The record has no identifier and no title.")


def test_eforms_unpublished_notice_is_known_by_its_own_id():
    assert one("eforms", eforms(number="")).external_id == "0a3077fe-0000-4446-be7e-30f75cd98316-01"


def test_eforms_business_registration_is_no_opportunity():
    notice = eforms(form_type="bri", subtype="X02", root="BusinessRegistrationInformationNotice")

    assert "registers a company" in refused("eforms", notice).reason


def test_eforms_impossible_only_deadline_is_refused():
    assert (
        "'2027-02-31+01:00' is no possible date"
        in refused("eforms", eforms(lots=lot(1, end="2027-02-31+01:00"))).reason
    )


def test_eforms_broken_off_is_one_refusal_with_its_place():
    whole = eforms()

    refusal = refused("eforms", whole[: len(whole) // 2])

    assert "stops being well-formed XML at line" in refusal.reason


@pytest.mark.parametrize("form", ["eforms", "ted-standard"])
def test_other_xml_is_neither_ted_format(form):
    with pytest.raises(NotThisFormat, match="its first element is shop"):
        read_all(form, "<shop><item/></shop>")


def test_standard_form_becomes_a_tender():
    record = one("ted-standard", standard_form())

    assert record.external_id == "7685-2022"
    assert record.title == "Dostawa pomp"
    assert record.language == "pl"
    assert record.description == "Piętnaście pomp.\n\nPytania:\n\nCzęść 1"
    assert record.details["title_en"] == "Poland-Lublin: Pumps"
    assert record.organisation == "Gmina Przykładowo"
    assert record.countries == ("PL",)
    assert record.deadlines == (date(2022, 2, 8),)
    assert record.details["deadline_local_time"] == "16:00"
    assert record.published_on == date(2022, 1, 7)
    assert record.budget == Budget(total=90000.5, currency="PLN")
    assert Code("nuts", "PL814", "Lubelski") in record.codes


def test_standard_form_contacts_are_gone():
    record = one("ted-standard", standard_form())

    for contact in ("Ann Person", "@gmina.example", "123456789", "Fay Juror"):
        assert contact not in repr(record)


@pytest.mark.parametrize(
    ("document", "form", "status"),
    [
        *[("3", "F02", "open"), ("7", "F21", "award"), ("0", "F01", "planning"), ("A", "F01", "open")],
        *[("D", "F12", "open"), ("V", "F15", "award"), ("?", "F05", "open"), ("?", "F06", "award")],
        *[("?", "F04", "planning"), ("2", "F14", "")],
    ],
)
def test_standard_form_status(document, form, status):
    assert one("ted-standard", standard_form(document=document, form=form)).status == status


def test_standard_form_says_who_won():
    award = """<AWARD_CONTRACT><AWARDED_CONTRACT>
      <CONTRACTOR><ADDRESS_CONTRACTOR><OFFICIALNAME>Pompy SA</OFFICIALNAME><COUNTRY VALUE="PL"/>
      </ADDRESS_CONTRACTOR><SME/></CONTRACTOR>
      <CONTRACTOR><ADDRESS_CONTRACTOR><OFFICIALNAME>Big SA</OFFICIALNAME><COUNTRY VALUE="UK"/>
      </ADDRESS_CONTRACTOR><NO_SME/></CONTRACTOR></AWARDED_CONTRACT></AWARD_CONTRACT>"""

    record = one("ted-standard", standard_form(document="7", form="F03", award=award))

    assert record.details["winners"] == [
        {"name": "Pompy SA", "country": "PL", "size": "sme"},
        {"name": "Big SA", "country": "GB", "size": "large"},
    ]


def test_standard_form_without_original_is_refused():
    assert "no original form" in refused("ted-standard", standard_form(original="TRANSLATION")).reason


def test_search_notice_becomes_a_tender():
    record = one("ted-search", notices(notice()))

    assert record.external_id == "534032-2027"
    assert record.title == "Siurbliai"
    assert record.details["title_en"] == "Lithuania – Pumps – Siurbliai"
    assert record.language == "lt"
    assert record.organisation == "Pavyzdžio savivaldybė"
    assert record.countries == ("LT",)
    assert record.deadlines == (date(2027, 2, 1), date(2027, 2, 8))
    assert record.published_on == date(2027, 1, 3)
    assert record.url == "https://ted.example/en"
    assert record.status == "open"
    assert [code.code for code in record.codes] == ["42122000"]
    assert record.details["unknown_codes"] == ["cpv 77777777"]
    assert "ann@" not in record.raw


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("Deutschland – Pumpen – Neubau – Halle 3", "Neubau – Halle 3"),
        ("Deutschland – Pumpen", "Pumpen"),
        ("Neubau – Halle 3 – Pumpen", "Neubau – Halle 3 – Pumpen"),
    ],
)
def test_search_title_loses_what_ted_puts_in_front(title, told):
    record = one("ted-search", notices(notice(**{"notice-title": {"deu": title}, "buyer-name": None})))

    assert (record.title, record.language) == (told, "de")
    assert "title_en" not in record.details


def test_search_notice_is_in_the_language_of_its_description():
    described = {"description-lot": {"est": ["Pumbad"]}, "buyer-name": {"eng": ["Town of Näidis"]}}

    assert one("ted-search", notices(notice(**described))).language == "et"


def test_search_repeats_are_refused_once_each():
    found = notices(notice(), notice(), notice(**{"publication-number": "1-2027"}))

    assert len(records("ted-search", found)) == 2
    assert [refusal.position for refusal in refusals("ted-search", found)] == [2]


def test_search_value_needs_one_currency():
    value = {"total-value": ["250000.50"], "total-value-cur": ["EUR"]}

    assert one("ted-search", notices(notice(**value))).budget == Budget(total=250000.5, currency="EUR")


def test_search_notice_of_odd_shapes_is_read_or_refused():
    odd = notice(**{"notice-title": 7, "buyer-name": [["x"]], "links": "no", "classification-cpv": {"a": 1}})

    assert one("ted-search", notices(odd)).title == "7"
    assert "no title" in refused("ted-search", notices(notice(**{"notice-title": {}}))).reason
