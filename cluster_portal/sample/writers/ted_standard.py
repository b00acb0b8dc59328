"""TED standard forms (R2.0.9): one TED_EXPORT document a notice. F01 planning, F02 contract notice, F03 award."""

from datetime import date
from typing import Any

from babel import Locale
from lxml import etree
from lxml.builder import ElementMaker
from lxml.etree import _Element as Element

from cluster_portal.sample.writers import paragraphs, working_day
from cluster_portal.sample.writers.eforms import country
from core.codelists import cpv, nuts

Record = dict[str, Any]

TED = "http://publications.europa.eu/resource/schema/ted/R2.0.9/publication"
NUTS = "http://publications.europa.eu/resource/schema/ted/2021/nuts"
ted = ElementMaker(namespace=TED, nsmap={None: TED, "n2021": NUTS})
n2021 = ElementMaker(namespace=NUTS)

# Notice kind -> form, code and name of the document type.
FORMS = {
    "planning": ("F01", "0", "Prior information notice without call for competition"),
    "competition": ("F02", "3", "Contract notice"),
    "award": ("F03", "7", "Contract award notice"),
}
NATURES = {"works": ("1", "Works"), "supplies": ("2", "Supplies"), "services": ("4", "Services")}
PROCEDURES = {
    "": ("9", "Not applicable", ""),
    "open": ("1", "Open procedure", "PT_OPEN"),
    "restricted": ("2", "Restricted procedure", "PT_RESTRICTED"),
    "neg-w-call": ("4", "Competitive procedure with negotiation", "PT_COMPETITIVE_NEGOTIATION"),
    "comp-dial": ("C", "Competitive dialogue", "PT_COMPETITIVE_DIALOGUE"),
}


def write(records: list[Record], *, today: date) -> bytes:
    """The one notice in `records` as a TED_EXPORT document."""
    (record,) = records
    published = working_day(today, -record["published_ago"])
    root = ted.TED_EXPORT(
        _technical(record),
        _coded(record, today),
        ted.TRANSLATION_SECTION(_titles(record), ted.ML_AA_NAMES(ted.AA_NAME(record["buyer"], LG=_language(record)))),
        ted.FORM_SECTION(_form(record, today)),
        VERSION="R2.0.9.S05.E01",
        DOC_ID=f"{record['id']:06d}-{published.year}",
        EDITION=f"{published.year}{published.isocalendar().week * 5:03d}",
    )
    etree.indent(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _language(record: Record) -> str:
    return record["language"].upper()


def _compact(day: date) -> str:
    return day.strftime("%Y%m%d")


def _deadline(record: Record, today: date) -> date:
    return working_day(today, record["deadline_in"])


def _technical(record: Record) -> Element:
    return ted.TECHNICAL_SECTION(ted.FORM_LG_LIST(f"{_language(record)} "), ted.COMMENTS("From Convertor"))


def _coded(record: Record, today: date) -> Element:
    published = working_day(today, -record["published_ago"])
    edition = published.isocalendar().week * 5
    reference = ted.REF_OJS(ted.COLL_OJ("S"), ted.NO_OJ(str(edition)), ted.DATE_PUB(_compact(published)))
    number = f"{published.year}/S {edition:03d}-{record['id']:06d}"
    return ted.CODED_DATA_SECTION(reference, _notice_data(record, number), _codified(record, today))


def _notice_data(record: Record, number: str) -> Element:
    region = nuts()[record["nuts"]].label
    return ted.NOTICE_DATA(
        ted.NO_DOC_OJS(number),
        ted.LG_ORIG(_language(record)),
        ted.ISO_COUNTRY(VALUE=country(record)),
        *(ted.ORIGINAL_CPV(cpv()[code].label, CODE=code) for code in record["cpv"]),
        n2021.PERFORMANCE_NUTS(region, CODE=record["nuts"]),
        n2021.CA_CE_NUTS(region, CODE=record["nuts"]),
        *([ted.VALUES(_coded_value(record))] if "value" in record else []),
    )


def _coded_value(record: Record) -> Element:
    kind = "PROCUREMENT_TOTAL" if record["notice"] == "award" else "ESTIMATED_TOTAL"
    return ted.VALUE(f"{record['value']}.00", TYPE=kind, CURRENCY=record["currency"])


def _codified(record: Record, today: date) -> Element:
    _, kind, kind_name = FORMS[record["notice"]]
    nature, nature_name = NATURES[record["contract"]]
    procedure, procedure_name, _ = PROCEDURES[record.get("procedure", "")]
    data = ted.CODIF_DATA(ted.DS_DATE_DISPATCH(_compact(working_day(today, -record["published_ago"] - 3))))
    if "deadline_in" in record:
        data.append(ted.DT_DATE_FOR_SUBMISSION(f"{_compact(_deadline(record, today))} 12:00"))
    data.append(ted.AA_AUTHORITY_TYPE("Regional or local authority", CODE="3"))
    data.append(ted.TD_DOCUMENT_TYPE(kind_name, CODE=kind))
    data.append(ted.NC_CONTRACT_NATURE(nature_name, CODE=nature))
    data.append(ted.PR_PROC(procedure_name, CODE=procedure))
    data.append(ted.RP_REGULATION("European Union", CODE="4"))
    return data


def _titles(record: Record) -> Element:
    label = cpv()[record["cpv"][0]].label
    shown = {"en": label} | ({record["language"]: record["cpv_label"]} if "cpv_label" in record else {})
    return ted.ML_TITLES(*(_title(record, language, text) for language, text in sorted(shown.items())))


def _title(record: Record, language: str, text: str) -> Element:
    name = Locale.parse(language).territories[country(record)]
    return ted.ML_TI_DOC(ted.TI_CY(name), ted.TI_TOWN(record["town"]), ted.TI_TEXT(ted.P(text)), LG=language.upper())


def _form(record: Record, today: date) -> Element:
    form, *_ = FORMS[record["notice"]]
    body = ted(f"{form}_2014", CATEGORY="ORIGINAL", FORM=form, LG=_language(record))
    body.append(ted.LEGAL_BASIS(VALUE="32014L0024"))
    body.append(ted.CONTRACTING_BODY(_address("ADDRESS_CONTRACTING_BODY", record["buyer"], record)))
    body.append(_object(record))
    if record["notice"] != "planning":
        body.append(_procedure(record, today))
    if record["notice"] == "award":
        body.append(_award(record, today))
    return body


def _address(tag: str, name: str, place: Record) -> Element:
    return ted(
        tag,
        ted.OFFICIALNAME(name),
        ted.TOWN(place["town"]),
        ted.COUNTRY(VALUE=country(place)),
        n2021.NUTS(CODE=place["nuts"]),
    )


def _lines(tag: str, text: str) -> Element:
    return ted(tag, *(ted.P(line) for line in paragraphs(text)))


def _object(record: Record) -> Element:
    total = "VAL_TOTAL" if record["notice"] == "award" else "VAL_ESTIMATED_TOTAL"
    lots = record.get("lots", [record])
    return ted.OBJECT_CONTRACT(
        _lines("TITLE", record["title"]),
        ted.CPV_MAIN(ted.CPV_CODE(CODE=record["cpv"][0])),
        ted.TYPE_CONTRACT(CTYPE=record["contract"].upper()),
        _lines("SHORT_DESCR", record["text"]),
        *([ted(total, f"{record['value']}.00", CURRENCY=record["currency"])] if "value" in record else []),
        ted.LOT_DIVISION(ted.LOT_ALL()) if "lots" in record else ted.NO_LOT_DIVISION(),
        *(_lot(record, lot, number) for number, lot in enumerate(lots, start=1)),
    )


def _lot(record: Record, lot: Record, number: int) -> Element:
    own = [] if lot is record else [_lines("TITLE", lot["title"]), ted.LOT_NO(str(number))]
    further = record["cpv"][1:] if lot is record else lot.get("cpv", [])
    return ted.OBJECT_DESCR(
        *own,
        *(ted.CPV_ADDITIONAL(ted.CPV_CODE(CODE=code)) for code in further),
        n2021.NUTS(CODE=record["nuts"]),
        _lines("SHORT_DESCR", lot["text"]),
        *([ted.DURATION(str(record["months"]), TYPE="MONTH")] if "months" in record else []),
        ITEM=str(number),
    )


def _procedure(record: Record, today: date) -> Element:
    procedure = ted.PROCEDURE(ted(PROCEDURES[record["procedure"]][2]))
    if "deadline_in" in record:
        procedure.append(ted.DATE_RECEIPT_TENDERS(_deadline(record, today).isoformat()))
        procedure.append(ted.TIME_RECEIPT_TENDERS("12:00"))
    procedure.append(ted.LANGUAGES(ted.LANGUAGE(VALUE=_language(record))))
    return procedure


def _award(record: Record, today: date) -> Element:
    winner = record["winner"]
    contractor = ted.CONTRACTOR(_address("ADDRESS_CONTRACTOR", winner["name"], winner))
    contractor.append(ted.NO_SME() if winner["size"] == "large" else ted.SME())
    return ted.AWARD_CONTRACT(
        ted.AWARDED_CONTRACT(
            ted.DATE_CONCLUSION_CONTRACT(working_day(today, -record["awarded_ago"]).isoformat()),
            ted.TENDERS(ted.NB_TENDERS_RECEIVED(str(winner["tenders"]))),
            ted.CONTRACTORS(ted.NO_AWARDED_TO_GROUP(), contractor),
            ted.VALUES(ted.VAL_TOTAL(f"{winner['amount']}.00", CURRENCY=record["currency"])),
        ),
        ITEM="1",
    )
