"""A page of the search API of the EU Funding & Tenders Portal (SEDIA): every metadata value a list of strings."""

import json
import zlib
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from html import escape
from typing import Any

from cluster_portal.sample.writers import paragraphs, working_day
from core.codelists import sedia_programmes

Record = dict[str, Any]
PORTAL = "https://ec.europa.eu/info/funding-tenders/opportunities/portal/screen/opportunities"
STATUSES = {"forthcoming": "31094501", "open": "31094502", "closed": "31094503"}
PROCEDURES = {"single-stage": 31094504, "two-stage": 31094505, "multiple cut-off": 31094504}
SECTIONS = {
    "outcome": "Expected Outcome",
    "objective": "Objective",
    "scope": "Scope",
    "impact": "Expected Impact",
}
GRANT, CASCADE = 1, 8


@dataclass(frozen=True)
class Topic:
    """One topic of the content with what follows from it and from today. `{year}` is the year of the first deadline."""

    content: Record
    today: date

    @property
    def deadlines(self) -> list[date]:
        return [working_day(self.today, offset) for offset in self.content["deadlines_in"]]

    @property
    def opens(self) -> date:
        return working_day(self.today, self.content["opens_in"])

    @property
    def year(self) -> str:
        return str(self.deadlines[0].year)

    @property
    def identifier(self) -> str:
        return self.content["identifier"].replace("{year}", self.year)

    @property
    def call(self) -> str:
        return self.content["call"].replace("{year}", self.year)

    @property
    def model(self) -> str:
        return self.content.get("model", "single-stage")

    @property
    def type(self) -> int:
        return self.content.get("type", GRANT)

    @property
    def programme_id(self) -> str:
        return next(code for code, label in sedia_programmes().items() if label == self.content["programme"])

    @property
    def ccm2_id(self) -> int:
        return _number(self.content["identifier"])

    @property
    def call_ccm2_id(self) -> int:
        return _number(f"call {self.content['call']}")

    @property
    def reference(self) -> str:
        return f"{self.ccm2_id}{'COMPETITIVE_CALL' if self.type == CASCADE else 'TOPICS'}en"

    @property
    def status_name(self) -> str:
        if self.today < self.opens:
            return "forthcoming"
        return "open" if self.today <= self.deadlines[-1] else "closed"

    @property
    def sections(self) -> list[tuple[str, str]]:
        return [(name, self.content[key]) for key, name in SECTIONS.items() if key in self.content]

    @property
    def url(self) -> str:
        if self.type == CASCADE:
            return f"{PORTAL}/competitive-calls-cs/{self.call_ccm2_id}"
        return f"{PORTAL}/topic-details/{self.identifier}"


def write(records: list[Record], *, today: date) -> bytes:
    """All topics in `records` as one page of results."""
    topics = [Topic(record, today) for record in records]
    page = {
        "apiVersion": "2.151",
        "terms": "***",
        "responseTime": 65,
        "totalResults": len(topics),
        "pageNumber": 1,
        "pageSize": 100,
        "sort": "relevance",
        "groupByField": "sortStatus",
        "queryLanguage": {"language": "en", "probability": 0.0},
        "bestBets": [],
        "warnings": [],
        "results": [_result(topic, topics) for topic in topics],
    }
    return json.dumps(page, ensure_ascii=False, indent=1).encode()


def _number(text: str) -> int:
    """A stable number above those in use, so that no link leads to a real call."""
    return 90_000_000 + zlib.crc32(text.encode()) % 10_000_000


def _moment(day: date) -> str:
    return f"{day.isoformat()}T17:00:00.000+0000"


def _result(topic: Topic, topics: list[Topic]) -> dict[str, Any]:
    stub = topic.content.get("stub", False)
    title = topic.content["title"]
    return {
        "apiVersion": "2.151",
        "reference": topic.reference,
        "url": topic.url,
        "contentType": "text/plain",
        "language": "en",
        "databaseLabel": "" if stub else "SEDIA",
        "summary": title,
        "weight": 4.0,
        "groupById": "2",
        "accessRestriction": False,
        "checksum": sha256(topic.identifier.encode()).hexdigest().upper(),
        "metadata": _stub(topic) if stub else _metadata(topic, topics),
        "citation": f"{title}. Available at: {topic.url}",
    }


def _common(topic: Topic) -> dict[str, list[str]]:
    return {
        "language": ["en"],
        "title": [topic.content["title"]],
        "type": [str(topic.type)],
        "focusArea": [],
        "identifier": [topic.identifier],
        "callIdentifier": [topic.call],
        "ccm2Id": [str(topic.ccm2_id)],
        "callccm2Id": [str(topic.call_ccm2_id)],
        "frameworkProgramme": [topic.programme_id],
        "programmePeriod": ["2021 - 2027"],
        "deadlineDate": [_moment(day) for day in topic.deadlines],
        "deadlineModel": [topic.model],
        "startDate": [_moment(topic.opens)],
        "typesOfAction": [topic.content["action"]],
        "url": [topic.url],
    }


def _stub(topic: Topic) -> dict[str, list[str]]:
    """A stale row as the portal still returns them: another data source, an old deadline, "forthcoming", no text."""
    words = json.dumps([topic.identifier, *topic.content.get("keywords", [])])
    return _common(topic) | {
        "DATASOURCE": ["SEDIA_PRD_CENTRICITY"],
        "keywords": [words],
        "status": [STATUSES["forthcoming"]],
    }


def _metadata(topic: Topic, topics: list[Topic]) -> dict[str, list[str]]:
    words = topic.content.get("keywords", [])
    return _common(topic) | {
        "DATASOURCE": ["SEDIA"],
        "REFERENCE": [topic.reference],
        "es_SortDate": [_moment(topic.opens)],
        "callTitle": [topic.content["call_title"]],
        "keywords": [topic.identifier, topic.call, *words],
        "tags": words,
        "crossCuttingPriorities": topic.content.get("priorities", []),
        "descriptionByte": [_description(topic)],
        "topicConditions": [_conditions(topic)],
        "actions": [json.dumps(_actions(topic))],
        "budgetOverview": [json.dumps(_budget(topic, topics))],
        "allowPartnerSearch": ["true"],
        "status": [STATUSES[topic.status_name]],
        "sortStatus": [{"open": "1", "forthcoming": "2", "closed": "3"}[topic.status_name]],
    }


def _html(text: str) -> str:
    """Content text as the portal's HTML: paragraphs, and runs of "- " lines as lists."""
    parts = [
        f"<li>{escape(line[2:])}</li>" if line.startswith("- ") else f"<p>{escape(line)}</p>"
        for line in paragraphs(text)
    ]
    listed = "".join(parts).replace("</p><li>", "</p><ul><li>").replace("</li><p>", "</li></ul><p>")
    return f"{listed}</ul>" if listed.endswith("</li>") else listed


def _description(topic: Topic) -> str:
    return "".join(f'<p class="topicdescriptionkind">{name}:</p>{_html(text)}' for name, text in topic.sections)


def _conditions(topic: Topic) -> str:
    return f"<h4>1. Conditions</h4>{_html(topic.content['conditions'])}"


def _actions(topic: Topic) -> list[dict[str, Any]]:
    status = topic.status_name.capitalize()
    return [
        {
            "types": [{"typeOfAction": topic.content["action"], "typeOfMGA": []}],
            "status": {"id": int(STATUSES[topic.status_name]), "abbreviation": status, "description": status},
            "plannedOpeningDate": topic.opens.isoformat(),
            "submissionProcedure": {
                "id": PROCEDURES[topic.model],
                "abbreviation": topic.model,
                "description": topic.model,
            },
            "deadlineDates": [day.isoformat() for day in topic.deadlines],
        }
    ]


def _budget(topic: Topic, topics: list[Topic]) -> dict[str, Any]:
    """The budget of the whole call, as the portal gives it with each of its topics."""
    call = [other for other in topics if other.call == topic.call and "total" in other.content]
    return {
        "budgetYearsColumns": sorted({other.year for other in call}),
        "budgetTopicActionMap": {str(other.ccm2_id): [_budget_line(other)] for other in call},
    }


def _budget_line(topic: Topic) -> dict[str, Any]:
    return {
        "action": f"{topic.identifier} - {topic.content['action']}",
        "expectedGrants": topic.content["grants"],
        "minContribution": topic.content["minimum"],
        "maxContribution": topic.content["maximum"],
        "budgetYearMap": {topic.year: str(topic.content["total"])},
        "plannedOpeningDate": topic.opens.isoformat(),
        "deadlineModel": topic.model,
        "deadlineDates": [day.isoformat() for day in topic.deadlines],
    }
