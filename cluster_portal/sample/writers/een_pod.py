"""Partnering requests as the EEN's present partnering opportunities database (POD) gives them: profiles in JSON."""

import json
from datetime import date, timedelta
from typing import Any

from cluster_portal.sample.writers import paragraphs, working_day

Record = dict[str, Any]
TYPES = {
    "BO": "Business offer",
    "BR": "Business request",
    "TO": "Technology offer",
    "TR": "Technology request",
    "RDR": "Research & development request",
}
LIFETIME = timedelta(days=365)
PROFILES = "https://een.example/partnering"


def write(records: list[Record], *, today: date) -> bytes:
    """All requests in `records` as one page of the profile service."""
    page = {
        "pageIndex": 1,
        "pageSize": 200,
        "totalCount": len(records),
        "profiles": [_profile(record, today) for record in records],
    }
    return json.dumps(page, ensure_ascii=False, indent=1).encode()


def published(record: Record, today: date) -> date:
    """The day on which a request was published."""
    return working_day(today, -record["published_ago"])


def reference(record: Record, today: date) -> str:
    """The network's own reference: type, country, day of publication, number."""
    return f"{record['type']}{record['country']}{published(record, today):%Y%m%d}{record['serial']:03d}"


def code_and_label(keyword: str) -> tuple[str, str]:
    """("06003002", "Photovoltaics") from "06003002 Photovoltaics"."""
    code, _, label = keyword.partition(" ")
    return code, label


def _profile(record: Record, today: date) -> dict[str, Any]:
    on = published(record, today)
    return {
        "id": f"{on:%y%m}-{record['country'].lower()}-{record['serial']:03d}",
        "reference": reference(record, today),
        "created": on.isoformat(),
        "lastModified": working_day(today, -record.get("updated_ago", record["published_ago"])).isoformat(),
        "title": record["title"],
        "profileType": TYPES[record["type"]],
        "partnerOrganisationCountry": record["country"],
        "shortSummary": record["summary"],
        "description": "\n\n".join(paragraphs(record["description"])),
        "advantagesAndInnovation": record["advantages"],
        "technicalSpecificationOrExpertiseSought": record["sought"],
        "stageOfDevelopment": record["stage"],
        "iprStatus": record["ipr"],
        "iprNotes": record.get("ipr_comment", ""),
        "expectedRoleOfThePartner": record["role"],
        "typesOfPartnership": record["partnership"],
        "typesAndSizes": record["partner_sizes"],
        "targetedCountries": record["targets"],
        "technologyKeywords": _keywords(record["technologies"]),
        "marketKeywords": _keywords(record["markets"]),
        "sdgKeywords": _keywords(record["sdgs"]),
        "profileStatus": "PUBLISHED",
        "openForEOI": record["deadline_in"] >= 0,
        "publicationDate": on.isoformat(),
        "expirationDate": (on + LIFETIME).isoformat(),
        "deadlineForEoI": working_day(today, record["deadline_in"]).isoformat(),
        "publicURL": f"{PROFILES}/{reference(record, today)}",
        "attachments": [],
    } | (_call(record, today) if record["type"] == "RDR" else {})


def _keywords(keywords: list[str]) -> list[dict[str, str]]:
    return [dict(zip(("code", "label"), code_and_label(keyword), strict=True)) for keyword in keywords]


def _call(record: Record, today: date) -> dict[str, Any]:
    """What a research request says about the call that it prepares for. `{year}` is the year of its deadline."""
    deadline = working_day(today, record["call_deadline_in"])
    return {
        "frameworkProgram": record["programme"],
        "callTitleAndIdentifier": record["call"].replace("{year}", str(deadline.year)),
        "deadlineOfTheCall": deadline.isoformat(),
        "projectDurationInWeeks": record["weeks"],
        "anticipatedProjectBudget": record["budget"],
        "projectTitleAndAcronym": record["project"],
        "coordinatorRequired": False,
    }
