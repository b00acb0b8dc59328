"""The record in words: what was done, what each detail is called, and its value as people read it."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.clocks import moment_in
from core.templatetags.portal import cents
from funding.models import (
    Application,
    Assignment,
    Decision,
    Funder,
    FundingCall,
    LetterTemplate,
    Partner,
    Reviewer,
)

# Acts whose names alone do not say what was done.
ACTS = {
    "funding.assigned": gettext_lazy("Reviewer chosen"),
    "funding.assignment_proposed": gettext_lazy("Reviewers proposed"),
    "funding.assignment_taken_back": gettext_lazy("Review taken back from its reviewer"),
    "funding.assignments_sent": gettext_lazy("Reviews sent to reviewers"),
    "funding.application_amended": gettext_lazy("Application opened again to be amended"),
    "funding.application_submitted": gettext_lazy("Application handed in"),
    "funding.call_added": gettext_lazy("Call begun"),
    "funding.conflict_declared": gettext_lazy("Conflict of interest declared or denied"),
    "funding.conflict_overruled": gettext_lazy("Conflict of interest that the portal saw overruled"),
    "funding.declared": gettext_lazy("Declarations made by the lead"),
    "funding.interests_declared": gettext_lazy("Reviewer named what binds it"),
    "funding.letter_changed": gettext_lazy("Words of a letter changed"),
    "funding.moderation_taken_back": gettext_lazy("Agreed score taken back"),
    "funding.moved_up": gettext_lazy("Moved up from the reserve list"),
    "funding.part_confirmed": gettext_lazy("Partner confirmed its part"),
    "funding.part_declined": gettext_lazy("Partner declined"),
    "funding.part_said": gettext_lazy("Partner told its figures or aid"),
    "funding.part_to_be_confirmed_again": gettext_lazy("Confirmation taken back: the part changed"),
    "funding.partner_named": gettext_lazy("Partner recognised as an organisation of the portal"),
    "funding.review_reopened": gettext_lazy("Review opened again by its reviewer"),
    "funding.review_reopened_by_team": gettext_lazy("Review opened again by the team"),
    "funding.reviewer_brought": gettext_lazy("Reviewer brought in"),
    "funding.score_moderated": gettext_lazy("Agreed score noted"),
    "funding.words_chosen": gettext_lazy("Chosen between two versions of a text"),
    "funding.words_restored": gettext_lazy("Earlier version of a text restored"),
}
KEYS = {
    "after": gettext_lazy("to"),
    "at": gettext_lazy("moment"),
    "awards": gettext_lazy("amounts"),
    "before": gettext_lazy("from"),
    "call": gettext_lazy("call"),
    "de_minimis": gettext_lazy("warnings about de minimis aid"),
    "detected": gettext_lazy("seen by the portal"),
    "field": gettext_lazy("text"),
    "fields": gettext_lazy("what changed"),
    "kind": gettext_lazy("kind"),
    "lacking": gettext_lazy("reviews still missing"),
    "name": gettext_lazy("signed by"),
    "number": gettext_lazy("version"),
    "outcome": gettext_lazy("decision"),
    "reserve_place": gettext_lazy("place on the reserve list"),
    "scores_until_then": gettext_lazy("scores until then"),
    "set_aside": gettext_lazy("kept beside newer words"),
    "sha256": gettext_lazy("fingerprint (SHA-256)"),
    "sum": gettext_lazy("in sum"),
    "took": gettext_lazy("taken over"),
    "version": gettext_lazy("number of the link"),
    "what": gettext_lazy("what changed"),
    "why_early": gettext_lazy("why before all reviews"),
}
FIELDS = {
    "activity_types": gettext_lazy("activities"),
    "declared_aid": gettext_lazy("declared de minimis aid"),
    "enterprise": gettext_lazy("figures of the company"),
    "previous_grants": gettext_lazy("earlier grants"),
    "role": gettext_lazy("what the partner does in the project"),
    "title": gettext_lazy("title of the project"),
}
MODELS = (Application, Partner, FundingCall, Funder, Reviewer)
CHOICES = {
    "outcome": (Decision.Outcome,),
    "status": (Partner.Status, Assignment.Status, FundingCall.Status),
    "kind": (LetterTemplate.Kind,),
}
MONEY = frozenset({"amount", "given_back", "total"})
AMOUNT = re.compile(r"\d+(\.\d+)?")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*[+Z].*")


def act(action: str) -> str:
    """What was done, such as "Application handed in"."""
    known = ACTS.get(action)
    return str(known) if known else action.partition(".")[2].replace("_", " ").capitalize()


class Words:
    """Details of one call's record: its questions by their texts, moments on its clocks."""

    def __init__(self, call: FundingCall) -> None:
        self.call = call
        self.questions = {f"question:{pk}": text for pk, text in call.questions.values_list("pk", "text")}

    def of(self, details: Mapping[str, Any]) -> dict[str, str]:
        """The names of details with their values; what it was comes before what it became."""
        order = sorted(details, key=lambda key: ({"before": -2, "after": -1}.get(key, 0), key))
        return {name_of(key): self._value(key, details[key]) for key in order}

    def _value(self, key: str, value: Any) -> str:
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        if value in (None, "", [], {}):
            return "–"
        if isinstance(value, dict):
            if value.keys() == {"score", "why"}:
                return f"{value['score']} ({value['why']})"
            return "; ".join(f"{name_of(name)}: {self._value(name, each)}" for name, each in value.items() if each)
        if isinstance(value, list):
            return ", ".join(self._value(key, each) for each in value)
        return self._text(key, str(value))

    def _text(self, key: str, text: str) -> str:
        if key in ("field", "fields"):
            return self.questions.get(text) or _field(text)
        for choices in CHOICES.get(key, ()):
            if text in choices.values:
                return str(choices(text).label)
        if key in MONEY and AMOUNT.fullmatch(text):
            return cents(Decimal(text))
        if DAY.fullmatch(text):
            return date_format(date.fromisoformat(text), "j F Y")
        return moment_in(datetime.fromisoformat(text), self.call.time_zone) if MOMENT.fullmatch(text) else text


def name_of(key: str) -> str:
    """What a detail is called."""
    return str(KEYS.get(key, "")) or key.replace("_", " ")


def _field(name: str) -> str:
    """A field of a row as its forms call it. Questions that a draft has lost have no text any more."""
    if name.startswith("question:"):
        return _("a question that was removed")
    if name in FIELDS:
        return str(FIELDS[name])
    for model in MODELS:
        if any(each.name == name for each in model._meta.get_fields()):
            return str(getattr(model._meta.get_field(name), "verbose_name", name))
    return name.replace("_", " ")
