"""What the pages of an invitee's link show."""

from django.utils import timezone

from core.codelists import languages
from evaluations import links
from evaluations.instrument import minutes
from evaluations.models import Invitee


def page_context(invitee: Invitee) -> dict[str, object]:
    """What each of these pages is made with: the questionnaire in the invitee's language, and until when."""
    wave = invitee.wave
    questionnaire = wave.questionnaire
    language = invitee.asked_in
    return {
        "invitee": invitee,
        "wave": wave,
        "token": links.token_of(invitee),
        "until": timezone.localtime(wave.closes_at),
        "minutes": minutes(questionnaire),
        "language": language,
        # Each language by its own name: who looks for it reads that one.
        "languages": [(code, languages(code)[code].capitalize()) for code in questionnaire.languages],
        "title": questionnaire.words(questionnaire.title, language),
        "intro": questionnaire.words(questionnaire.intro, language),
        "thanks": questionnaire.words(questionnaire.thanks, language),
    }
