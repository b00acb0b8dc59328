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

from core.clocks import second_in
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
from funding.reading.record_words import Words, act
from funding.reviewing import hidden_from
from members.models import User

COLUMNS = ("at", "at_in_zone", "who", "act", "on", "in_words", "details")


@dataclass(frozen=True, slots=True)
class Act:
    """One act. `at_in_zone`: on the clocks of the call; `lines`: the details as people read them."""

    at: datetime
    at_in_zone: str
    who: str
    act: str
    on: str
    details: dict[str, Any]
    lines: dict[str, str]

    def row(self) -> list[str]:
        """The act as a line of a table."""
        details = json.dumps(self.details, ensure_ascii=False, sort_keys=True)
        return [self.at.isoformat(), self.at_in_zone, self.who, self.act, self.on, self.in_words, details]

    @property
    def in_words(self) -> str:
        """The details in one line."""
        return "; ".join(f"{name}: {value}" for name, value in self.lines.items())


def of_call(call: FundingCall, reader: User) -> list[Act]:
    """The whole call, with all of its applications but those that are closed to who reads."""
    open_to = Application.objects.filter(call=call).exclude(pk__in=hidden_from(reader, call))
    return _acts(call, open_to, whole=True)


def of_application(application: Application) -> list[Act]:
    """One application, from its first draft on."""
    return _acts(application.call, Application.objects.filter(pk=application.pk), whole=False)


def _acts(call: FundingCall, applications: QuerySet[Application], *, whole: bool) -> list[Act]:
    words = Words(call)
    found = [*_events(words, _objects(call, applications, whole=whole)), *_kept(words, applications)]
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


def _events(words: Words, objects: Iterable[QuerySet]) -> Iterator[Act]:
    about = Q(pk__in=[])
    for rows in objects:
        about |= Q(object_type=rows.model._meta.label_lower, object_id__in=rows.order_by().values("pk"))
    for event in AuditEvent.objects.filter(about).order_by("at", "pk"):
        yield _act(words, event.at, _who(event), act(event.action), event.object_label, event.details)


def _who(event: AuditEvent) -> str:
    """Who did it. A partner has no account: its link did it, signed with a name where one was asked for."""
    partner, name = event.details.get("partner"), event.details.get("name")
    if event.actor_id is not None or not partner:
        return event.actor_label
    said = _("%(name)s of %(partner)s, by the partner's link") if name else _("%(partner)s, by the partner's link")
    return said % {"name": name, "partner": partner}


def _kept(words: Words, applications: QuerySet[Application]) -> Iterator[Act]:
    for each in Submission.objects.filter(application__in=applications).select_related("application__call"):
        details = {"number": each.number, "sha256": each.sha256}
        yield _act(words, each.at, each.by, _("Kept as handed in"), str(each.application), details)
    revisions = Revision.objects.filter(application__in=applications)
    for each in revisions.select_related("application__call", "partner"):
        details = {"field": each.field} | ({"set_aside": True} if each.is_set_aside else {})
        details |= {"partner": each.partner.name} if each.partner else {}
        yield _act(words, each.at, each.by, _("Saved a field"), str(each.application), details)


def _act(words: Words, at: datetime, who: str, done: str, on: str, details: dict[str, Any]) -> Act:
    return Act(at, second_in(at, words.call.time_zone), who, done, on, details, words.of(details))
