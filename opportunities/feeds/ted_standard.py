"""TED standard forms (2014 directives, published until 2023): TED_EXPORT XML, one notice a file.

The body is read from the original form; the others in the file are translations of it.
"""

from collections.abc import Iterator
from itertools import islice

from lxml import etree

from opportunities.feeds import building, ted, xml
from opportunities.feeds.codes import countries
from opportunities.feeds.types import Budget, Found, Kind, NotThisFormat, Record, Refusal, Unreadable

# Elements that name people, beside those whose names say so: the jury of a design contest, the person to write to.
CONTACTS = {"MEMBER_NAME", "ATTENTION"}
_DOCUMENTS = {"0": ted.PLANNING, "3": ted.OPEN, "7": ted.AWARD, "A": ted.OPEN, "D": ted.OPEN, "V": ted.AWARD}
_FORMS = {
    **dict.fromkeys(("F01", "F04", "F08", "F16"), ted.PLANNING),
    **dict.fromkeys(("F02", "F05", "F07", "F12", "F17", "F19", "F24"), ted.OPEN),
    **dict.fromkeys(("F03", "F06", "F13", "F15", "F18", "F20", "F25"), ted.AWARD),
}
_CORRECTION = "F14"
_MOST_LOTS = 500
_CODED = "{*}CODED_DATA_SECTION/"
_NOTICE = f"{_CODED}{{*}}NOTICE_DATA/"
_CODIFIED = f"{_CODED}{{*}}CODIF_DATA/"


def read(data: bytes) -> Iterator[Found]:
    """The notice as one record, or its refusal. Raises NotThisFormat."""
    name, _ = xml.root_name(data)
    if name and name != "TED_EXPORT":
        raise NotThisFormat(f"This file is no TED standard form: its first element is {name[:80]}, not TED_EXPORT.")
    try:
        root = xml.document(data)
    except xml.BrokenXml as fault:
        return iter([(1, Refusal("", 1, str(fault)))])
    if xml.local(root) != "TED_EXPORT":
        raise NotThisFormat(f"This file is no TED standard form: its first element is {xml.local(root)[:80]}.")
    return _one(root)


def _one(root: etree._Element) -> Iterator[Found]:
    raw = xml.without_contacts_xml(root, CONTACTS)
    try:
        yield 1, _record(root, raw)
    except Unreadable as fault:
        yield 1, Refusal("", 1, fault.reason, raw)


def _attribute(root: etree._Element, path: str, name: str) -> str:
    found = root.find(path)
    return "" if found is None else found.get(name, "")


def _attributes(root: etree._Element, path: str, name: str) -> list[str]:
    return [found.get(name, "") for found in root.iterfind(path)]


def _record(root: etree._Element, raw: str) -> Record:
    form = _original(root)
    number = ted.publication(root.get("DOC_ID", ""))
    kind = form.get("FORM", "")[:3] or xml.local(form)[:3]
    language = form.get("LG", "") or xml.content(root, f"{_NOTICE}{{*}}LG_ORIG")
    draft = building.Draft(
        kind=Kind.TENDER,
        external_id=number,
        title=_paragraphs(form, "{*}OBJECT_CONTRACT/{*}TITLE") or _english_title(root),
        description=_description(form),
        organisation=_organisation(root, form),
        countries=_countries(root),
        budget=_budget(root, form),
        url=ted.address(number),
        language=language,
        status=_status(root, kind),
        published_on=None,
    )
    draft.published_on = draft.day("publication date", xml.content(root, f"{_CODED}{{*}}REF_OJS/{{*}}DATE_PUB"))
    draft.codes.add_all("cpv", _attributes(root, f"{_NOTICE}{{*}}ORIGINAL_CPV", "CODE"))
    draft.codes.add_all("cpv", _attributes(form, ".//{*}CPV_CODE", "CODE"))
    draft.codes.add_all("nuts", (region for region in _regions(root) if len(region) > len("SE")))
    submission = xml.content(root, f"{_CODIFIED}{{*}}DT_DATE_FOR_SUBMISSION")
    draft.deadline(submission)
    draft.details = _details(root, form, draft, kind) | {"deadline_local_time": submission[9:]}
    return draft.finished(raw)


def _original(root: etree._Element) -> etree._Element:
    forms = [form for form in root.iterfind("{*}FORM_SECTION/*") if form.get("CATEGORY")]
    found = next((form for form in forms if form.get("CATEGORY") == "ORIGINAL"), None)
    if found is None:
        raise Unreadable('The notice has no original form (CATEGORY="ORIGINAL"). Get it from TED again.')
    return found


def _paragraphs(element: etree._Element, path: str) -> str:
    found = element.find(path)
    if found is None:
        return ""
    return "\n\n".join(xml.contents(found, "{*}P")) or xml.content(found)


def _english_title(root: etree._Element) -> str:
    """TED's own title: "Country-Town: label of the main CPV code"."""
    for title in root.iterfind("{*}TRANSLATION_SECTION/{*}ML_TITLES/{*}ML_TI_DOC"):
        if title.get("LG") == "EN":
            place = "-".join(
                part for part in (xml.content(title, "{*}TI_CY"), xml.content(title, "{*}TI_TOWN")) if part
            )
            return f"{place}: {_paragraphs(title, '{*}TI_TEXT')}"
    return ""


def _lots(form: etree._Element) -> list[etree._Element]:
    return list(islice(form.iterfind("{*}OBJECT_CONTRACT/{*}OBJECT_DESCR"), _MOST_LOTS))


def _description(form: etree._Element) -> str:
    parts = [_paragraphs(form, "{*}OBJECT_CONTRACT/{*}SHORT_DESCR")]
    for lot in _lots(form):
        for path in ("{*}TITLE", "{*}SHORT_DESCR"):
            words = _paragraphs(lot, path)
            parts += [words] if words and words not in parts else []
    return "\n\n".join(part for part in parts if part)


def _organisation(root: etree._Element, form: etree._Element) -> str:
    own = xml.content(form, "{*}CONTRACTING_BODY/{*}ADDRESS_CONTRACTING_BODY/{*}OFFICIALNAME")
    return own or xml.content(root, "{*}TRANSLATION_SECTION/{*}ML_AA_NAMES/{*}AA_NAME")


def _regions(root: etree._Element) -> list[str]:
    return _attributes(root, f"{_NOTICE}{{*}}PERFORMANCE_NUTS", "CODE") or _attributes(
        root, f"{_NOTICE}{{*}}ORIGINAL_NUTS", "CODE"
    )


def _countries(root: etree._Element) -> tuple[str, ...]:
    return countries(_regions(root)) or countries(_attributes(root, f"{_NOTICE}{{*}}ISO_COUNTRY", "VALUE"))


def _status(root: etree._Element, kind: str) -> str:
    """The document type where its meaning is certain, else the form; a correction is neither open nor an award."""
    if kind == _CORRECTION:
        return ""
    document = _attribute(root, f"{_CODIFIED}{{*}}TD_DOCUMENT_TYPE", "CODE")
    return _DOCUMENTS.get(document, "") or _FORMS.get(kind, "")


def _budget(root: etree._Element, form: etree._Element) -> Budget | None:
    for path in ("{*}OBJECT_CONTRACT/{*}VAL_TOTAL", "{*}OBJECT_CONTRACT/{*}VAL_ESTIMATED_TOTAL"):
        found = form.find(path)
        if found is not None and (
            budget := ted.money([(building.amount(xml.content(found)), found.get("CURRENCY", ""))])
        ):
            return budget
    values = list(root.iterfind(f"{_NOTICE}{{*}}VALUES/{{*}}VALUE"))[:1]
    return ted.money((building.amount(xml.content(value)), value.get("CURRENCY", "")) for value in values)


def _details(root: etree._Element, form: etree._Element, draft: building.Draft, kind: str) -> dict[str, object]:
    lots = _lots(form)
    correction = "This notice corrects an earlier one." if kind == _CORRECTION else ""
    return {
        "note": correction or ted.TOLD.get(draft.status, ""),
        "form": kind,
        "title_en": _english_title(root),
        "notice_type": xml.content(root, f"{_CODIFIED}{{*}}TD_DOCUMENT_TYPE"),
        "procedure": xml.content(root, f"{_CODIFIED}{{*}}PR_PROC"),
        "contract_nature": xml.content(root, f"{_CODIFIED}{{*}}NC_CONTRACT_NATURE"),
        "changes_notice": xml.content(root, f"{_NOTICE}{{*}}REF_NOTICE/{{*}}NO_DOC_OJS"),
        "documents": xml.content(form, "{*}CONTRACTING_BODY/{*}URL_DOCUMENT"),
        "lots": [
            {"id": xml.content(lot, "{*}LOT_NO"), "title": _paragraphs(lot, "{*}TITLE")}
            for lot in lots
            if len(lots) > 1
        ],
        "winners": list(islice(_winners(form), _MOST_LOTS)),
    }


def _winners(form: etree._Element) -> Iterator[dict[str, str]]:
    seen: set[tuple[str, str]] = set()
    for contractor in form.iterfind("{*}AWARD_CONTRACT//{*}CONTRACTOR"):
        name = xml.content(contractor, "{*}ADDRESS_CONTRACTOR/{*}OFFICIALNAME")
        country = "".join(countries(_attributes(contractor, "{*}ADDRESS_CONTRACTOR/{*}COUNTRY", "VALUE")))
        if name and (name, country) not in seen:
            seen.add((name, country))
            yield {"name": name, "country": country, "size": _size(contractor)}


def _size(contractor: etree._Element) -> str:
    if contractor.find("{*}SME") is not None:
        return "sme"
    return "large" if contractor.find("{*}NO_SME") is not None else ""
