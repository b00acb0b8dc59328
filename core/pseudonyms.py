"""The audit trail without the name of a person who is erased. It still tells what happened, when and by whose hand."""

import json
import re
from collections.abc import Callable, Collection, Mapping

from django.db import connection
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from core.holdings import SOMEBODY, Person
from core.models import AuditEvent

CHANGED = ["actor_label", "object_label", "details"]


def pseudonymise(person: Person, *, rows: Mapping[str, Collection[int]], names: Collection[str]) -> None:
    """Takes a person out of the labels and details of all events. Needs a transaction.

    rows: by type, the ids of what is the person's. There, and in what the person did, every one of `names` goes. A full
    name also goes from what is noted on the person's organisations, and an address from everywhere.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('portal.pseudonymising', 'on', true)")
    events = AuditEvent.objects.annotate(told=Cast("details", TextField()))
    own = Q(pk__in=[])
    for kind, ids in rows.items():
        own |= Q(object_type=kind, object_id__in=ids)
    if person.user_id:
        own |= Q(actor_id=person.user_id)
        AuditEvent.objects.filter(actor_id=person.user_id).update(actor_label=SOMEBODY)
    _clean(events.filter(own & _saying([*names, *person.addresses])), [*names], person.addresses)
    full = [name for name in names if " " in name]
    theirs = Q(organisation_id__in=person.organisations) & _saying(full)
    _clean(events.filter(theirs | _saying(person.addresses)), full, person.addresses)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('portal.pseudonymising', 'off', true)")


def _saying(texts: Collection[str]) -> Q:
    found = Q(pk__in=[])
    for text in texts:
        found |= Q(object_label__icontains=text) | Q(told__icontains=json.dumps(text, ensure_ascii=False)[1:-1])
    return found


def _clean(events: QuerySet[AuditEvent], names: Collection[str], addresses: Collection[str]) -> None:
    without = _cleaner(names, addresses)
    changed = []
    for event in events:
        event.object_label = without(event.object_label)[:300]
        event.details = _walk(event.details, without)
        changed.append(event)
    AuditEvent.objects.bulk_update(changed, CHANGED, batch_size=500)


def _cleaner(names: Collection[str], addresses: Collection[str]) -> Callable[[str], str]:
    """A name is a whole word or several, an address is not the end of a longer one."""
    parts = [rf"(?<![\w.+-]){re.escape(each)}(?![\w-]|\.\w)" for each in sorted(addresses, key=len, reverse=True)]
    parts += [rf"(?<!\w){re.escape(each)}(?!\w)" for each in sorted(names, key=len, reverse=True)]
    pattern = re.compile("|".join(parts) or r"(?!)", re.IGNORECASE)
    return lambda text: pattern.sub(SOMEBODY, text)


def _walk(value: object, without: Callable[[str], str]) -> object:
    if isinstance(value, str):
        return without(value)
    if isinstance(value, list):
        return [_walk(each, without) for each in value]
    if isinstance(value, dict):
        return {key: _walk(each, without) for key, each in value.items()}
    return value
