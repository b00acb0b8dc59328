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
    """What stands in the database now, what does not fit, and whether the answers count.

    `seen`: the answers that the page has shown from now on, for its next save.
    """

    answers: Answers
    errors: Mapping[str, Error]
    is_handed_in: bool
    seen: Answers


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
    changed = _changed(questionnaire, posted, seen)
    raw = {key: value for key, value in {**stored, **changed}.items() if value is not None}
    whole = hand_in or current.has_answered
    answers, errors = _fitting(questionnaire, raw, whole=whole)
    if errors and current.has_answered:
        return Saved(stored, errors, is_handed_in=True, seen=dict(seen))
    is_complete = whole and not errors
    _keep(current, response, pk, answers, is_complete=is_complete)
    if is_complete and not current.has_answered:
        Invitee.objects.filter(pk=current.pk).update(has_answered=True, has_declined=False)
    now = {key: answers[key] for key in changed if key in answers}
    kept = {key: value for key, value in seen.items() if key not in changed}
    return Saved(answers, errors, is_handed_in=is_complete, seen=kept | now)


def stored_answers(invitee: Invitee) -> Answers:
    """What an invitee has answered so far; nothing when the wave is not open."""
    if not invitee.wave.takes_answers:
        return {}
    response = Response.objects.filter(pk=links.response_id(invitee.wave, invitee)).first()
    return response.answers if response else {}


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


def _changed(questionnaire: Questionnaire, posted: Mapping[str, Any], seen: Mapping[str, Any]) -> Answers:
    """What the page says otherwise than when it was sent; None for an answer that was taken back."""
    asked = [(each.key, posted.get(each.key)) for each in questionnaire.questions]
    return {key: said if _told(said) else None for key, said in asked if _told(said) != _told(seen.get(key))}


def _fitting(questionnaire: Questionnaire, raw: Answers, *, whole: bool) -> tuple[Answers, Mapping[str, Error]]:
    try:
        return checked(questionnaire, raw, complete=whole), {}
    except BadAnswers as bad:
        return bad.answers, bad.errors


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
