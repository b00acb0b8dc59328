"""A page of answers as it came back: what was typed, beside what the page had shown."""

import json
from typing import Any

from evaluations.forms.answers import AnswerForm
from evaluations.instrument import asked


class PageForm(AnswerForm):
    """The questionnaire on one page. `raw` is what came, fitting or not; `seen` what the page was sent with."""

    raw: dict[str, Any]

    def clean(self) -> dict[str, object]:
        """Keeps what came before anything of it is refused."""
        self.raw = {each.key: self._raw(each, self.cleaned_data) for each in self.questionnaire.questions}
        return super().clean()

    @property
    def seen(self) -> dict[str, Any]:
        """The answers that the page was sent with. It is the sender's own word, and only ever moves its own answers."""
        try:
            seen = json.loads(self.data.get("seen", ""))
        except (ValueError, RecursionError):
            return {}
        return seen if isinstance(seen, dict) else {}


def progress(form: AnswerForm, answers: dict[str, Any]) -> dict[str, int]:
    """How many of the questions that must be answered have an answer."""
    needed = [each.key for each in asked(form.questionnaire, answers) if not each.optional]
    return {"done": sum(key in answers for key in needed), "total": len(needed)}
