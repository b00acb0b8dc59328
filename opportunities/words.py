"""How what a source wrote is shown: codes in words, texts in paragraphs under their headings."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opportunities.feeds.text import is_heading, web_address

# Codes that sources write, in the field's words.
CODES: Mapping[str, object] = {
    "single-stage": gettext_lazy("One stage"),
    "two-stage": gettext_lazy("Two stages"),
    "multiple cut-off": gettext_lazy("Several cut-off dates"),
    "cn-standard": gettext_lazy("Contract notice"),
    "cn-social": gettext_lazy("Contract notice, light regime"),
    "cn-desg": gettext_lazy("Design contest notice"),
    "can-standard": gettext_lazy("Contract award notice"),
    "can-social": gettext_lazy("Contract award notice, light regime"),
    "can-desg": gettext_lazy("Design contest result"),
    "can-modif": gettext_lazy("Contract modification notice"),
    "pin-only": gettext_lazy("Prior information notice"),
    "pin-cfc-standard": gettext_lazy("Prior information notice that calls for competition"),
    "pin-cfc-social": gettext_lazy("Prior information notice that calls for competition, light regime"),
    "veat": gettext_lazy("Notice of a direct award"),
    "true": gettext_lazy("Yes"),
    "false": gettext_lazy("No"),
}
# Numbers of forms and of records that tell a reader nothing.
NOT_SHOWN = {"notice_subtype", "form", "reference", "deadline_local_time", "class"}


def told(value: str) -> str:
    """A value in words: a code's meaning, a day as people write it, anything else as it stands with a capital."""
    if value in CODES:
        return str(CODES[value])
    try:
        day = datetime.fromisoformat(value) if value[:4].isdecimal() and len(value) >= len("2027-01-01") else None
    except ValueError:
        day = None
    return f"{day.day} {day:%B %Y}" if day else value[:1].upper() + value[1:]


def further_facts(details: Mapping[str, object]) -> list[dict[str, str]]:
    """What a source says beyond the fields that all have; an address is a link."""
    facts = []
    for name, value in details.items():
        if isinstance(value, str) and value and name not in NOT_SHOWN:
            label, url = name.replace("_", " ").capitalize(), web_address(value)
            facts.append({"label": label, "value": _("Open at its source") if url else told(value), "url": url})
    return facts


def summary(summary: str, description: str) -> str:
    """The summary, unless the text says it word for word."""
    short, text = (" ".join(each.split()) for each in (summary, description))
    return "" if short.rstrip("… ") in text else summary


def paragraphs(description: str) -> Iterator[dict[str, object]]:
    """The text in parts: headings where a paragraph is one that the field's calls have, and what stands between."""
    gathered: list[str] = []
    for paragraph in description.split("\n\n"):
        if not is_heading(paragraph):
            gathered.append(paragraph)
            continue
        if gathered:
            yield {"text": "\n\n".join(gathered), "is_heading": False}
        yield {"text": paragraph.strip(" :"), "is_heading": True}
        gathered = []
    if gathered:
        yield {"text": "\n\n".join(gathered), "is_heading": False}
