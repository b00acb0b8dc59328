"""Everything that was done in a call or with an application, in order: who, when, from what to what, and why.

The audit trail tells most of it; the database refuses to change it. What is kept word for word elsewhere (submissions,
letters, saved fields) is named beside it by its number and fingerprint.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from core.clocks import moment_in
from core.models import AuditEvent
from funding.models import (
    Appeal,
    Application,
    Assignment,
    Award,
    Decision,
    Funder,
    FundingCall,
    Letter,
    ModeratedScore,
    Partner,
    Remark,
    Reviewer,
    Revision,
    Submission,
)

# The database keeps no order of keys: from what, to what.
ORDER = ("before", "after")
COLUMNS = ("at", "at_in_zone", "who", "act", "on", "details")


@dataclass(frozen=True, slots=True)
class Act:
    """One act. `at_in_zone`: on the clocks of the call."""

    at: datetime
    at_in_zone: str
    who: str
    act: str
    on: str
    details: dict[str, Any]

    @property
    def lines(self) -> list[tuple[str, str]]:
        """The details as people read them."""
        keys = sorted(self.details, key=lambda key: (ORDER.index(key) if key in ORDER else -1, key))
        return [(key.replace("_", " "), _words(self.details[key])) for key in keys]

    def row(self) -> list[str]:
        """The act as a line of a table."""
        details = json.dumps(self.details, ensure_ascii=False, sort_keys=True)
        return [self.at.isoformat(), self.at_in_zone, self.who, self.act, self.on, details]


def _words(value: object) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{key.replace('_', ' ')}: {_words(each)}" for key, each in value.items() if each)
    if isinstance(value, list):
        return ", ".join(_words(each) for each in value)
    return "–" if value in {None, ""} else str(value)


def of_call(call: FundingCall) -> list[Act]:
    """The whole call, with all of its applications."""
    return _acts(call, Application.objects.filter(call=call), whole=True)


def of_application(application: Application) -> list[Act]:
    """One application, from its first draft on."""
    return _acts(application.call, Application.objects.filter(pk=application.pk), whole=False)


def _acts(call: FundingCall, applications: QuerySet[Application], *, whole: bool) -> list[Act]:
    found = [*_events(call, _objects(call, applications, whole=whole)), *_kept(call, applications)]
    return sorted(found, key=lambda act: act.at)


def _objects(call: FundingCall, applications: QuerySet[Application], *, whole: bool) -> Iterator[QuerySet]:
    """Whatever an event can be about."""
    yield applications
    for model in (Partner, Decision, Assignment, ModeratedScore, Remark, Submission):
        yield model.objects.filter(application__in=applications)
    for model in (Award, Letter, Appeal):
        yield model.objects.filter(decision__application__in=applications)
    if whole:
        yield FundingCall.objects.filter(pk=call.pk)
        yield Funder.objects.filter(call=call)
        yield Reviewer.objects.filter(call=call)


def _events(call: FundingCall, objects: Iterable[QuerySet]) -> Iterator[Act]:
    about = Q(pk__in=[])
    for rows in objects:
        about |= Q(object_type=rows.model._meta.label_lower, object_id__in=rows.order_by().values("pk"))
    for event in AuditEvent.objects.filter(about).order_by("at", "pk"):
        act = event.action.partition(".")[2].replace("_", " ").capitalize()
        yield _act(call, event.at, event.actor_label, act, event.object_label, event.details)


def _kept(call: FundingCall, applications: QuerySet[Application]) -> Iterator[Act]:
    for each in Submission.objects.filter(application__in=applications).select_related("application__call"):
        details = {"number": each.number, "sha256": each.sha256}
        yield _act(call, each.at, each.by, _("Kept as handed in"), str(each.application), details)
    for each in Revision.objects.filter(application__in=applications).select_related("application__call"):
        details = {"field": each.field, "set_aside": each.is_set_aside}
        yield _act(call, each.at, each.by, _("Saved a field"), str(each.application), details)


def _act(call: FundingCall, at: datetime, who: str, act: str, on: str, details: dict[str, Any]) -> Act:
    return Act(at, moment_in(at, call.time_zone), who, act, on, details)
