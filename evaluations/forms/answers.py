"""A questionnaire as a form: what the answering person sees, and what came back."""

import json
from collections.abc import Iterable, Mapping

from django import forms
from django.utils.html import conditional_escape
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluations import answer_words
from evaluations.instrument import Answer, Answers, BadAnswers, Error, Question, Questionnaire, checked
from evaluations.instrument.types import CONSENT, LONGEST_ANSWER, MATRIX, MULTIPLE, NUMBER, SCALE, SINGLE, TEXT

# Characters of a step's words, and of each word, that fit beside two others on a phone.
SHORT, SHORT_WORD = 16, 9
STEPS_IN_A_ROW = 5


class _Given(forms.Field):
    """Takes what was sent as it is: what fits is decided once, in the instrument."""

    def clean(self, value: object) -> object:
        """What was sent."""
        return value


class AnswerForm(forms.Form):
    """Asks a questionnaire in one language.

    Once it was read, `answers` holds what fits, also when something else did not. With `complete=False` questions may
    stay open: what is saved half-way. In a page: `form.asked` goes to evaluations/_question.html one by one.
    """

    use_required_attribute = False

    def __init__(
        self, data: Mapping[str, object] | None = None, *, questionnaire: Questionnaire, language: str,
        answers: Answers | None = None, complete: bool = True,
    ) -> None:  # fmt: skip
        super().__init__(data)
        self.questionnaire = questionnaire
        self.language = language if language in questionnaire.languages else questionnaire.languages[0]
        self.complete = complete
        self.answers: dict[str, Answer] = dict(answers or {})
        for question in questionnaire.questions:
            self.fields.update(self._fields(question))
        self.initial = dict(self._typed(self.answers))

    def clean(self) -> dict[str, object]:
        """Everything together: conditions look at the answers of other questions."""
        given = super().clean()
        raw = {question.key: self._raw(question, given) for question in self.questionnaire.questions}
        try:
            self.answers = checked(self.questionnaire, raw, complete=self.complete)
        except BadAnswers as bad:
            self.answers = bad.answers
            for key, error in bad.errors.items():
                self._tell(key, error)
        return given

    def asked(self) -> Iterable[dict[str, object]]:
        """Each question as the template shows it."""
        for question in self.questionnaire.questions:
            fields = [self[name] for name in _names(question)]
            steps = [self._words(each.text) for each in question.choices]
            in_a_row = len(steps) <= STEPS_IN_A_ROW and all(map(_is_short, steps))
            yield {
                "kind": question.kind,
                "key": question.key,
                "text": self._words(question.text),
                "help": self._help(question),
                "optional": question.optional,
                "field": fields[0] if question.kind != MATRIX else None,
                "rows": fields if question.kind == MATRIX else [],
                "in_a_row": in_a_row and question.kind in (SCALE, MATRIX),
                "when": answer_words.when(question, self.questionnaire, self.language),
                "condition": self._condition(question),
            }

    def _words(self, texts: Mapping[str, str]) -> str:
        return self.questionnaire.words(texts, self.language)

    def _help(self, question: Question) -> str:
        said = [self._words(question.help)]
        if question.kind == MULTIPLE and question.most and not said[0]:
            said.append(ngettext("Choose %(n)s.", "Choose up to %(n)s.", question.most) % {"n": question.most})
        if question.kind == NUMBER and question.unit:
            said.append(_("In %(unit)s.") % {"unit": self._words(question.unit)})
        return " ".join(filter(None, said))

    def _fields(self, question: Question) -> dict[str, forms.Field]:
        choices = [(each.key, self._words(each.text)) for each in question.choices]
        needed = not question.optional
        if question.kind == MATRIX:
            return {
                _name(question.key, row.key): _Given(
                    label=self._words(row.text), required=needed, widget=forms.RadioSelect(choices=choices)
                )
                for row in question.rows
            }
        widgets: dict[str, forms.Widget] = {
            SINGLE: forms.RadioSelect(choices=choices),
            SCALE: forms.RadioSelect(choices=choices),
            CONSENT: forms.RadioSelect(choices=choices),
            MULTIPLE: forms.CheckboxSelectMultiple(choices=choices),
            NUMBER: forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            TEXT: forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST_ANSWER}),
        }
        # The field's template shows help as markup: what managers write is none.
        help_text = conditional_escape(self._help(question))
        label = self._words(question.text)
        field = _Given(label=label, help_text=help_text, required=needed, widget=widgets[question.kind])
        return {_name(question.key): field}

    def _typed(self, answers: Answers) -> Iterable[tuple[str, object]]:
        for question in self.questionnaire.questions:
            answer = answers.get(question.key)
            if isinstance(answer, dict):
                yield from ((_name(question.key, row), step) for row, step in answer.items())
            elif answer is not None:
                yield _name(question.key), answer

    def _raw(self, question: Question, given: Mapping[str, object]) -> object:
        if question.kind == MATRIX:
            return {row.key: given.get(_name(question.key, row.key)) for row in question.rows}
        return given.get(_name(question.key))

    def _tell(self, key: str, error: Error) -> None:
        question = self.questionnaire.question(key)
        if question is None:
            self.add_error(None, str(answer_words.ERRORS[error.code]))
            return
        sentence = answer_words.error(error, question, self.questionnaire, self.language)
        names = [_name(key, row) for row in error.values.get("rows", ())] or _names(question)[:1]
        for name in names:
            self.add_error(name, sentence)

    def _condition(self, question: Question) -> str:
        """When the question is shown, for the script that hides it otherwise: names of fields and their values."""
        if question.when is None:
            return ""
        conditions = []
        for each in question.when.conditions:
            on = self.questionnaire.question(each.question)
            conditions.append({"names": _names(on) if on else [], "values": list(each.options)})
        return json.dumps({"any": question.when.any, "conditions": conditions})


def _name(key: str, row: str = "") -> str:
    """The name of a field: keys hold no hyphen, so none is like another, and none like an attribute of the form."""
    return f"q-{key}-{row}" if row else f"q-{key}"


def _is_short(words: str) -> bool:
    return len(words) <= SHORT and all(len(word) <= SHORT_WORD for word in words.split())


def _names(question: Question) -> list[str]:
    if question.kind == MATRIX:
        return [_name(question.key, row.key) for row in question.rows]
    return [_name(question.key)]
