"""News of an agency as an RSS 2.0 feed, with the faults that such feeds have: here a comment before `<?xml`.

The other faults ("Read more" as a title, "https:////") stand in the content.
"""

from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from typing import Any
from xml.etree import ElementTree as ET

from babel.dates import format_date

from cluster_portal.sample.writers import working_day

Record = dict[str, Any]
AGENCY = "Agency for Coastal Innovation"
SITE = "https://coastal-innovation.example/"
COMMENT = b"<!-- served from cache: coastal-innovation -->\n"


def write(records: list[Record], *, today: date) -> bytes:
    """All news in `records` as one feed, newest first as agencies do."""
    feed = ET.Element("rss", version="2.0")
    channel = ET.SubElement(feed, "channel")
    about = {"title": AGENCY, "link": SITE, "description": "Calls and news", "language": "en"}
    for name, text in about.items():
        ET.SubElement(channel, name).text = text
    channel.extend(_item(record, today) for record in sorted(records, key=lambda record: record["published_ago"]))
    ET.indent(feed)
    return COMMENT + ET.tostring(feed, encoding="utf-8", xml_declaration=True)


def _item(record: Record, today: date) -> ET.Element:
    item = ET.Element("item")
    published = datetime.combine(working_day(today, -record["published_ago"]), time(8, 30), UTC)
    texts = {
        "title": _dated(record["title"], record, today),
        "link": record["link"],
        "guid": record["link"].rpartition("/")[2],
        "pubDate": format_datetime(published),
        "description": _dated(" ".join(record["text"].split()), record, today),
    }
    for name, text in texts.items():
        ET.SubElement(item, name).text = text
    item.find("guid").set("isPermaLink", "false")
    for tag in record["tags"]:
        ET.SubElement(item, "category").text = tag
    return item


def _dated(text: str, record: Record, today: date) -> str:
    if "deadline_in" not in record:
        return text
    deadline = working_day(today, record["deadline_in"])
    return text.replace("{deadline}", format_date(deadline, "d MMMM y", locale=record.get("language", "en")))
