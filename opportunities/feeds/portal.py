"""What the two formats of the EU Funding & Tenders Portal share: identifiers, keywords, addresses, words for stages."""

import json
import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from opportunities.feeds.json_records import listed

PORTAL = "https://ec.europa.eu/info/funding-tenders/opportunities/portal/screen/opportunities"
PUBLISHER = "European Commission"
_TOPIC_ID = re.compile(
    r"^[A-Z][\w.]*(?:-[\w.]+)*-(?:19|20)\d\d(?:-[\w.]+)*$|^EuropeAid/|^[A-Z]+[_-]\d{5,}$|^\d{5,}$", re.IGNORECASE
)
STAGES = {"31094504": "single-stage", "31094505": "two-stage"}
_STATUSES = {
    "31094501": "forthcoming",
    "31094502": "open",
    "31094503": "closed",
    "forthcoming": "forthcoming",
    "open": "open",
    "closed": "closed",
}


def status(written: str) -> str:
    """The portal's status word of an id or a word; "" when unknown."""
    return _STATUSES.get(written.strip().lower(), "")


def keywords(values: Iterable[object], ids: Iterable[str]) -> Iterator[str]:
    """The real keywords of lists that hold identifiers too, and sometimes a JSON list inside one string."""
    known = {written.casefold() for written in ids if written}
    for value in values:
        for word in _opened(value):
            if word and word.casefold() not in known and not _TOPIC_ID.match(word):
                yield word


def _opened(value: object) -> list[str]:
    if isinstance(value, str) and value.startswith("["):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return []
    return [word.strip() for word in listed(value) if isinstance(word, str)]


def topic_address(identifier: str) -> str:
    """The public page of a topic."""
    return f"{PORTAL}/topic-details/{quote(identifier, safe='-._~')}"


def prospect_address(call: str) -> str:
    """The public page of a prospect of external action."""
    return f"{PORTAL}/prospect-details/{quote(call.upper().removesuffix('PROSPECTSEN'), safe='-._~')}PROSPECTSEN"


def cascade_address(call_id: str) -> str:
    """The public page of a competitive (cascade) call."""
    return f"{PORTAL}/competitive-calls-cs/{quote(call_id, safe='-._~')}"
