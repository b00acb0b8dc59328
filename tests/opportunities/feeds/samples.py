"""Small invented inputs in the real formats, and ways to read them."""

import json
from typing import Any

from opportunities.feeds import Record, Refusal, read


def read_all(form: str, data: bytes | str, **options: Any) -> list[Record | Refusal]:
    return list(read(form, data.encode() if isinstance(data, str) else data, file="sample", **options))


def records(form: str, data: bytes | str, **options: Any) -> list[Record]:
    return [item for item in read_all(form, data, **options) if isinstance(item, Record)]


def refusals(form: str, data: bytes | str, **options: Any) -> list[Refusal]:
    return [item for item in read_all(form, data, **options) if isinstance(item, Refusal)]


def one(form: str, data: bytes | str, **options: Any) -> Record:
    found = read_all(form, data, **options)
    assert len(found) == 1, found
    assert isinstance(found[0], Record), found[0]
    return found[0]


def refused(form: str, data: bytes | str, **options: Any) -> Refusal:
    found = read_all(form, data, **options)
    assert len(found) == 1, found
    assert isinstance(found[0], Refusal), found[0]
    return found[0]


def topic(**changes: Any) -> dict[str, Any]:
    return {
        "reference": "90000001TOPICSen",
        "topicId": "HORIZON-CL9-2027-01-WATER-04",
        "title": "Smart water networks in small towns",
        "programme": "Horizon Europe",
        "programmeId": "43108390",
        "callIdentifier": "HORIZON-CL9-2027-01",
        "deadline": "2027-02-16",
        "stage": "two-stage",
        "deadlineModel": "single-stage",
        "callStatus": "open",
        "budgetMin": 3000000,
        "budgetMax": 4000000,
        "expectedGrants": 2,
        "keywords": "HORIZON-CL9-2027-01-WATER-04, HORIZON-CL9-2027-01, Leak detection, SARS-CoV-2",
        "description": "Expected Outcome:Towns lose less water.Scope:Size of the network matters.Any size.",
        "topicConditions": '">General conditions1. Admissibility Conditions: see Annex A.',
        "typesOfAction": "HORIZON  Innovation Actions",
        "supportInfo": "Ask helpdesk@agency.example or call +46 470 123 456.",
    } | changes


def topics(*found: dict[str, Any]) -> str:
    return "\n".join(json.dumps(one, ensure_ascii=False) for one in found)


def budget_overview(*lines: dict[str, Any]) -> str:
    return json.dumps({"budgetYearsColumns": ["2027"], "budgetTopicActionMap": {"1": list(lines)}})


def result(**changes: Any) -> dict[str, Any]:
    """A result of the portal's search API; a change to None takes the field away."""
    metadata = {
        "identifier": ["HORIZON-CL9-2027-01-WATER-04"],
        "callIdentifier": ["HORIZON-CL9-2027-01"],
        "callccm2Id": ["90000077"],
        "ccm2Id": ["90000001"],
        "DATASOURCE": ["SEDIA"],
        "language": ["en"],
        "type": ["1"],
        "status": ["31094502"],
        "title": ["Smart water networks in small towns"],
        "frameworkProgramme": ["43108390"],
        "startDate": ["2026-10-01T00:00:00.000+0000"],
        "deadlineDate": ["2027-02-16T00:00:00.000+0000"],
        "deadlineModel": ["single-stage"],
        "keywords": ["HORIZON-CL9-2027-01-WATER-04", "Leak detection", "90000001"],
        "tags": ["Drinking water"],
        "typesOfAction": ["HORIZON  Innovation Actions"],
        "descriptionByte": [
            (
                '<p class="topicdescriptionkind">Expected Outcome:</p><p>Towns lose less water.</p>'
                '<span class="topicdescriptionkind">Scope:</span><ul><li>Sensors</li><li>Valves</li></ul>'
            )
        ],
    } | changes
    return {
        "reference": "90000001TOPICSen",
        "language": "en",
        "metadata": {name: value for name, value in metadata.items() if value is not None},
    }


def page(*results: dict[str, Any]) -> str:
    return json.dumps({"apiVersion": "2.151", "totalResults": len(results), "results": list(results)})


EFORMS_NAMES = (
    'xmlns="urn:oasis:names:specification:ubl:schema:xsd:ContractNotice-2" '
    'xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" '
    'xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2" '
    'xmlns:efac="http://data.europa.eu/p27/eforms-ubl-extension-aggregate-components/1" '
    'xmlns:efbc="http://data.europa.eu/p27/eforms-ubl-extension-basic-components/1" '
    'xmlns:efext="http://data.europa.eu/p27/eforms-ubl-extensions/1" '
    'xmlns:ext="urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2"'
)


def organisation(number: int, name: str, country: str, *, size: str = "", person: str = "") -> str:
    return f"""<efac:Organization>{person}<efac:Company>
      {f"<efbc:CompanySizeCode>{size}</efbc:CompanySizeCode>" if size else ""}
      <cac:PartyIdentification><cbc:ID>ORG-{number:04d}</cbc:ID></cac:PartyIdentification>
      <cac:PartyName><cbc:Name languageID="SWE">{name}</cbc:Name></cac:PartyName>
      <cac:PostalAddress><cac:Country><cbc:IdentificationCode>{country}</cbc:IdentificationCode></cac:Country>
      <cbc:Department>Eve Desk</cbc:Department></cac:PostalAddress>
      <cac:Contact><cbc:Name>Ann Person</cbc:Name><cbc:Telephone>+46 470 123 456</cbc:Telephone>
      <cbc:ElectronicMail>ann@buyer.example</cbc:ElectronicMail></cac:Contact>
      </efac:Company></efac:Organization>"""


def lot(number: int, *, end: str = "2027-03-04+01:00", at: str = "12:00:00+01:00", inside: str = "") -> str:
    return f"""<cac:ProcurementProjectLot><cbc:ID>LOT-{number:04d}</cbc:ID>
      <cac:TenderingProcess><cac:TenderSubmissionDeadlinePeriod><cbc:EndDate>{end}</cbc:EndDate>
      <cbc:EndTime>{at}</cbc:EndTime></cac:TenderSubmissionDeadlinePeriod></cac:TenderingProcess>
      <cac:ProcurementProject><cbc:Name languageID="SWE">Del {number}</cbc:Name>{inside}</cac:ProcurementProject>
      </cac:ProcurementProjectLot>"""


def eforms(
    *,
    form_type: str = "competition",
    notice_type: str = "cn-standard",
    subtype: str = "16",
    lots: str = "",
    title: str = '<cbc:Name languageID="SWE">Pumpar till Blåsjö kommun</cbc:Name>',
    result: str = "",
    organisations: str = "",
    number: str = "<efbc:NoticePublicationID>00041387-2027</efbc:NoticePublicationID>",
    notice_id: str = "<cbc:ID>0a3077fe-0000-4446-be7e-30f75cd98316</cbc:ID>",
    root: str = "ContractNotice",
) -> str:
    return f"""<?xml version="1.0" encoding="UTF-8"?><!-- invented --><{root} {EFORMS_NAMES}>
      <ext:UBLExtensions><ext:UBLExtension><ext:ExtensionContent><efext:EformsExtension>{result}
      <efac:NoticeSubType><cbc:SubTypeCode>{subtype}</cbc:SubTypeCode></efac:NoticeSubType>
      <efac:Organizations>{organisation(1, "Blåsjö kommun", "SWE")}{organisations}<efac:UltimateBeneficialOwner>
      <cbc:FirstName>Dee</cbc:FirstName><cbc:FamilyName>Owner</cbc:FamilyName></efac:UltimateBeneficialOwner>
      </efac:Organizations>
      <efac:Publication>{number}</efac:Publication></efext:EformsExtension></ext:ExtensionContent></ext:UBLExtension></ext:UBLExtensions>
      {notice_id}<cbc:IssueDate>2027-01-18+01:00</cbc:IssueDate><cbc:VersionID>01</cbc:VersionID>
      <cbc:NoticeTypeCode listName="{form_type}">{notice_type}</cbc:NoticeTypeCode>
      <cbc:NoticeLanguageCode>SWE</cbc:NoticeLanguageCode>
      <cac:ContractingParty><cac:Party><cac:PartyIdentification><cbc:ID>ORG-0001</cbc:ID></cac:PartyIdentification>
      </cac:Party></cac:ContractingParty><cac:TenderingProcess><cbc:ProcedureCode>open</cbc:ProcedureCode></cac:TenderingProcess>
      <cac:ProcurementProject>{title}<cbc:Description languageID="SWE">Femton pumpar.</cbc:Description>
      <cac:RequestedTenderTotal><cbc:EstimatedOverallContractAmount currencyID="SEK">450000
      </cbc:EstimatedOverallContractAmount></cac:RequestedTenderTotal>
      <cac:MainCommodityClassification><cbc:ItemClassificationCode>42122000</cbc:ItemClassificationCode>
      </cac:MainCommodityClassification><cac:AdditionalCommodityClassification>
      <cbc:ItemClassificationCode>98765432</cbc:ItemClassificationCode></cac:AdditionalCommodityClassification>
      <cac:RealizedLocation><cac:Address><cbc:CountrySubentityCode>SE212</cbc:CountrySubentityCode>
      <cac:Country><cbc:IdentificationCode>SWE</cbc:IdentificationCode></cac:Country></cac:Address></cac:RealizedLocation>
      </cac:ProcurementProject>{lots or lot(1)}</{root}>"""


def standard_form(*, document: str = "3", form: str = "F02", original: str = "ORIGINAL", award: str = "") -> str:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
    <TED_EXPORT xmlns="http://publications.europa.eu/resource/schema/ted/R2.0.9/publication"
      xmlns:n2021="http://publications.europa.eu/resource/schema/ted/2021/nuts" DOC_ID="007685-2022">
    <CODED_DATA_SECTION><REF_OJS><DATE_PUB>20220107</DATE_PUB></REF_OJS><NOTICE_DATA>
      <NO_DOC_OJS>2022/S 005-007685</NO_DOC_OJS><LG_ORIG>PL</LG_ORIG><ISO_COUNTRY VALUE="PL"/>
      <ORIGINAL_CPV CODE="42122000">Pumps</ORIGINAL_CPV>
      <n2021:PERFORMANCE_NUTS CODE="PL814">Lubelski</n2021:PERFORMANCE_NUTS>
      <VALUES><VALUE TYPE="ESTIMATED_TOTAL" CURRENCY="PLN">90000.50</VALUE></VALUES></NOTICE_DATA>
      <CODIF_DATA><DT_DATE_FOR_SUBMISSION>20220208 16:00</DT_DATE_FOR_SUBMISSION>
      <TD_DOCUMENT_TYPE CODE="{document}">Notice</TD_DOCUMENT_TYPE>
      <PR_PROC CODE="1">Open procedure</PR_PROC></CODIF_DATA>
    </CODED_DATA_SECTION>
    <TRANSLATION_SECTION><ML_TITLES><ML_TI_DOC LG="EN"><TI_CY>Poland</TI_CY><TI_TOWN>Lublin</TI_TOWN>
      <TI_TEXT><P>Pumps</P></TI_TEXT></ML_TI_DOC></ML_TITLES></TRANSLATION_SECTION>
    <FORM_SECTION>
      <{form}_2014 CATEGORY="TRANSLATION" FORM="{form}" LG="EN"><OBJECT_CONTRACT><TITLE><P>A translation</P></TITLE>
      </OBJECT_CONTRACT></{form}_2014>
      <{form}_2014 CATEGORY="{original}" FORM="{form}" LG="PL">
      <CONTRACTING_BODY><ADDRESS_CONTRACTING_BODY><OFFICIALNAME>Gmina Przykładowo</OFFICIALNAME>
        <CONTACT_POINT>Ann Person</CONTACT_POINT><PHONE>+48 123456789</PHONE><E_MAIL>ann@gmina.example</E_MAIL>
        </ADDRESS_CONTRACTING_BODY></CONTRACTING_BODY>
      <OBJECT_CONTRACT><TITLE><P>Dostawa pomp</P></TITLE><SHORT_DESCR><P>Piętnaście pomp.</P>
        <P>Pytania: bob@gmina.example</P></SHORT_DESCR>
        <OBJECT_DESCR><TITLE><P>Część 1</P></TITLE></OBJECT_DESCR></OBJECT_CONTRACT>{award}
      <PROCEDURE><MEMBER_NAME>Fay Juror</MEMBER_NAME></PROCEDURE></{form}_2014></FORM_SECTION></TED_EXPORT>"""


def notice(**changes: Any) -> dict[str, Any]:
    """A notice as the TED search API answers."""
    return {
        "publication-number": "00534032-2027",
        "publication-date": "2027-01-03+01:00",
        "notice-title": {"lit": ["Siurbliai"], "eng": ["Lithuania – Pumps – Siurbliai"]},
        "buyer-name": {"lit": ["Pavyzdžio savivaldybė"]},
        "buyer-country": ["LTU"],
        "classification-cpv": ["42122000", "42122000", "77777777"],
        "deadline-receipt-tender-date-lot": ["2027-02-08+02:00", "2027-02-01+02:00", "2027-02-08+02:00"],
        "notice-type": "cn-standard",
        "buyer-email": ["ann@buyer.example"],
        "links": {"html": {"DEU": "https://ted.example/de", "ENG": "https://ted.example/en"}},
    } | changes


def notices(*found: dict[str, Any]) -> str:
    return json.dumps({"notices": list(found), "totalNoticeCount": len(found), "timedOut": False})


def profile_v6(**changes: str) -> str:
    told = {
        "external": "BOSE20270115001",
        "type": "BO",
        "title": "Swedish maker of leak sensors offers a distribution agreement",
        "summary": "A company from Kronoberg:\n  - makes sensors\n  - looks for agents",
        "description": "Sensors for pipes.",
        "country": "SE",
        "deadline": "2028-01-15T00:00:00",
        "submit": "2027-01-15T00:00:00",
        "more": "",
    } | changes
    return f"""<profile><reference><type>{told["type"]}</type><external>{told["external"]}</external></reference>
      <datum><submit>{told["submit"]}</submit><update>2027-01-20T10:00:00</update>
      <deadline>{told["deadline"]}</deadline></datum>
      <content><title>{told["title"]}</title><summary>{told["summary"]}</summary>
      <description>{told["description"]}</description></content>
      <company><country><key>{told["country"]}</key><label>Sweden</label></country></company>
      <cooperation><plusvalue>Cheap</plusvalue><stagedev><stage>Already on the market</stage></stagedev>
      <partner><sought>Agents in Finland</sought><area>Water</area></partner></cooperation>
      <partnerships><string>Commercial agency agreement</string></partnerships>
      <eoi><status>true</status></eoi>
      <keyword><technologies><technology><key>006005002</key><label>Photovoltaics</label></technology></technologies>
      <naces><nace><label>26.51</label></nace></naces></keyword>
      <contact><organization>Sydkust desk</organization><fullname>Ann Person</fullname><phone>+46 470 1</phone>
      <email>ann@sydkust.example</email></contact>{told["more"]}</profile>"""


def event_v6(**changes: str) -> str:
    told = {
        "start": "2027-05-04T09:00:00",
        "end": "2027-05-05",
        "register": "2027-04-20",
        "status": "Published",
    } | changes
    return f"""<event><EventTitle>Water brokerage</EventTitle><Description>Meet &amp; greet</Description>
      <EventStartDate>{told["start"]}</EventStartDate><EventEndDate>{told["end"]}</EventEndDate>
      <DeadlineForRegistering>{told["register"]}</DeadlineForRegistering><CountryISO>EE</CountryISO><City>Tartu</City>
      <HostOrganisation>Emajõe Water Cluster</HostOrganisation><Status>{told["status"]}</Status></event>"""


def profile(**changes: Any) -> dict[str, Any]:
    """A profile as the present POD names its fields."""
    return {
        "id": 17,
        "reference": "TRSE20270301002",
        "created": "2027-03-01T08:00:00",
        "publicationDate": "2027-03-01T08:00:00",
        "profileType": "TR",
        "profileStatus": "PUBLISHED",
        "openForEOI": True,
        "title": "Water utility seeks leak detection",
        "shortSummary": "A utility looks for sensors.",
        "description": "<p>Pipes leak.</p><ul><li>old</li><li>long</li></ul>",
        "partnerOrganisationCountry": {"code": "SE", "name": "Sweden"},
        "targetedCountries": [{"code": "FI", "name": "Finland"}, "Denmark"],
        "typesAndSizes": ["SME <=10", "SME 50-249", "University"],
        "technologyKeywords": [{"code": "06003002", "name": "Photovoltaics"}],
        "marketKeywords": ["08002005 - Water treatment equipment"],
        "sdgKeywords": ["Clean water"],
        "technicalSpecificationOrExpertiseSought": "Acoustic sensors",
        "deadlineForEoI": "2027-09-01T00:00:00",
        "expirationDate": "2028-03-01T00:00:00",
        "publicURL": "https://een.example/TRSE20270301002",
        "contactPerson": {"fullName": "Ann Person", "email": "ann@sydkust.example"},
    } | changes
