"""Feeds: from the bytes of a source to records with the field's own names. Pure: no Django, no clock, no network.

for item in read("sedia", data, file="page-1.json"):
    match item:
        case Record(): ...
        case Refusal(): ...
"""

from opportunities.feeds.registry import AUTO, FORMATS, MAX_BYTES, detect, read
from opportunities.feeds.types import MADE, Budget, Code, Kind, Moment, NotThisFormat, Record, Refusal

__all__ = [
    "AUTO",
    "FORMATS",
    "MADE",
    "MAX_BYTES",
    "Budget",
    "Code",
    "Kind",
    "Moment",
    "NotThisFormat",
    "Record",
    "Refusal",
    "detect",
    "read",
]
