"""Statements and declarations as PDF."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

from core import typesetting
from members.emails import letterhead

TEMPLATE = Path(__file__).parent / "paper" / "ledger.typ"


def cluster_name() -> str:
    """Who makes the document."""
    return letterhead()["cluster"]["name"]


def of_a_day(day: date, cluster: str) -> dict[str, object]:
    """What every document begins with."""
    return {"cluster": cluster, "language": "en", "day": {"year": day.year, "month": day.month, "day": day.day}}


def pdf(content: Mapping[str, object]) -> bytes:
    """The document. It is the same for the same content, as it was made at the beginning of its day."""
    return typesetting.pdf(TEMPLATE, content, moment=datetime(**content["day"], tzinfo=UTC))
