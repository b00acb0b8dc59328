"""At the closing of a wave, words that may be printed are taken out of the answers, and all other words are deleted.

The company's name is known as long as the wave's key leads from its link to its answers. A named quote that stood among
the answers would tell whose they are; therefore it leaves them. Words that may not be printed are of no use to anybody.
"""

import random
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from evaluations.instrument import Questionnaire, permission
from evaluations.instrument.types import CONSENT, NO, TEXT, WITH_COMPANY
from evaluations.models import Quote, Response, Wave


def take_out(wave: Wave, responses: Sequence[Response], companies: Mapping[UUID, str]) -> None:
    """Within the transaction that closes the wave: keeps what may be quoted, and leaves no words in the answers.

    `companies`: who gave each response, by its id. The responses are changed, and saved by whoever calls.
    """
    questionnaire = wave.questionnaire
    quotes = [
        Quote(wave=wave, question=key, text=text, company=companies.get(response.pk, "") if named else "")
        for response in responses
        for key, text, named in _allowed(questionnaire, response.answers)
    ]
    # The order of the rows would tell the order of the answers.
    random.SystemRandom().shuffle(quotes)
    Quote.objects.bulk_create(quotes)
    words = {question.key for question in questionnaire.questions if question.kind in (TEXT, CONSENT)}
    for response in responses:
        response.answers = {key: answer for key, answer in response.answers.items() if key not in words}


def _allowed(questionnaire: Questionnaire, answers: Mapping[str, object]) -> Iterable[tuple[str, str, bool]]:
    for question in questionnaire.questions:
        said = answers.get(question.key)
        if question.kind == TEXT and isinstance(said, str) and said.strip():
            given = permission(questionnaire, answers, question.key)
            if given != NO:
                yield question.key, said.strip(), given == WITH_COMPANY
