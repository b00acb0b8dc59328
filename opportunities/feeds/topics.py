"""Topics of the EU Funding & Tenders Portal as flat JSON objects, one a line, normalised by another project.

Known faults of such files: HTML cut out without spaces, `topicConditions` beginning with ">, the same `stage` on every
record (`deadlineModel` is right), identifiers among the keywords.
"""

from collections.abc import Iterator

from opportunities.feeds import building, dates, json_records, portal, text
from opportunities.feeds.json_records import Json, first
from opportunities.feeds.types import Budget, Found, Kind, Record


def read(data: bytes) -> Iterator[Found]:
    """The topics of a file. Raises NotThisFormat."""
    return json_records.read(data, _record, lists=(), marks={"topicId"}, what="topic of the portal")


def _record(topic: Json, raw: str) -> Record:
    identifier = first(topic.get("topicId"))
    call = first(topic.get("callIdentifier"))
    reference = first(topic.get("reference"))
    prospect = "PROSPECTS" in reference.upper()
    draft = building.Draft(
        kind=Kind.FUNDING,
        external_id=identifier,
        title=first(topic.get("title")),
        description=text.unglued(text.plain(first(topic.get("description")))),
        organisation=portal.PUBLISHER,
        keywords=portal.keywords(_split(first(topic.get("keywords"))), [identifier, call]),
        url=portal.prospect_address(call or reference) if prospect else portal.topic_address(identifier),
        language=_language(reference),
        stage=first(topic.get("deadlineModel")) or _procedure(topic),
        status=portal.status(first(topic.get("callStatus"))),
        details={
            "call": first(topic.get("callTitle")),
            "call_identifier": call,
            "type_of_action": first(topic.get("typesOfAction")),
            "cross_cutting_priorities": _split(first(topic.get("crossCuttingPriorities"))),
            "destination": first(topic.get("objectives")),
            "conditions": text.unglued(text.plain(first(topic.get("topicConditions")))),
            "reference": reference,
        },
    )
    draft.budget = _budget(draft, topic)
    draft.codes.add("programme", first(topic.get("programmeId")), first(topic.get("programme")))
    draft.codes.add("topic", identifier, draft.title)
    draft.deadline(first(topic.get("deadline")), dates.day)
    return draft.finished(raw)


def _split(words: str) -> list[str]:
    return [word for word in words.split(", ") if word.strip()]


def _language(reference: str) -> str:
    """References end in the language: 48939636TOPICSen, 186614PROSPECTSEN."""
    return reference[-2:].lower() if reference[-3:-2] == "S" else "en"


def _procedure(topic: Json) -> str:
    procedure = topic.get("submissionProcedure")
    return first(procedure.get("abbreviation")) if isinstance(procedure, dict) else ""


def _budget(draft: building.Draft, topic: Json) -> Budget | None:
    least, most = draft.money("budget", topic.get("budgetMin")), draft.money("budget", topic.get("budgetMax"))
    if not (least or most):
        return None
    grants = building.amount(topic.get("expectedGrants"))
    return Budget(minimum=least, maximum=most, expected_grants=int(grants) if grants else None)
