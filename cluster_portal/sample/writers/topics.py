"""Topic lines: the flat JSON lines of a published list of EU funding topics, with the habits of that list.

Its HTML is stripped without spaces, every record says "two-stage" (only `deadlineModel` is true), the conditions begin
with a stray `">` and the keywords begin with the identifiers.
"""

import json
from datetime import date
from typing import Any

from cluster_portal.sample.writers import paragraphs
from cluster_portal.sample.writers.sedia import Topic

Record = dict[str, Any]
PORTAL = "https://ec.europa.eu/info/funding-tenders/opportunities/portal/screen/opportunities"


def write(records: list[Record], *, today: date) -> bytes:
    """One line a topic."""
    lines = [json.dumps(_line(Topic(record, today)), ensure_ascii=False) for record in records]
    return ("\n".join(lines) + "\n").encode()


def _line(topic: Topic) -> dict[str, Any]:
    page = topic.identifier.lower()
    return {
        "reference": topic.reference,
        "topicId": topic.identifier,
        "title": topic.content["title"],
        "programme": topic.content["programme"],
        "programmeId": topic.programme_id,
        "cluster": topic.content.get("cluster", ""),
        "callIdentifier": topic.call,
        "actionType": topic.content.get("action_type", "Grant"),
        "deadline": next((day for day in topic.deadlines if day >= topic.today), topic.deadlines[-1]).isoformat(),
        "stage": "two-stage",
        "callStatus": topic.status_name,
        "budgetMin": topic.content.get("minimum"),
        "budgetMax": topic.content.get("maximum"),
        "expectedGrants": topic.content.get("grants"),
        "keywords": ", ".join([topic.identifier, topic.call, *topic.content.get("keywords", [])]),
        "portalUrl": f"{PORTAL}/topic-details/{page}",
        "description": "".join(f"{name}:{''.join(paragraphs(text))}" for name, text in topic.sections),
        "objectives": "",
        "submissionProcedure": {"abbreviation": topic.model, "description": topic.model},
        "callTitle": topic.content["call_title"],
        "deadlineModel": topic.model,
        "crossCuttingPriorities": ", ".join(topic.content.get("priorities", [])),
        "typesOfAction": topic.content["action"],
        "topicConditions": f'">{"".join(paragraphs(topic.content["conditions"]))}',
        "supportInfo": "",
        "qnaUrl": f"{PORTAL}/questions-answers/{page}",
        "updatesUrl": f"{PORTAL}/topic-updates/{page}",
        "documentsUrl": f"{PORTAL}/documents/{page}",
    }
