"""EEN partnering opportunities as the POD web service v6 gave them (2016-22): profiles and events in XML.

The mapping stands in PROFILE and EVENT: change it there when an export names a place differently.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from core import codelists
from opportunities.feeds import building, dates, een, xml
from opportunities.feeds.types import Found, Kind, Moment, NotThisFormat, Record, Unreadable

# Record field -> place in a profile.
PROFILE = {
    "external_id": "reference/external",
    "type": "reference/type",
    "title": "content/title",
    "summary": "content/summary",
    "description": "content/description",
    "country": "company/country/key",
    "country_name": "company/country/label",
    "deadline": "datum/deadline",
    "published": "datum/submit",
    "updated": "datum/update",
    "open": "eoi/status",
    "organisation": "contact/organization",
    "stage": "cooperation/stagedev/stage",
}
PROFILE_DETAILS = {
    "advantages": "cooperation/plusvalue",
    "stage_of_development": "cooperation/stagedev/stage",
    "ipr_status": "cooperation/ipr/status",
    "ipr_notes": "cooperation/ipr/comment",
    "partner_sought": "cooperation/partner/sought",
    "partner_area": "cooperation/partner/area",
    "exploitation": "cooperation/exploitations/exploitation/other",
    "consortium": "contact/consortium",
    "updated": "datum/update",
}
PROFILE_LISTS = {"partnership_types": "partnerships/string"}
EVENT = {
    "title": "EventTitle",
    "description": "Description",
    "starts": "EventStartDate",
    "ends": "EventEndDate",
    "closing": "EventClosingDate",
    "registration": "DeadlineForRegistering",
    "country": "CountryISO",
    "country_name": "Country",
    "organisation": "HostOrganisation",
    "publisher": "NameOfEENPartner",
    "published": "Created",
    "status": "Status",
    "website": "location_website",
}
EVENT_DETAILS = {
    "event_type": "EventType",
    "city": "City",
    "location": "LocationDetails",
    "een_partner": "NameOfEENPartner",
}
# Scheme -> place of its keywords, in profiles and in events. A keyword is a label, sometimes with a key.
KEYWORDS = {
    "een-technology": "keyword/technologies/technology",
    "nace": "keyword/naces/nace",
    "een-market": "keyword/markets/market",
}
_YES = {"true", "1", "yes", "open", "active"}
_NO = {"false", "0", "no", "closed", "inactive"}


@dataclass(frozen=True, slots=True)
class _Broken:
    reason: str


def read(data: bytes) -> Iterator[Found]:
    """The profiles and events of an export, one by one. Raises NotThisFormat."""
    body = xml.safe(data)
    name, _ = xml.root_name(body)
    if name.casefold() not in {"pod", "profile", "event", "profiles", "events", "arrayofprofile", "arrayofevent"}:
        raise NotThisFormat(f"This file is no POD export: its first element is {name[:80]}, not pod.")
    return building.records(_found(body), _record, _raw)


def _found(body: bytes) -> Iterator[tuple[int, etree._Element | _Broken]]:
    position = 0
    try:
        for position, element in enumerate(xml.elements(body, ("profile", "event")), 1):
            yield position, element
    except xml.BrokenXml as fault:
        yield position + 1, _Broken(str(fault))


def _raw(found: etree._Element | _Broken) -> str:
    return "" if isinstance(found, _Broken) else xml.without_contacts_xml(found)


def _record(found: etree._Element | _Broken) -> Record:
    if isinstance(found, _Broken):
        raise Unreadable(found.reason)
    draft = _event(found) if xml.local(found) == "event" else _profile(found)
    draft.keywords = [
        _keyword(draft, scheme, word) for scheme, place in KEYWORDS.items() for word in found.iterfind(place)
    ]
    draft.language = "en"
    return draft.finished(_raw(found))


def _keyword(draft: building.Draft, scheme: str, keyword: etree._Element) -> str:
    """The keyword's label; its code goes to the draft."""
    label = xml.content(keyword, "label") or xml.content(keyword)
    key = xml.content(keyword, "key")
    if key or scheme == "nace":
        draft.codes.add(scheme, key or label, label)
    return label


def _country(found: etree._Element, places: dict[str, str]) -> str:
    key, name = xml.content(found, places["country"]), xml.content(found, places["country_name"])
    return codelists.country_code(key) or codelists.country_code(name)


def _profile(found: etree._Element) -> building.Draft:
    value = {name: xml.content(found, place) for name, place in PROFILE.items()}
    country = _country(found, PROFILE)
    partnering_type = een.type_of(value["type"], value["external_id"])
    draft = building.Draft(
        kind=Kind.PARTNERING,
        external_id=value["external_id"],
        partnering_type=partnering_type,
        title=value["title"],
        summary=value["summary"],
        description=value["description"],
        organisation=value["organisation"],
        countries=[country],
        stage=value["stage"],
        status=_open(value["open"]),
        notes=een.doubts(value["external_id"], partnering_type, country, [value["published"], value["updated"]]),
    )
    draft.deadline(value["deadline"], dates.day)
    draft.published_on = draft.day("publication date", value["published"])
    draft.details = {name: xml.content(found, place) for name, place in PROFILE_DETAILS.items()}
    draft.details |= {name: xml.contents(found, place) for name, place in PROFILE_LISTS.items()}
    return draft


def _open(written: str) -> str:
    folded = written.casefold()
    return "open" if folded in _YES else "closed" if folded in _NO else ""


def _event(found: etree._Element) -> building.Draft:
    value = {name: xml.content(found, place) for name, place in EVENT.items()}
    country = _country(found, EVENT)
    city = xml.content(found, EVENT_DETAILS["city"])
    draft = building.Draft(
        kind=Kind.EVENT,
        external_id=building.made_id(value["title"], value["starts"], country, city) if value["title"] else "",
        title=value["title"],
        description=value["description"],
        organisation=value["organisation"] or value["publisher"],
        countries=[country],
        url=value["website"],
        status="cancelled" if "cancel" in value["status"].casefold() else "",
    )
    draft.starts_at = _needed_start(draft, value["starts"])
    draft.ends_at = draft.on("end date", value["ends"])
    draft.published_on = draft.day("publication date", value["published"])
    for written in (value["registration"], value["closing"]):
        draft.deadline(written, dates.day)
    draft.details = {name: xml.content(found, place) for name, place in EVENT_DETAILS.items()}
    return draft


def _needed_start(draft: building.Draft, written: str) -> Moment | None:
    start = draft.on("start date", written)
    if start is None and written:
        raise Unreadable(f"The start date '{written[:40]}' is no possible date. Correct it and import the event again.")
    return start
