"""Partnering requests as the POD web service v6 gave them: `/pod/profile` elements in XML."""

from datetime import date
from typing import Any
from xml.etree import ElementTree as ET

from cluster_portal.sample.writers import paragraphs, working_day
from cluster_portal.sample.writers.een_pod import code_and_label, published, reference
from core import codelists

Record = dict[str, Any]
# Place in a profile -> key of the content.
TEXTS = {
    "content/title": "title",
    "content/summary": "summary",
    "cooperation/plusvalue": "advantages",
    "cooperation/stagedev/stage": "stage",
    "cooperation/ipr/status": "ipr",
    "cooperation/ipr/comment": "ipr_comment",
    "cooperation/partner/area": "sought",
    "cooperation/partner/sought": "role",
    "contact/consortium": "desk",
    "contact/organization": "desk",
    "contact/fullname": "adviser",
}


def write(records: list[Record], *, today: date) -> bytes:
    """All requests in `records` as one export."""
    pod = ET.Element("pod")
    pod.extend(_profile(record, today) for record in records)
    ET.indent(pod)
    return ET.tostring(pod, encoding="utf-8", xml_declaration=True)


def _profile(record: Record, today: date) -> ET.Element:
    profile = ET.Element("profile")
    _put(profile, "reference/type", record["type"])
    _put(profile, "reference/external", reference(record, today))
    _put_days(profile, record, today)
    for place, key in TEXTS.items():
        _put(profile, place, record.get(key, ""))
    _put(profile, "content/description", "\n\n".join(paragraphs(record["description"])))
    _put(profile, "company/country/key", record["country"])
    _put(profile, "company/country/label", codelists.countries()[record["country"]])
    _put(profile, "contact/email", f"partnering.{record['country'].lower()}@een.example")
    _put(profile, "eoi/status", "open" if record["deadline_in"] >= 0 else "closed")
    _put_keywords(profile, record)
    return profile


def _put(profile: ET.Element, place: str, text: str) -> None:
    """Set the text at a place, making the elements on the way that are missing."""
    element = profile
    for name in place.split("/"):
        found = element.find(name)
        element = found if found is not None else ET.SubElement(element, name)
    element.text = text


def _put_days(profile: ET.Element, record: Record, today: date) -> None:
    updated = working_day(today, -record.get("updated_ago", record["published_ago"]))
    for name, day in (
        ("submit", published(record, today)),
        ("update", updated),
        ("deadline", working_day(today, record["deadline_in"])),
    ):
        _put(profile, f"datum/{name}", f"{day.isoformat()}T00:00:00")


def _put_keywords(profile: ET.Element, record: Record) -> None:
    partnerships = ET.SubElement(profile, "partnerships")
    for words in record["partnership"]:
        ET.SubElement(partnerships, "string").text = words
    keyword = ET.SubElement(profile, "keyword")
    for plural, name, keywords in (
        ("technologies", "technology", [code_and_label(words) for words in record["technologies"]]),
        ("naces", "nace", [(code, codelists.nace()[code].label) for code in record["nace"]]),
        ("markets", "market", [code_and_label(words) for words in record["markets"]]),
    ):
        group = ET.SubElement(keyword, plural)
        for code, label in keywords:
            entry = ET.SubElement(group, name)
            ET.SubElement(entry, "key").text = code
            ET.SubElement(entry, "label").text = label
