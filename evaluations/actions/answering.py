"""What a company does by its link: it answers, half-way or whole, changes that while the wave is open, or says no.

None of it is in the audit trail, and no row says when: an event with a name and a time would lead from a company to its
answers. What is noted is that somebody has said no, without who.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from core.actions import Refused, record
from evaluations import emails, links
from evaluations.groups import GROUPS
from evaluations.instrument import BadAnswers, Error, Questionnaire, checked
from evaluations.models import Invitee, Response, Wave

Answers = dict[str, Any]


class Closed(Refused):
    """The wave takes no answers any more."""


class Saved(NamedTuple):
    """What stands in the database now, what does not fit, and whether the answers count."""

    answers: Answers
    errors: Mapping[str, Error]
    is_handed_in: bool


@transaction.atomic
def save(*, invitee: Invitee, posted: Mapping[str, Any], seen: Mapping[str, Any], hand_in: bool = False) -> Saved:
    """Keeps what fits of the answers of a page; handed in, they count. Twice is once.

    `seen` are the answers that the page was sent with: what the page has not changed is left as it is, so that two
    open pages do not wipe each other's answers. What was handed in already changes only as a whole.
    """
    current = _locked(invitee)
    questionnaire, pk = current.wave.questionnaire, links.response_id(current.wave, current)
    response = Response.objects.filter(pk=pk).first()
    stored: Answers = response.answers if response else {}
    raw = merged(questionnaire, posted=posted, seen=seen, stored=stored)
    whole = hand_in or current.has_answered
    try:
        answers, errors = checked(questionnaire, raw, complete=whole), {}
    except BadAnswers as bad:
        answers, errors = bad.answers, bad.errors
    if errors and current.has_answered:
        return Saved(stored, errors, is_handed_in=True)
    is_complete = whole and not errors
    _keep(current, response, pk, answers, is_complete=is_complete)
    if is_complete and not current.has_answered:
        Invitee.objects.filter(pk=current.pk).update(has_answered=True, has_declined=False)
    return Saved(answers, errors, is_handed_in=is_complete)


def _locked(invitee: Invitee) -> Invitee:
    """The invitee's row, held until the end, with the wave as it is then: closing waits for us, or it came first."""
    current = Invitee.objects.select_for_update(no_key=True).get(pk=invitee.pk)
    current.wave = Wave.objects.select_related("version").get(pk=current.wave_id)
    if not current.wave.takes_answers:
        raise Closed(_("This survey is closed. Your last answers could not be saved."))
    if current.is_taken_out:
        raise Refused(_("Your company is not asked any more. Nothing was saved."))
    return current


def _keep(invitee: Invitee, response: Response | None, pk: object, answers: Answers, *, is_complete: bool) -> None:
    if response is None and not answers and not is_complete:
        return
    if response is None:
        groups = {name: getattr(invitee, name) for name in GROUPS}
        Response.objects.create(pk=pk, wave=invitee.wave, answers=answers, is_complete=is_complete, **groups)
    elif (response.answers, response.is_complete) != (answers, is_complete):
        Response.objects.filter(pk=pk).update(answers=answers, is_complete=is_complete)


def merged(
    questionnaire: Questionnaire, *, posted: Mapping[str, Any], seen: Mapping[str, Any], stored: Mapping[str, Any]
) -> Answers:
    """The stored answers with those that the page has changed since it was sent."""
    raw = dict(stored)
    for question in questionnaire.questions:
        said = posted.get(question.key)
        if _told(said) != _told(seen.get(question.key)):
            raw[question.key] = said
    return {key: value for key, value in raw.items() if value is not None}


def _told(answer: Any) -> Any:
    """An answer as a page sends it: a number as its digits, nothing as nothing, lines ended in one way."""
    if answer in (None, "", [], {}):
        return None
    if isinstance(answer, list):
        return sorted(answer)
    if isinstance(answer, Mapping):
        return {row: value for row, value in answer.items() if value} or None
    return "\n".join(str(answer).strip().splitlines()) or None


@transaction.atomic
def speak(*, invitee: Invitee, language: str) -> None:
    """The company goes on in another of the questionnaire's languages."""
    if language in invitee.wave.questionnaire.languages:
        Invitee.objects.filter(pk=invitee.pk).update(language=language)


@transaction.atomic
def decline(*, invitee: Invitee) -> None:
    """The company does not answer this time: what it has answered is deleted, and no reminder comes. Twice is once."""
    current = _locked(invitee)
    Response.objects.filter(pk=links.response_id(current.wave, current)).delete()
    if current.has_declined:
        return
    Invitee.objects.filter(pk=current.pk).update(has_declined=True, has_answered=False)
    record("evaluations.declined", by=None, on=current.wave)


@transaction.atomic
def ask_for_new_link(*, invitee: Invitee) -> None:
    """Whoever holds an older link has the newest sent to the address on record, and nowhere else."""
    if invitee.wave.takes_answers and not invitee.is_taken_out:
        emails.send_survey_link(invitee=invitee)
