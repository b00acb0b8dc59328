"""Answers of the TED search API v3: pages `{notices, totalNoticeCount, ...}`, lists or single notices.

Which fields a notice has depends on the question that was asked; languages and countries are alpha-3.
"""

from collections.abc import Iterator
from typing import Any

from core import codelists
from opportunities.feeds import building, json_records, ted
from opportunities.feeds.codes import countries
from opportunities.feeds.json_records import Json, first, listed
from opportunities.feeds.types import Budget, Found, Kind, Record

# Record field -> names of the API's fields that can fill it, best first.
FIELDS = {
    "title": ("notice-title", "title-proc", "title-glo", "title-lot"),
    "description": ("description-proc", "description-glo", "description-lot"),
    "organisation": ("buyer-name", "organisation-name-buyer"),
    "places": ("place-of-performance-country-lot", "place-of-performance-country-proc", "buyer-country"),
    "regions": ("place-of-performance-subdiv-lot", "place-of-performance-subdiv-proc", "place-of-performance"),
    "cpv": ("classification-cpv", "main-classification-proc", "main-classification-lot"),
    "deadlines": (
        "deadline-receipt-tender-date-lot",
        "deadline-receipt-request-date-lot",
        "deadline-receipt-expressions-date-lot",
        "deadline-date-lot",
        "deadline",
    ),
    "form_type": ("form-type",),
    "notice_type": ("notice-type",),
    "procedure": ("procedure-type",),
    "contract_nature": ("contract-nature",),
    "value": ("total-value", "estimated-value-proc", "estimated-value-glo", "estimated-value-lot"),
    "currency": ("total-value-cur", "estimated-value-cur-proc", "estimated-value-cur-glo", "estimated-value-cur-lot"),
    "winners": ("winner-name",),
}
_NUMBER = "publication-number"


def read(data: bytes) -> Iterator[Found]:
    """The notices of one or more answers. Raises NotThisFormat."""
    return json_records.read(data, _record, lists={"notices"}, marks={_NUMBER}, what="notice of the TED search")


def _value(notice: Json, field: str) -> Any:
    return next((notice[name] for name in FIELDS[field] if notice.get(name) not in (None, "", [], {})), None)


def _every(notice: Json, field: str) -> list[str]:
    """All single values under all names of a field, each once."""
    found = (first(item) for name in FIELDS[field] for item in listed(notice.get(name)))
    return list(dict.fromkeys(item for item in found if item))


def _words(value: object) -> tuple[str, str]:
    """(text, language) of {"lit": [...], "eng": "..."} or of plain text."""
    if not isinstance(value, dict):
        return first(value), ""
    told = ((language, "\n\n".join(first(item) for item in listed(words))) for language, words in value.items())
    return ted.preferred(told)


def _record(notice: Json, raw: str) -> Record:
    number = ted.publication(first(notice.get(_NUMBER))) or first(notice.get(_NUMBER))
    title, language = _words(_value(notice, "title"))
    description, described_in = _words(_value(notice, "description"))
    organisation, named_in = _words(_value(notice, "organisation"))
    notice_type = first(_value(notice, "notice_type"))
    draft = building.Draft(
        kind=Kind.TENDER,
        external_id=number,
        title=_own_part(title),
        description=description,
        organisation=organisation,
        countries=countries(first(place) for place in listed(_value(notice, "places"))),
        budget=_budget(notice),
        url=_link(notice) or ted.address(ted.publication(number)),
        # TED gives its titles in every language; what the buyer wrote tells in which one the notice is.
        language=described_in or named_in or language,
        status=ted.status(first(_value(notice, "form_type")), notice_type),
    )
    procedure = first(_value(notice, "procedure"))
    draft.details = {
        "note": ted.TOLD.get(draft.status, ""),
        "title_en": title if language == "en" else "",
        "notice_type": notice_type,
        "procedure": ted.PROCEDURES.get(procedure, procedure),
        "contract_nature": first(_value(notice, "contract_nature")),
        "winners": [{"name": name} for name in _names(_value(notice, "winners"))],
    }
    draft.codes.add_all("cpv", _every(notice, "cpv"))
    draft.codes.add_all("nuts", (region for region in _every(notice, "regions") if 2 < len(region) <= 5))
    draft.published_on = draft.day("publication date", first(notice.get("publication-date")))
    for written in _every(notice, "deadlines"):
        draft.deadline(written)
    return draft.finished(raw)


def _names(value: object) -> list[str]:
    if isinstance(value, dict):
        value = [name for names in value.values() for name in listed(names)]
    return list(dict.fromkeys(name for item in listed(value) if (name := first(item))))


def _own_part(title: str) -> str:
    """TED puts country and CPV label in front ("Latvia – Wood fuels – ..."); the record has fields for both."""
    country, _, rest = title.partition(" – ")
    if not rest or not codelists.country_code(country):
        return title
    return rest.partition(" – ")[2] or rest


def _budget(notice: Json) -> Budget | None:
    values = [building.amount(item) for item in listed(_value(notice, "value"))]
    return ted.money((value, first(_value(notice, "currency"))) for value in values)


def _link(notice: Json) -> str:
    links = notice.get("links")
    pages = links.get("html") if isinstance(links, dict) else None
    if not isinstance(pages, dict):
        return ""
    return first(pages.get("ENG")) or first(list(pages.values()))
