"""What a call still needs before it can be published: for its page and for the refusal alike."""

from typing import NamedTuple

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from funding import starts
from funding.models import FundingCall, Question
from funding.models.calls import Criterion

CHOOSING = (Question.Kind.CHOICE, Question.Kind.CHOICES)


class Item(NamedTuple):
    """One line of the checklist: what has to be there, what to do as long as it is not, and where."""

    label: str
    todo: str
    url: str

    @property
    def is_done(self) -> bool:
        """Nothing is left to do."""
        return not self.todo


def checklist(call: FundingCall) -> list[Item]:
    """Everything that a call needs, in the order of the work."""
    items = [
        (_("Text"), _text(call), "edit"),
        (_("Dates"), _dates(call), "edit"),
        (_("Funders"), _funders(call), "funders"),
        (_("Cost categories"), "" if call.cost_categories.exists() else _("Name the cost categories."), "edit"),
        (_("Form"), _form(call), "form"),
        (_("Criteria"), _criteria(call), "criteria"),
    ]
    return [Item(label, todo, reverse(f"funding:{page}", args=[call.slug])) for label, todo, page in items]


def missing(call: FundingCall) -> list[str]:
    """A sentence for each thing to do before the call can be published; none when it is ready."""
    return [item.todo for item in checklist(call) if not item.is_done]


def _text(call: FundingCall) -> str:
    return "" if call.text.strip() else _("Write what the call is about.")


def _dates(call: FundingCall) -> str:
    if call.deadline <= timezone.now():
        return _("Move the deadline: it has passed.")
    if call.review_until is None:
        return _("Say until when reviews are done.")
    if call.review_until <= call.deadline:
        return _("Let the reviews end after the deadline.")
    if call.granting_on <= call.review_until.astimezone(call.zone).date():
        return _("Let the day of granting come after the reviews.")
    return ""


def _funders(call: FundingCall) -> str:
    funders = list(call.funders.all())
    if not funders:
        return _("Add a funder.")
    unnamed = next((each for each in funders if each.name in starts.FUNDERS_OF_THE_PATTERN), None)
    if unnamed:
        return _("Give “%(funder)s” its real name.") % {"funder": unnamed}
    poor = next((each for each in funders if not each.budget_eur), None)
    return _("Give %(funder)s a budget.") % {"funder": poor} if poor else ""


def _form(call: FundingCall) -> str:
    questions = list(call.questions.all())
    if not questions:
        return _("Ask a question.")
    bare = next((each for each in questions if each.kind in CHOOSING and len(each.options) < 2), None)
    return _("Give “%(question)s” two options or more.") % {"question": bare} if bare else ""


def _criteria(call: FundingCall) -> str:
    criteria = list(call.criteria.all())
    if not any(each.weight for each in criteria if each.funder_id is None):
        return _("Add a criterion that counts for all funders.")
    vague = next((each for each in criteria if not _has_ends(each)), None)
    if vague:
        return _("Say what the lowest and the highest score of “%(criterion)s” mean.") % {"criterion": vague}
    return ""


def _has_ends(criterion: Criterion) -> bool:
    return bool(criterion.anchors.get("0") and criterion.anchors.get(str(criterion.most)))
