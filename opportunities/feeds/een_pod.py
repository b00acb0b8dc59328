"""EEN partnering opportunities as the present POD gives them (2022 on): profiles in JSON.

A page, a list or a single profile, as `GET /v1/profiles` answers. The mapping stands in FIELDS and DETAILS: change it
there when the export names a field differently. Names are compared without regard to case.
"""

from collections.abc import Iterator
from typing import Any

from core import codelists
from opportunities.feeds import building, dates, een, json_records
from opportunities.feeds.codes import countries
from opportunities.feeds.json_records import Json, first, listed
from opportunities.feeds.types import Found, Kind, Record, Unreadable

# Keys under which a page holds its list of profiles.
LISTS = {"profiles", "items", "data", "results", "content", "value", "Profiles", "Items", "Data", "Results", "Value"}
MARKS = {"profileType", "ProfileType", "shortSummary", "ShortSummary", "profileStatus", "ProfileStatus"}
# Record field -> name in the profile.
FIELDS = {
    "external_id": "reference",
    "id": "id",
    "type": "profileType",
    "title": "title",
    "summary": "shortSummary",
    "description": "description",
    "country": "partnerOrganisationCountry",
    "target_countries": "targetedCountries",
    "partners": "typesAndSizes",
    "status": "profileStatus",
    "open": "openForEOI",
    "url": "publicURL",
    "published": "publicationDate",
    "created": "created",
    "eoi_deadline": "deadlineForEoI",
    "call_deadline": "deadlineOfTheCall",
    "expires": "expirationDate",
    "stage": "stageOfDevelopment",
}
DETAILS = {
    "advantages": "advantagesAndInnovation",
    "partner_sought": "technicalSpecificationOrExpertiseSought",
    "partner_role": "expectedRoleOfThePartner",
    "partnership_types": "typesOfPartnership",
    "stage_of_development": "stageOfDevelopment",
    "ipr_status": "iprStatus",
    "ipr_notes": "iprNotes",
    "framework_programme": "frameworkProgram",
    "call": "callTitleAndIdentifier",
    "call_link": "webLinkToTheCall",
    "project": "projectTitleAndAcronym",
    "project_budget": "anticipatedProjectBudget",
    "project_weeks": "projectDurationInWeeks",
    "submission_scheme": "submissionAndEvaluationScheme",
    "coordinator_required": "coordinatorRequired",
    "sector_groups": "sectorGroupsInvolved",
    "partner_types": "typesAndSizes",
    "updated": "lastModified",
    "expires_on": "expirationDate",
}
KEYWORDS = {"een-technology": "technologyKeywords", "een-market": "marketKeywords", "een-sdg": "sdgKeywords"}
_PUBLIC = {"": "", "PUBLISHED": "open", "ON_HOLD": "closed", "EXPIRED": "closed", "ARCHIVED": "closed"}
_LABELS = ("label", "name", "title", "value", "description")
_KEYS = ("code", "key", "id")


def read(data: bytes) -> Iterator[Found]:
    """The profiles of a file. Raises NotThisFormat."""
    return json_records.read(data, _record, lists=LISTS, marks=MARKS, what="profile of the POD")


def _label(value: object) -> str:
    """The words of a value that is text or an object such as {"code": "...", "label": "..."}."""
    return _part(value, (*_LABELS, *_KEYS))


def _part(value: object, names: tuple[str, ...]) -> str:
    if not isinstance(value, dict):
        return str(value).lower() if isinstance(value, bool) else first(value)
    folded = {str(name).casefold(): item for name, item in value.items()}
    return next((told for name in names if (told := first(folded.get(name)))), "")


def _labels(value: object) -> list[str]:
    return [label for item in listed(value) if (label := _label(item))]


def _record(profile: Json, raw: str) -> Record:
    by_name = {name.casefold(): value for name, value in profile.items()}
    found: dict[str, Any] = {field: by_name.get(name.casefold()) for field, name in FIELDS.items()}
    reference = _label(found["external_id"]) or _label(found["id"])
    country = _country(found["country"])
    partnering_type = een.type_of(_part(found["type"], (*_KEYS, *_LABELS)), reference)
    kinds, sizes = een.partner(_labels(found["partners"]))
    draft = building.Draft(
        kind=Kind.PARTNERING,
        external_id=reference,
        partnering_type=partnering_type,
        title=_label(found["title"]),
        summary=_label(found["summary"]),
        description=_label(found["description"]),
        countries=[country],
        target_countries=countries(_part(item, (*_KEYS, *_LABELS)) for item in listed(found["target_countries"])),
        target_kinds=kinds,
        target_sizes=sizes,
        url=_label(found["url"]),
        language="en",
        stage=_label(found["stage"]),
        status=_status(_label(found["status"]), _label(found["open"])),
        notes=een.doubts(_label(found["external_id"]), partnering_type, country, []),
    )
    draft.details = {name: _told(by_name.get(place.casefold())) for name, place in DETAILS.items()}
    draft.published_on = draft.day("publication date", _label(found["published"]) or _label(found["created"]))
    _deadlines(draft, found)
    _keywords(draft, by_name)
    return draft.finished(raw)


def _country(value: object) -> str:
    return codelists.country_code(_part(value, _KEYS)) or codelists.country_code(_label(value))


def _told(value: object) -> object:
    return _labels(value) if isinstance(value, list) else _label(value)


def _status(status: str, open_for_interest: str) -> str:
    """PUBLISHED alone does not mean that interest is still taken. Raises Unreadable for what is not public."""
    folded = status.strip().upper().replace(" ", "_")
    if folded not in _PUBLIC:
        raise Unreadable(f"The profile is not published (status {folded[:40]}). Import it again when it is.")
    if open_for_interest.casefold() in {"false", "0", "no"}:
        return "closed"
    return _PUBLIC[folded]


def _deadlines(draft: building.Draft, found: dict[str, Any]) -> None:
    """Interest ends with its own deadline or with the call; the profile's expiry stands in for a missing one."""
    for field in ("eoi_deadline", "call_deadline"):
        draft.deadline(_label(found[field]), dates.day)
    if not draft.deadlines and not draft.impossible_deadlines:
        draft.deadline(_label(found["expires"]), dates.day)


def _keywords(draft: building.Draft, by_name: Json) -> None:
    words: list[str] = []
    for scheme, place in KEYWORDS.items():
        for keyword in listed(by_name.get(place.casefold())):
            label, code = _part(keyword, _LABELS), _part(keyword, _KEYS)
            code, label = _told_apart(code or label, label)
            words.append(label)
            if code:
                draft.codes.add(scheme, code, label)
    draft.keywords = words


def _told_apart(code: str, label: str) -> tuple[str, str]:
    """("06003002", "Photovoltaics") from "06003002 - Photovoltaics" too; plain words are a label without a code."""
    number, _, rest = code.partition(" ")
    if number.strip(":-").isdigit():
        return number.strip(":-"), label if label != code else rest.strip(" -:")
    return "", label or code
