"""Marks of rows: a page carries the mark of what it showed, and an action compares, so that no stale tab wins."""

import hashlib
import json

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.fields.files import FieldFile
from django.forms.models import model_to_dict
from django.utils.translation import gettext as _

from core.actions import Refused


def mark_of(row: models.Model, *more: object) -> str:
    """Tells whether a row, and whatever else belongs to it, still is what somebody saw. Blank for a new row."""
    if row.pk is None:
        return ""
    content = json.dumps([model_to_dict(row), *more], sort_keys=True, default=_plain)
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def _plain(value: object) -> object:
    if isinstance(value, models.Model):
        return value.pk
    return str(value) if isinstance(value, FieldFile) else DjangoJSONEncoder().default(value)


def insist_on_seen(seen: str, now: str) -> None:
    """Refuses what was typed over another state than the one that stands. Blank: nothing was looked at."""
    if seen and seen != now:
        raise Refused(_("Somebody else changed this meanwhile. Open it in a second tab, compare, and save there."))
