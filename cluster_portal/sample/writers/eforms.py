"""eForms notices (UBL 2.3, eForms SDK): one XML document a notice, for calls, planning notices and awards."""

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from lxml import etree
from lxml.builder import ElementMaker
from lxml.etree import _Element as Element

from cluster_portal.sample.writers import paragraphs, working_day

Record = dict[str, Any]

UBL = "urn:oasis:names:specification:ubl:schema:xsd"
EFORMS = "http://data.europa.eu/p27"
NAMESPACES = {
    "cac": f"{UBL}:CommonAggregateComponents-2",
    "cbc": f"{UBL}:CommonBasicComponents-2",
    "efac": f"{EFORMS}/eforms-ubl-extension-aggregate-components/1",
    "efbc": f"{EFORMS}/eforms-ubl-extension-basic-components/1",
    "efext": f"{EFORMS}/eforms-ubl-extensions/1",
    "ext": f"{UBL}:CommonExtensionComponents-2",
}
cac, cbc, efac, efbc, efext, ext = (ElementMaker(namespace=uri) for uri in NAMESPACES.values())

# Notice kind -> document element, eForms notice type, its code list, eForms subtype.
KINDS = {
    "competition": ("ContractNotice", "cn-standard", "competition", "16"),
    "planning": ("PriorInformationNotice", "pin-only", "planning", "4"),
    "award": ("ContractAwardNotice", "can-standard", "result", "29"),
}
COUNTRIES = {
    "DE": "DEU", "DK": "DNK", "EE": "EST", "ES": "ESP", "FI": "FIN", "FR": "FRA", "IE": "IRL", "IT": "ITA",
    "LT": "LTU", "LV": "LVA", "NL": "NLD", "NO": "NOR", "PL": "POL", "SE": "SWE",
}  # fmt: skip
LANGUAGES = {
    "de": "DEU", "en": "ENG", "es": "SPA", "fi": "FIN", "fr": "FRA", "it": "ITA", "nl": "NLD", "pl": "POL", "sv": "SWE",
}  # fmt: skip
ZONES = {
    "EE": "Europe/Tallinn", "FI": "Europe/Helsinki", "IE": "Europe/Dublin", "LT": "Europe/Vilnius", "LV": "Europe/Riga",
}  # fmt: skip
NOON = time(12)


def write(records: list[Record], *, today: date) -> bytes:
    """The one notice in `records` as an eForms document."""
    (record,) = records
    root_name, *_ = KINDS[record["notice"]]
    root = etree.Element(f"{{{UBL}:{root_name}-2}}{root_name}", nsmap={None: f"{UBL}:{root_name}-2", **NAMESPACES})
    root.append(_extensions(record, today))
    root.extend(_head(record, today))
    root.append(_buyer_role(record))
    if record["notice"] != "planning":
        root.append(cac.TenderingProcess(cbc.ProcedureCode(record["procedure"], listName="procurement-procedure-type")))
    root.append(_project(record, record, "eforms-procedure"))
    root.extend(_lots(record, today))
    if record["notice"] == "award":
        root.append(cac.TenderResult(cbc.AwardDate(zoned(record, working_day(today, -record["awarded_ago"])))))
    etree.indent(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def country(record: Record) -> str:
    """The country of a tender as ISO 3166 alpha-2: the first two letters of its NUTS code."""
    return record["nuts"][:2]


def publication_number(record: Record, today: date) -> str:
    """The notice's number in the Official Journal with its year, as eForms writes it."""
    return f"{record['id']:08d}-{working_day(today, -record['published_ago']).year}"


def _language(record: Record) -> str:
    return LANGUAGES[record["language"]]


def _text(record: Record, tag: str, text: str) -> Element:
    return cbc(tag, text, languageID=_language(record))


def zoned(record: Record, day: date) -> str:
    """`day` as TED writes a date: with the offset from UTC of the tender's country, for example 2026-09-08+02:00."""
    return f"{day.isoformat()}{_offset(record, day)}"


def _noon(record: Record, day: date) -> str:
    return f"{NOON.isoformat()}{_offset(record, day)}"


def _offset(record: Record, day: date) -> str:
    zone = ZoneInfo(ZONES.get(country(record), "Europe/Brussels"))
    return datetime.combine(day, NOON, zone).isoformat()[-6:]


def _extension(*children: Element) -> Element:
    content = ext.ExtensionContent(efext.EformsExtension(*children))
    return ext.UBLExtensions(ext.UBLExtension(content))


def _extensions(record: Record, today: date) -> Element:
    organisations = [_company("ORG-0001", record["buyer"], record)]
    if winner := record.get("winner"):
        organisations.append(_company("ORG-0002", winner["name"], winner, size=winner["size"]))
    published = working_day(today, -record["published_ago"])
    return _extension(
        *([_result(record, today)] if record["notice"] == "award" else []),
        efac.NoticeSubType(cbc.SubTypeCode(KINDS[record["notice"]][3], listName="notice-subtype")),
        efac.Organizations(*organisations),
        efac.Publication(
            efbc.NoticePublicationID(publication_number(record, today), schemeName="ojs-notice-id"),
            efbc.GazetteID(f"{published.isocalendar().week * 5}/{published.year}", schemeName="ojs-id"),
            efbc.PublicationDate(zoned(record, published)),
        ),
    )


def _company(identifier: str, name: str, place: Record, *, size: str = "") -> Element:
    address = cac.PostalAddress(cbc.CityName(place["town"]))
    address.append(cbc.CountrySubentityCode(place["nuts"], listName="nuts"))
    address.append(cac.Country(cbc.IdentificationCode(COUNTRIES[country(place)], listName="country")))
    return efac.Organization(
        efac.Company(
            *([efbc.CompanySizeCode(size, listName="economic-operator-size")] if size else []),
            cac.PartyIdentification(_reference(identifier, "organization")),
            cac.PartyName(cbc.Name(name)),
            address,
        )
    )


def _result(record: Record, today: date) -> Element:
    """The award of the one lot: which tender won, whose it is, and the contract that settles it."""
    winner = record["winner"]
    tender, party, contract, lot = (
        ("TEN-0001", "tender"),
        ("TPA-0001", "tendering-party"),
        ("CON-0001", "contract"),
        ("LOT-0000", "Lot"),
    )
    amount = cbc.PayableAmount(str(winner["amount"]), currencyID=record["currency"])
    concluded = zoned(record, working_day(today, -record["awarded_ago"]))
    return efac.NoticeResult(
        efac.LotResult(
            _reference("RES-0001", "result"),
            cbc.TenderResultCode("selec-w", listName="winner-selection-status"),
            efac.LotTender(_reference(*tender)),
            efac.ReceivedSubmissionsStatistics(
                efbc.StatisticsCode("tenders", listName="received-submission-type"),
                efbc.StatisticsNumeric(str(winner["tenders"])),
            ),
            efac.SettledContract(_reference(*contract)),
            efac.TenderLot(_reference(*lot)),
        ),
        efac.LotTender(
            _reference(*tender),
            cac.LegalMonetaryTotal(amount),
            efac.TenderingParty(_reference(*party)),
            efac.TenderLot(_reference(*lot)),
        ),
        efac.SettledContract(_reference(*contract), cbc.IssueDate(concluded), efac.LotTender(_reference(*tender))),
        efac.TenderingParty(_reference(*party), efac.Tenderer(_reference("ORG-0002", "organization"))),
    )


def _reference(identifier: str, scheme: str) -> Element:
    return cbc.ID(identifier, schemeName=scheme)


def _head(record: Record, today: date) -> list[Element]:
    _, notice_type, code_list, _ = KINDS[record["notice"]]
    sent = working_day(today, -record["published_ago"] - 3)
    identity = f"https://havsbris.example/notices/{record['id']}"
    return [
        cbc.UBLVersionID("2.3"),
        cbc.CustomizationID("eforms-sdk-1.13"),
        cbc.ID(str(uuid5(NAMESPACE_URL, identity)), schemeName="notice-id"),
        cbc.ContractFolderID(str(uuid5(NAMESPACE_URL, f"{identity}/folder"))),
        cbc.IssueDate(zoned(record, sent)),
        cbc.IssueTime(_noon(record, sent)),
        cbc.VersionID("01"),
        cbc.RegulatoryDomain("32014L0024"),
        cbc.NoticeTypeCode(notice_type, listName=code_list),
        cbc.NoticeLanguageCode(_language(record), listName="language"),
    ]


def _buyer_role(record: Record) -> Element:
    return cac.ContractingParty(
        cac.ContractingPartyType(cbc.PartyTypeCode(record.get("buyer_type", "la"), listName="buyer-legal-type")),
        cac.ContractingActivity(cbc.ActivityTypeCode(record.get("activity", "gen-pub"), listName="authority-activity")),
        cac.Party(cac.PartyIdentification(_reference("ORG-0001", "organization"))),
    )


def _project(record: Record, part: Record, internal: str, *period: Element) -> Element:
    main, *further = part.get("cpv", record["cpv"])
    value = part.get("value")
    return cac.ProcurementProject(
        _reference(internal, "InternalID"),
        _text(record, "Name", part["title"]),
        _text(record, "Description", "\n\n".join(paragraphs(part["text"]))),
        cbc.ProcurementTypeCode(record["contract"], listName="contract-nature"),
        *([_estimate(value, record["currency"])] if value else []),
        cac.MainCommodityClassification(cbc.ItemClassificationCode(main, listName="cpv")),
        *(cac.AdditionalCommodityClassification(cbc.ItemClassificationCode(code, listName="cpv")) for code in further),
        _place(record),
        *period,
    )


def _estimate(value: int, currency: str) -> Element:
    amount = cbc.EstimatedOverallContractAmount(str(value), currencyID=currency)
    return cac.RequestedTenderTotal(amount)


def _place(record: Record) -> Element:
    return cac.RealizedLocation(
        cac.Address(
            cbc.CityName(record["town"]),
            cbc.CountrySubentityCode(record["nuts"], listName="nuts"),
            cac.Country(cbc.IdentificationCode(COUNTRIES[country(record)], listName="country")),
        )
    )


def _lots(record: Record, today: date) -> Iterator[Element]:
    """The lots, numbered from 1; a notice without lots still has one, numbered 0, that repeats it."""
    if "lots" not in record:
        yield _lot(record, record, 0, today)
        return
    for number, lot in enumerate(record["lots"], start=1):
        yield _lot(record, lot, number, today)


def _lot(record: Record, lot: Record, number: int, today: date) -> Element:
    prefix, scheme = ("PAR", "Part") if record["notice"] == "planning" else ("LOT", "Lot")
    return cac.ProcurementProjectLot(
        _reference(f"{prefix}-{number:04d}", scheme),
        _lot_terms(record),
        _lot_process(record, today),
        _project(record, lot, str(number), _period(record, today)),
    )


def _lot_terms(record: Record) -> Element:
    documents = f"https://tenders.example/{record['id']}"
    return cac.TenderingTerms(
        cbc.FundingProgramCode("eu-funds" if record.get("eu_funds") else "no-eu-funds", listName="eu-funded"),
        cac.CallForTendersDocumentReference(
            cbc.ID(str(record["id"])),
            cbc.DocumentType("non-restricted-document"),
            cac.Attachment(cac.ExternalReference(cbc.URI(documents))),
        ),
        cac.Language(cbc.ID(_language(record))),
    )


def _lot_process(record: Record, today: date) -> Element:
    process = cac.TenderingProcess(cbc.SubmissionMethodCode("required", listName="esubmission"))
    if "deadline_in" in record:
        day = working_day(today, record["deadline_in"])
        end_date, end_time = cbc.EndDate(zoned(record, day)), cbc.EndTime(_noon(record, day))
        process.append(cac.TenderSubmissionDeadlinePeriod(end_date, end_time))
    return process


def _period(record: Record, today: date) -> Element:
    if "starts_in" in record:
        return cac.PlannedPeriod(cbc.StartDate(zoned(record, working_day(today, record["starts_in"]))))
    return cac.PlannedPeriod(cbc.DurationMeasure(str(record["months"]), unitCode="MONTH"))
