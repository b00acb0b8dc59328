"""A page of the TED search API (version 3): the fields that a client asks for, several notices in one JSON document."""

import json
from datetime import date
from typing import Any

from babel import Locale

from cluster_portal.sample.writers import paragraphs, working_day
from cluster_portal.sample.writers.eforms import COUNTRIES, KINDS, LANGUAGES, country, zoned
from core.codelists import cpv

Record = dict[str, Any]


def write(records: list[Record], *, today: date) -> bytes:
    """All notices in `records` as one response page."""
    page = {
        "notices": [_notice(record, today) for record in records],
        "totalNoticeCount": len(records),
        "iterationNextToken": None,
        "timedOut": False,
    }
    return json.dumps(page, ensure_ascii=False, indent=1).encode()


def _notice(record: Record, today: date) -> dict[str, Any]:
    published = working_day(today, -record["published_ago"])
    number = f"{record['id']}-{published.year}"
    language = LANGUAGES[record["language"]].lower()
    notice = {
        "publication-number": number,
        "publication-date": zoned(record, published),
        "notice-title": _titles(record),
        "description-proc": {language: "\n\n".join(paragraphs(record["text"]))},
        "buyer-name": {language: [record["buyer"]]},
        "buyer-country": [COUNTRIES[country(record)]],
        "place-of-performance-country-lot": [COUNTRIES[country(record)]],
        "place-of-performance-subdiv-lot": [record["nuts"]],
        "classification-cpv": [code for _ in record.get("lots", [record]) for code in record["cpv"]],
        "contract-nature": [record["contract"]],
        "notice-type": KINDS[record["notice"]][1],
        "procedure-type": record.get("procedure"),
        "links": {"html": {"ENG": f"https://ted.europa.eu/en/notice/-/detail/{number}"}},
    }
    return notice | _deadlines(record, today) | _value(record)


def _titles(record: Record) -> dict[str, str]:
    labels = {"en": cpv()[record["cpv"][0]].label}
    if "cpv_label" in record:
        labels[record["language"]] = record["cpv_label"]
    return {
        LANGUAGES[
            language
        ].lower(): f"{Locale.parse(language).territories[country(record)]} – {label} – {record['title']}"
        for language, label in labels.items()
    }


def _deadlines(record: Record, today: date) -> dict[str, Any]:
    if "deadline_in" not in record:
        return {}
    day = zoned(record, working_day(today, record["deadline_in"]))
    return {"deadline-receipt-tender-date-lot": [day for _ in record.get("lots", [record])]}


def _value(record: Record) -> dict[str, Any]:
    if "value" not in record:
        return {}
    return {"estimated-value-proc": str(record["value"]), "estimated-value-cur-proc": record["currency"]}
