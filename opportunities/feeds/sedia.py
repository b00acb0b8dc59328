"""Answers of the search API of the EU Funding & Tenders Portal ("SEDIA"): pages, lists or single results.

`metadata` holds lists of strings only; `actions` and `budgetOverview` are JSON inside a string.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from opportunities.feeds import building, dates, json_records, portal, text
from opportunities.feeds.json_records import Json, first, listed
from opportunities.feeds.types import Budget, Found, Kind, Record, Unreadable

_KIND_HEADING = re.compile(
    r"""<(p|span|div|h\d)[^>]{0,200}class=["'][^"'>]{0,100}topicdescriptionkind[^>]{0,100}>(.{0,300}?)</\1>""",
    re.DOTALL | re.IGNORECASE,
)
_TENDER, _TOPIC, _PROSPECT, _CASCADE = "0", "1", "2", "8"


def read(data: bytes) -> Iterator[Found]:
    """The results of one or more answers. Raises NotThisFormat."""
    return json_records.read(data, _record, lists={"results"}, marks={"metadata"}, what="search result of the portal")


def _record(result: Json, raw: str) -> Record:
    found = result["metadata"] if isinstance(result["metadata"], dict) else {}
    sections = _sections(first(found.get("descriptionByte")))
    _refuse_stubs(found, sections)
    identifier = first(found.get("identifier")) or first(found.get("callIdentifier"))
    budgets = _own_actions(found, identifier)
    draft = building.Draft(
        kind=Kind.TENDER if first(found.get("type")) == _TENDER else Kind.FUNDING,
        external_id=":".join(
            part for part in (identifier, first(found.get("callccm2Id")), _language(result, found)) if part
        ),
        title=first(found.get("title")) or first(result.get("summary")),
        description="\n\n".join(f"{heading}\n\n{words}" if heading else words for heading, words in sections),
        organisation=portal.PUBLISHER,
        budget=_budget(budgets),
        url=_address(result, found, identifier),
        language=_language(result, found),
        stage=_stage(found, budgets),
        status=portal.status(first(found.get("status"))),
        details=_details(found, sections),
    )
    draft.keywords = portal.keywords(
        [*listed(found.get("keywords")), *listed(found.get("tags"))],
        [identifier, first(found.get("callIdentifier")), first(found.get("ccm2Id"))],
    )
    draft.codes.add("programme", first(found.get("frameworkProgramme")))
    draft.codes.add("topic", identifier, draft.title)
    draft.opens_on = draft.day("opening date", first(found.get("startDate")))
    for written in _deadlines(found, budgets):
        draft.deadline(written, dates.day)
    return draft.finished(raw)


def _language(result: Json, found: Json) -> str:
    return first(found.get("language")) or first(result.get("language"))


def _refuse_stubs(found: Json, sections: list[tuple[str, str]]) -> None:
    source = first(found.get("DATASOURCE")) or first(found.get("datasource"))
    if source and source != "SEDIA":
        raise Unreadable(
            f"This is a stale copy of an old topic (source {source[:60]}). The portal's own row counts: skip it."
        )
    if not first(found.get("status")):
        raise Unreadable("The result has no status. It is a stale copy: skip it.")
    if not listed(found.get("deadlineDate")):
        raise Unreadable("The result has no deadline. It is a stale copy: skip it.")
    if not sections and not _other_text(found) and first(found.get("type")) in {"", _TOPIC}:
        raise Unreadable(
            "The result has no description. Ask the portal for this topic alone, its identifier in quotes, and without "
            "displayFields; then import that answer."
        )


def _other_text(found: Json) -> str:
    return (
        first(found.get("description")) or first(found.get("destinationDetails")) or first(found.get("topicConditions"))
    )


def _sections(html: str) -> list[tuple[str, str]]:
    """The parts of a description: heading ("" for none) and plain text. Some say "null", some texts have none."""
    if len(html) > building.LONGEST_TEXT:
        raise Unreadable(f"The description is longer than {building.LONGEST_TEXT} characters: this cannot be one.")
    pieces = _KIND_HEADING.split(html)
    headings = ["", *(text.line(piece).rstrip(": ") for piece in pieces[2::3])]
    texts = [text.plain(piece) for piece in pieces[0::3]]
    told = [("" if heading == "null" else heading, words) for heading, words in zip(headings, texts, strict=True)]
    return [(heading, words) for heading, words in told if words]


def _details(found: Json, sections: list[tuple[str, str]]) -> dict[str, Any]:
    return {
        "call": first(found.get("callTitle")),
        "call_identifier": first(found.get("callIdentifier")),
        "type_of_action": [text.line(action) for action in listed(found.get("typesOfAction"))],
        "cross_cutting_priorities": listed(found.get("crossCuttingPriorities")),
        "sections": [heading for heading, _ in sections if heading],
        "destination": first(found.get("destinationDetails")),
        "conditions": text.plain(first(found.get("topicConditions")).removeprefix('">')),
        "programme_period": first(found.get("programmePeriod")),
        "reference": first(found.get("REFERENCE")),
    }


def _inside(written: str) -> Any:
    """The JSON value inside a string; None when it is none."""
    try:
        return json.loads(written, parse_constant=lambda _: None) if written else None
    except (ValueError, RecursionError):
        return None


def _own_actions(found: Json, identifier: str) -> list[Json]:
    """The lines of the call's budget that belong to this topic: the action begins with its identifier."""
    overview = _inside(first(found.get("budgetOverview")))
    by_topic = overview.get("budgetTopicActionMap") if isinstance(overview, dict) else None
    lines = [line for group in (by_topic.values() if isinstance(by_topic, dict) else ()) for line in listed(group)]
    return [
        line for line in lines if isinstance(line, dict) and first(line.get("action")).split(" - ")[0] == identifier
    ]


def _budget(lines: list[Json]) -> Budget | None:
    least = [value for line in lines if (value := building.amount(line.get("minContribution")))]
    most = [value for line in lines if (value := building.amount(line.get("maxContribution")))]
    years = [value for line in lines for value in _years(line)]
    grants = [int(value) for line in lines if (value := building.amount(line.get("expectedGrants")))]
    if not (least or most or years):
        return None
    return Budget(
        minimum=min(least, default=None),
        maximum=max(most, default=None),
        total=sum(years) if years else None,
        expected_grants=sum(grants) if grants else None,
    )


def _years(line: Json) -> Iterator[float]:
    by_year = line.get("budgetYearMap")
    for value in by_year.values() if isinstance(by_year, dict) else ():
        if money := building.amount(value):
            yield money


def _deadlines(found: Json, lines: list[Json]) -> list[str]:
    own = [first(value) for value in listed(found.get("deadlineDate"))]
    return own or [first(value) for line in lines for value in listed(line.get("deadlineDates"))]


def _stage(found: Json, lines: list[Json]) -> str:
    told = first(found.get("deadlineModel")) or next((first(line.get("deadlineModel")) for line in lines), "")
    return told or _procedure(_inside(first(found.get("actions"))))


def _procedure(actions: Any) -> str:
    for action in listed(actions):
        procedure = action.get("submissionProcedure") if isinstance(action, dict) else None
        if isinstance(procedure, dict) and (stage := portal.STAGES.get(first(procedure.get("id")))):
            return stage
    return ""


def _address(result: Json, found: Json, identifier: str) -> str:
    kind = first(found.get("type"))
    call = first(found.get("callIdentifier")) or identifier
    if kind == _PROSPECT and call:
        return portal.prospect_address(call)
    if kind == _CASCADE and first(found.get("callccm2Id")):
        return portal.cascade_address(first(found.get("callccm2Id")))
    if kind == _TOPIC:
        return portal.topic_address(identifier)
    return first(found.get("url")) or first(result.get("url"))
