"""What the page said before: every state with who saved it, and the way back to one."""

from typing import Any

from django.utils.text import capfirst

from brand.actions import FIELDS
from brand.models import ClusterPage, PageVersion

SHOWN = 20


def listed() -> list[PageVersion]:
    """The newest states, the last one first."""
    return list(PageVersion.objects.select_related("saved_by")[:SHOWN])


def asked_for(number: str) -> dict[str, Any] | None:
    """What the page said in the state of this number, to begin from once more; nothing for anything else."""
    if not (number.isascii() and number.isdecimal() and len(number) < 8):
        return None
    found = PageVersion.objects.filter(number=number).first()
    return {name: found.says[name] for name in FIELDS if name in found.says} if found else None


def facts(version: PageVersion) -> list[dict[str, Any]]:
    """Each field and what it said."""
    labels = {name: capfirst(ClusterPage._meta.get_field(name).verbose_name) for name in FIELDS}
    return [{"label": labels[name], "value": _words(version.says.get(name))} for name in FIELDS]


def _words(value: object) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value or "")
