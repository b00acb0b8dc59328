"""From rows to what the components of the pages show: cards, list rows and facts, in words and without queries."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.clocks import moment_here
from core.templatetags.portal import countries, language, money
from opportunities import gather, words
from opportunities.models import Feedback, Match, Opportunity


def days_until(moment: datetime | None) -> int | None:
    """Whole days from today to a moment's day, where the cluster is."""
    return (timezone.localtime(moment).date() - timezone.localdate()).days if moment else None


def budget(opportunity: Opportunity) -> str:
    """The money in one line: a range, one amount, or the whole pot."""
    low, high, currency = opportunity.budget_min, opportunity.budget_max, opportunity.currency
    if low and high and low != high:
        return _("%(low)s to %(high)s") % {"low": money(low, currency), "high": money(high, currency).split(" ")[-1]}
    if one := high or low:
        return money(one, currency)
    return (
        _("%(total)s in all") % {"total": money(opportunity.budget_total, currency)} if opportunity.budget_total else ""
    )


def effort(opportunity: Opportunity) -> str:
    """The hours that an answer takes, if a manager has said so."""
    hours = opportunity.effort_hours
    return ngettext("About %(n)s hour", "About %(n)s hours", hours) % {"n": hours} if hours else ""


def _answer(answers: Iterable[Feedback]) -> Feedback | None:
    by_kind = {said.kind: said for said in answers}
    return next((by_kind[kind] for kind in Feedback.LAST_WORD if kind in by_kind), None)


def card(
    opportunity: Opportunity, *, reasons: Sequence[str] = (), codes: Sequence[str] = (), may_answer: bool = True
) -> dict[str, object]:
    """A card of the feed. Needs `answers` (with_answers_of) and `note_by` at hand."""
    said = _answer(opportunity.answers)
    return _common(opportunity) | {
        "id": opportunity.pk,
        "reference": opportunity.reference,
        "reasons": list(reasons),
        "reason_codes": list(codes),
        "budget": budget(opportunity),
        "effort": effort(opportunity),
        "note": opportunity.note,
        "note_by": str(opportunity.note_by or _("The cluster team")),
        "note_on": opportunity.note_at,
        "answer": said.kind if said else "",
        "sentence": said.sentence if said else "",
        "opened": any(each.kind == Feedback.Kind.OPENED for each in opportunity.answers),
        "answer_reason": said.get_reason_display().lower() if said and said.reason else "",
        "answer_moves_topic": bool(said) and said.reason in {"", Feedback.Reason.TOPIC},
        "answer_url": reverse("opportunities:answer", args=[opportunity.reference]) if may_answer else "",
        "undo_url": reverse("opportunities:take_back", args=[opportunity.reference]) if may_answer else "",
    }


def why(opportunity: Opportunity, match: Match | None, *, about: str = "") -> list[str]:
    """Why a member is shown it, as sentences: a manager's own words, or what the filter found. Needs `answers`.

    With `about`, the member's name, it is told to somebody else.
    """
    handed = _handed(opportunity)
    if handed is None:
        return gather.sentences(match.reasons, about=about) if match else []
    told = (
        _("A cluster manager handed this over to them.")
        if about
        else _("Your cluster manager handed this over to you.")
    )
    return [text for text in (told, handed.sentence) if text]


def why_codes(opportunity: Opportunity, match: Match | None) -> list[str]:
    """The same reasons by their codes, as traces keep them: the filter's, or that of a manager. Needs `answers`."""
    if _handed(opportunity):
        return [Feedback.Kind.HANDED_OVER.value]
    return [code for code, _values in match.reasons] if match else []


def _handed(opportunity: Opportunity) -> Feedback | None:
    return next((said for said in opportunity.answers if said.kind == Feedback.Kind.HANDED_OVER), None)


def row(opportunity: Opportunity, *, why: str = "", state: str = "", state_label: str = "") -> dict[str, object]:
    """A line of a list. Of a day that has passed it says the day, not how long ago."""
    told = _common(opportunity)
    days_left = told["days_left"]
    passed = days_left is not None and days_left < 0
    return told | {"why": why, "state": state, "state_label": state_label, "days_left": None if passed else days_left}


def _common(opportunity: Opportunity) -> dict[str, object]:
    moment = opportunity.starts_at if opportunity.kind == Opportunity.Kind.EVENT else opportunity.deadline
    return {
        "title": opportunity.title,
        "url": opportunity.get_absolute_url(),
        "kind": opportunity.kind,
        "kind_label": opportunity.kind_label,
        "place": countries(opportunity.countries[:2]),
        "organisation": opportunity.organisation,
        "deadline": timezone.localtime(moment) if moment else None,
        "days_left": days_until(moment),
    }


EXPORTED = (
    gettext_lazy("Title"),
    gettext_lazy("Kind"),
    gettext_lazy("Organisation"),
    gettext_lazy("Country"),
    gettext_lazy("Deadline or start"),
    gettext_lazy("Budget"),
    gettext_lazy("Source"),
    gettext_lazy("Address"),
)


def exported(opportunity: Opportunity) -> list[str]:
    """A line of the exported list, in the order of EXPORTED."""
    told = _common(opportunity)
    return [
        opportunity.title.strip(),
        opportunity.kind_label,
        opportunity.organisation.strip(),
        countries(opportunity.countries),
        f"{told['deadline']:%Y-%m-%d}" if told["deadline"] else "",
        budget(opportunity),
        opportunity.source.name.strip(),
        opportunity.url,
    ]


def facts(opportunity: Opportunity) -> list[dict[str, object]]:
    """The definition list at the side of a detail page; empty ones are left out by the component."""
    original = opportunity.url if opportunity.url.startswith(("https://", "http://")) else ""
    upcoming = [timezone.localtime(datetime.fromisoformat(text)) for text in opportunity.deadlines]
    return [
        {"label": _("Kind"), "value": opportunity.kind_label},
        {"label": _("From"), "value": opportunity.organisation},
        {"label": _("Country"), "value": countries(opportunity.countries)},
        {"label": _("Open to"), "value": countries(opportunity.target_countries)},
        {
            "label": ngettext("Deadline", "Deadlines", len(upcoming)),
            "value": "; ".join(_moment(at) for at in upcoming),
            "note": _days_left(days_until(opportunity.deadline)),
        },
        {"label": _("Starts"), "value": _moment(opportunity.starts_at)},
        {"label": _("Ends"), "value": _moment(opportunity.ends_at)},
        {"label": _("Opens"), "value": _day(opportunity.opens_on)},
        {"label": _("Budget"), "value": budget(opportunity)},
        {"label": _("What it takes"), "value": effort(opportunity)},
        {"label": _("Stage"), "value": words.told(opportunity.stage)},
        {"label": _("Language"), "value": language(opportunity.language)},
        {"label": _("Published"), "value": _day(opportunity.published_on)},
        {"label": _("Reference"), "value": "" if "-made-" in opportunity.reference else opportunity.reference.upper()},
        {"label": _("Source"), "value": opportunity.source.name},
        {"label": _("Original"), "value": _("Open at its source") if original else "", "url": original},
    ]


def _days_left(days: int | None) -> str:
    """How long there is, in the words of the lists; nothing for a day that has passed."""
    if days is None or days < 0:
        return ""
    return ngettext("%(n)s day left", "%(n)s days left", days) % {"n": days} if days else _("today")


def _moment(moment: datetime | None) -> str:
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return _day(local) if (local.hour, local.minute) in {(0, 0), (23, 59)} else moment_here(moment)


def _day(day) -> str:
    return f"{day.day} {day:%B %Y}" if day else ""
