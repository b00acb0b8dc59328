"""Opportunities that another cluster's portal sends: JSON as docs/exchange.md describes it.

The fields carry the names of `Record`, so that nothing is lost between two portals of this kind. Only what is named
here is read; what a sender adds is left alone.
"""

import json
from collections.abc import Iterator
from typing import Any

from opportunities.feeds import building, codes, dates, een, text
from opportunities.feeds.json_records import Json, first, listed
from opportunities.feeds.types import Budget, Found, Kind, NotThisFormat, Record, Refusal, Unreadable

LIST = "opportunities"
STATUSES = {"forthcoming", "open", "closed", "planning", "award", "cancelled"}
TARGET_KINDS = ("sme", "large", "research", "public", "cluster", "intermediary")
TARGET_SIZES = ("micro", "small", "medium", "large")
# Networks whose own ids two portals share: what both have heard of is one opportunity.
NETWORKS = ("eu", "ted", "een")


def read(data: bytes) -> Iterator[Found]:
    """The records of the list "opportunities" in a JSON object. Raises NotThisFormat."""
    try:
        whole = json.loads(data)
    except (ValueError, RecursionError):
        raise NotThisFormat("This file is no valid JSON. Ask the sender for it again.") from None
    if not isinstance(whole, dict) or not isinstance(whole.get(LIST), list):
        raise NotThisFormat(f'This file is JSON, but it has no list "{LIST}". Ask the sender for it again.')
    return _records(whole[LIST])


def _records(rows: list[Any]) -> Iterator[Found]:
    for position, row in enumerate(rows, start=1):
        raw = ""
        try:
            if not isinstance(row, dict):
                raise Unreadable("This is no record: an object with an id, a kind and a title is wanted.")
            told = text.without_contact_fields(row)
            raw = json.dumps(told, ensure_ascii=False)
            yield position, _record(told, raw)
        except RecursionError:
            yield position, Refusal("", position, "It is nested too deeply to be a record of a feed.")
        except Unreadable as fault:
            yield position, Refusal("", position, fault.reason, raw)


def _record(row: Json, raw: str) -> Record:
    draft = building.Draft(
        kind=_kind(row),
        external_id=first(row.get("id")),
        partnering_type=first(row.get("partnering_type")) if first(row.get("partnering_type")) in een.TYPES else "",
        title=first(row.get("title")),
        summary=first(row.get("summary")),
        description=first(row.get("description")),
        organisation=first(row.get("organisation")),
        countries=codes.countries(_words(row, "countries")),
        target_countries=codes.countries(_words(row, "target_countries")),
        target_kinds=[kind for kind in _words(row, "target_kinds") if kind in TARGET_KINDS],
        target_sizes=[size for size in _words(row, "target_sizes") if size in TARGET_SIZES],
        keywords=_words(row, "keywords"),
        url=first(row.get("url")),
        language=first(row.get("language")),
        stage=first(row.get("stage")),
        status=first(row.get("status")) if first(row.get("status")) in STATUSES else "",
        details={"origin": _origin(row.get("origin"))},
    )
    for code in listed(row.get("codes")):
        if isinstance(code, dict):
            draft.codes.add(first(code.get("scheme")), first(code.get("code")), first(code.get("label")))
    for written in _words(row, "deadlines"):
        draft.deadline(written)
    draft.starts_at = draft.on("start", first(row.get("starts_at")), dates.moment)
    draft.ends_at = draft.on("end", first(row.get("ends_at")), dates.moment)
    draft.opens_on = draft.day("opening date", first(row.get("opens_on")))
    draft.published_on = draft.day("publication date", first(row.get("published_on")))
    draft.budget = _budget(draft, row.get("budget"))
    return draft.finished(raw)


def _kind(row: Json) -> Kind:
    written = first(row.get("kind"))
    try:
        return Kind(written)
    except ValueError:
        told = f"The kind '{text.line(written)[:40]}' is none of {', '.join(Kind)}."
        raise Unreadable(f"{told} Ask the sender to correct it.") from None


def _words(row: Json, name: str) -> list[str]:
    return [words for each in listed(row.get(name)) if (words := first(each))]


def _budget(draft: building.Draft, told: object) -> Budget | None:
    if not isinstance(told, dict):
        return None
    currency = first(told.get("currency")).upper()
    low, high = draft.money("smallest sum", told.get("minimum")), draft.money("largest sum", told.get("maximum"))
    total = draft.money("sum of all", told.get("total"))
    if low is None and high is None and total is None:
        return None
    if len(currency) != len("EUR") or not (currency.isascii() and currency.isalpha()):
        draft.notes.append(f"The currency '{text.line(currency)[:20]}' is none: the sums are left out.")
        return None
    return Budget(low, high, total, currency)


def _origin(told: object) -> Json:
    """Which network the opportunity comes from and its id there, if it is one that portals share."""
    if not isinstance(told, dict):
        return {}
    network, own = first(told.get("network")), first(told.get("id"))
    return {"network": network, "id": own} if network in NETWORKS and own else {}
