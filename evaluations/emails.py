"""The room's mails: what is written to whom. Whether to write is decided in the actions and in `writing`."""

from collections.abc import Sequence

from django.utils import timezone, translation

from core.speaking import spoken
from evaluations import links
from evaluations.instrument import minutes
from evaluations.models import FollowUp, Invitee
from evaluations.population import language_of
from members import consents
from members.emails import write


def send_survey(*, invitee: Invitee) -> None:
    """The link, once for each version of it."""
    _to(invitee, "survey", kind="survey", key=f"survey:{invitee.pk}:{invitee.link_version}")


def send_survey_reminder(*, invitee: Invitee) -> None:
    """The answer is still missing: the first or the second time."""
    key = f"survey-reminder:{invitee.pk}:{invitee.reminders}"
    _to(invitee, "survey_reminder", kind="survey-reminder", key=key, is_last=invitee.reminders > 1)


def send_survey_more_time(*, invitee: Invitee) -> None:
    """The wave runs longer: once for each time that it is extended."""
    key = f"survey-more-time:{invitee.pk}:{invitee.wave.extensions}"
    _to(invitee, "survey_more_time", kind="survey", key=key)


def send_survey_link(*, invitee: Invitee) -> None:
    """The newest link, to the address on record: at most once an hour, however often somebody asks."""
    hour = timezone.now().strftime("%Y%m%d%H")
    _to(invitee, "survey_link", kind="survey-link", key=f"survey-link:{invitee.pk}:{invitee.link_version}:{hour}")


def _to(invitee: Invitee, template: str, *, kind: str, key: str, **more: object) -> None:
    # A questionnaire may speak more languages than mails do: dates stay in the language of the words around them.
    with translation.override(spoken(invitee.asked_in)):
        write(template, to=invitee.email, kind=kind, key=key, **_context(invitee) | more)


def _context(invitee: Invitee) -> dict[str, object]:
    questionnaire, language = invitee.wave.questionnaire, invitee.asked_in
    agreed = consents.given(invitee.email, consents.SURVEYS)
    return {
        "invitee": invitee,
        "wave": invitee.wave,
        "title": questionnaire.words(questionnaire.title, language),
        "intro": questionnaire.words(questionnaire.intro, language),
        "minutes": minutes(questionnaire),
        "until": timezone.localtime(invitee.wave.closes_at),
        "agreed_on": timezone.localtime(agreed.given_at) if agreed else None,
        "withdraw_url": consents.withdraw_url(invitee.email, consents.SURVEYS),
        "decline_url": links.url_of(invitee, "decline"),
        "url": links.url_of(invitee),
    }


def send_follow_up(*, follow_ups: Sequence[FollowUp]) -> None:
    """What came of some interests, grants, introductions of one organisation? Each has its own link; once."""
    _ask(follow_ups, "follow_up", key=f"follow-up:{follow_ups[0].pk}")


def send_follow_up_reminder(*, follow_ups: Sequence[FollowUp]) -> None:
    """The same questions once more."""
    _ask(follow_ups, "follow_up_reminder", key=f"follow-up-reminder:{follow_ups[0].pk}")


def _ask(follow_ups: Sequence[FollowUp], template: str, *, key: str) -> None:
    """Questions after the same number of months, to one address."""
    first = follow_ups[0]
    asked = [
        {"title": each.title, "opportunity": each.opportunity, "url": links.follow_up_url(each)} for each in follow_ups
    ]
    about = {"organisation": first.organisation, "months": first.months, "asked": asked, "source": first.source}
    with translation.override(language_of(first.organisation)):
        write(template, to=first.email, kind="follow-up", key=key, **about)
