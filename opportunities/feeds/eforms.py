"""TED eForms: one notice a file, UBL XML of the eForms SDK.

Elements are reached by their place in the schema; organisations are named by id and resolved in the notice's extension.
"""

from collections.abc import Iterator
from functools import partial
from itertools import islice

from lxml import etree

from opportunities.feeds import building, dates, eforms_parties, ted, xml
from opportunities.feeds.codes import countries
from opportunities.feeds.eforms_schema import CONTACTS, NOTICES, all_at, text_at, texts_at, variants
from opportunities.feeds.types import Budget, Found, Kind, NotThisFormat, Record, Refusal, Unreadable

_MOST_LOTS = 500
_DEADLINES = (
    "cac:TenderingProcess/cac:TenderSubmissionDeadlinePeriod",
    "cac:TenderingProcess/cac:ParticipationRequestReceptionPeriod",
    "cac:TenderingProcess//efac:InterestExpressionReceptionPeriod",
)


def read(data: bytes) -> Iterator[Found]:
    """The notice as one record, or its refusal. Raises NotThisFormat."""
    name, attributes = xml.root_name(data)
    if name and (name not in NOTICES and "urn:oasis:names:specification:ubl" not in attributes):
        raise NotThisFormat(
            f"This file is no eForms notice: its first element is {name}, not ContractNotice or the like."
        )
    try:
        root = xml.document(data)
    except xml.BrokenXml as fault:
        return iter([(1, Refusal("", 1, str(fault)))])
    if xml.local(root) not in NOTICES:
        raise NotThisFormat(f"This file is no eForms notice: its first element is {xml.local(root)[:80]}.")
    return _one(root)


def _one(root: etree._Element) -> Iterator[Found]:
    eforms_parties.forget_people(root)
    raw = xml.without_contacts_xml(root, CONTACTS)
    try:
        yield 1, _record(root, raw)
    except Unreadable as fault:
        yield 1, Refusal("", 1, fault.reason, raw)


def _record(root: etree._Element, raw: str) -> Record:
    form_type = next((found.get("listName", "") for found in all_at(root, "cbc:NoticeTypeCode")), "")
    subtype = text_at(root, ".//efac:NoticeSubType/cbc:SubTypeCode")
    if form_type == "bri" or subtype.startswith("X"):
        raise Unreadable(f"This notice registers a company (subtype {subtype}); it is no opportunity. Skip it.")
    own = text_at(root, "cbc:NoticeLanguageCode")
    lots = list(islice(all_at(root, "cac:ProcurementProjectLot"), _MOST_LOTS))
    title, language = _title(root, lots, own)
    number = ted.publication(text_at(root, ".//efbc:NoticePublicationID"))
    draft = building.Draft(
        kind=Kind.TENDER,
        external_id=number or _unpublished_id(root),
        title=title,
        description=_description(root, lots, language or own),
        organisation="; ".join(eforms_parties.buyers(root, language or own)),
        countries=_countries(root),
        budget=_budget(root, lots),
        url=ted.address(number) or _documents(root),
        language=language or own,
        status=ted.status(form_type, text_at(root, "cbc:NoticeTypeCode")),
    )
    _codes(root, draft)
    _dates(root, lots, draft)
    draft.details = _details(root, lots, draft, subtype)
    return draft.finished(raw)


def _unpublished_id(root: etree._Element) -> str:
    notice = text_at(root, "cbc:ID")
    version = text_at(root, "cbc:VersionID")
    return f"{notice}-{version}" if notice and version else notice


def _title(root: etree._Element, lots: list[etree._Element], own: str) -> tuple[str, str]:
    title = ted.preferred(variants(root, "cac:ProcurementProject/cbc:Name"), own)
    if title[0] or not lots:
        return title
    return ted.preferred(variants(lots[0], "cac:ProcurementProject/cbc:Name"), own)


def _description(root: etree._Element, lots: list[etree._Element], language: str) -> str:
    parts = [ted.preferred(variants(root, "cac:ProcurementProject/cbc:Description"), language)[0]]
    for lot in lots:
        name = ted.preferred(variants(lot, "cac:ProcurementProject/cbc:Name"), language)[0]
        words = ted.preferred(variants(lot, "cac:ProcurementProject/cbc:Description"), language)[0]
        heading = f"{text_at(lot, 'cbc:ID')}: {name}" if len(lots) > 1 and name else ""
        parts += [part for part in (heading, words) if part and part not in parts]
    return "\n\n".join(part for part in parts if part)


def _countries(root: etree._Element) -> tuple[str, ...]:
    places = ".//cac:RealizedLocation/cac:Address"
    found = countries(
        [
            *texts_at(root, f"{places}/cac:Country/cbc:IdentificationCode"),
            *texts_at(root, f"{places}/cbc:CountrySubentityCode"),
        ]
    )
    return found or countries(eforms_parties.buyer_countries(root))


def _codes(root: etree._Element, draft: building.Draft) -> None:
    for place in ("cac:ProcurementProject", "cac:ProcurementProjectLot/cac:ProcurementProject"):
        for classification in ("cac:MainCommodityClassification", "cac:AdditionalCommodityClassification"):
            draft.codes.add_all("cpv", texts_at(root, f"{place}/{classification}/cbc:ItemClassificationCode"))
    regions = texts_at(root, ".//cac:RealizedLocation/cac:Address/cbc:CountrySubentityCode")
    draft.codes.add_all("nuts", (region for region in regions if len(region) > len("SE")))


def _dates(root: etree._Element, lots: list[etree._Element], draft: building.Draft) -> None:
    for period in (found for lot in lots for path in _DEADLINES for found in all_at(lot, path)):
        at = text_at(period, "cbc:EndTime")
        draft.deadline(text_at(period, "cbc:EndDate"), partial(dates.moment, at=at))
    published = text_at(root, ".//efac:Publication/efbc:PublicationDate") or text_at(root, "cbc:IssueDate")
    draft.published_on = draft.day("publication date", published)
    draft.opens_on = draft.day("planned date", text_at(root, "cbc:PlannedDate"))


def _amounts(element: etree._Element, path: str) -> Iterator[tuple[float | None, str]]:
    for found in all_at(element, path):
        yield building.amount(xml.content(found)), found.get("currencyID", "")


def _budget(root: etree._Element, lots: list[etree._Element]) -> Budget | None:
    """The result's total, else the procedure's estimate, else the sum of the lots' estimates."""
    estimate = "cac:ProcurementProject/cac:RequestedTenderTotal/cbc:EstimatedOverallContractAmount"
    for amounts in (
        list(_amounts(root, ".//efac:NoticeResult/cbc:TotalAmount")),
        list(_amounts(root, estimate)),
        [amount for lot in lots for amount in _amounts(lot, estimate)],
    ):
        if budget := ted.money(amounts):
            return budget
    return None


def _documents(root: etree._Element) -> str:
    places = (".//cac:CallForTendersDocumentReference//cbc:URI", "cac:ContractingParty/cbc:BuyerProfileURI")
    return next((found for place in places for found in texts_at(root, place) if found.startswith("http")), "")


def _details(
    root: etree._Element, lots: list[etree._Element], draft: building.Draft, subtype: str
) -> dict[str, object]:
    procedure = text_at(root, "cac:TenderingProcess/cbc:ProcedureCode")
    return {
        "note": ted.TOLD.get(draft.status, ""),
        "notice_subtype": subtype,
        "notice_type": text_at(root, "cbc:NoticeTypeCode"),
        "procedure": ted.PROCEDURES.get(procedure, procedure),
        "contract_nature": text_at(root, "cac:ProcurementProject/cbc:ProcurementTypeCode"),
        "changes_notice": text_at(root, ".//efbc:ChangedNoticeIdentifier"),
        "change": " ".join(texts_at(root, ".//efac:Changes//efbc:ChangeDescription")),
        "documents": _documents(root),
        "suitable_for_smes": True if "true" in texts_at(root, ".//cbc:SMESuitableIndicator") else None,
        "lots": [_lot(lot, draft.language) for lot in lots] if len(lots) > 1 else [],
        "winners": eforms_parties.winners(root, draft.language),
    }


def _lot(lot: etree._Element, language: str) -> dict[str, object]:
    return {
        "id": text_at(lot, "cbc:ID"),
        "title": ted.preferred(variants(lot, "cac:ProcurementProject/cbc:Name"), language)[0],
        "deadline": next((day for path in _DEADLINES for day in texts_at(lot, f"{path}/cbc:EndDate")), "")[:10],
        "cpv": texts_at(lot, "cac:ProcurementProject/cac:MainCommodityClassification/cbc:ItemClassificationCode"),
    }
