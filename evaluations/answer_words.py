"""What the instrument says in codes to those who answer. These words are in `locale` in other languages too."""

from collections.abc import Iterable

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from evaluations.instrument import Condition, Error, Question, Questionnaire

ERRORS = {
    "missing": gettext_lazy("Give an answer."),
    "missing_rows": gettext_lazy("Give an answer."),
    "unknown_question": gettext_lazy("This question is not asked here."),
    "unknown_option": gettext_lazy("Choose one of the answers shown."),
    "unknown_row": gettext_lazy("Choose from the lines shown."),
    "twice": gettext_lazy("One answer was sent twice. Choose it once."),
    "too_many": gettext_lazy("Choose up to %(most)s. You chose %(given)s."),
    "alone": gettext_lazy("“%(option)s” stands alone. Choose it, or the others."),
    "not_whole": gettext_lazy("Write a whole number in digits, such as 12."),
    "below": gettext_lazy("The smallest number here is %(minimum)s."),
    "above": gettext_lazy("The largest number here is %(maximum)s."),
    "too_long": gettext_lazy("This has %(given)s characters. Use up to %(most)s."),
    "wrong_shape": gettext_lazy("Choose one of the answers shown."),
}


def error(found: Error, question: Question, questionnaire: Questionnaire, language: str) -> str:
    """Why an answer does not fit, beside its field; options by their words."""
    values = dict(found.values)
    option = next((each for each in question.choices if each.key == values.get("option")), None)
    if option is not None:
        values["option"] = questionnaire.words(option.text, language)
    return str(ERRORS[found.code] % values)


def when(question: Question, questionnaire: Questionnaire, language: str) -> str:
    """When a question is to be answered, for those whose browser does not hide it; blank if always."""
    if question.when is None:
        return ""
    parts = [_condition(each, questionnaire, language) for each in question.when.conditions]
    if len(parts) == 1:
        return _("Only if: %(condition)s.") % {"condition": parts[0]}
    link = pgettext("between conditions", "or") if question.when.any else pgettext("between conditions", "and")
    return _("Only if: %(condition)s.") % {"condition": f" {link} ".join(parts)}


def _condition(condition: Condition, questionnaire: Questionnaire, language: str) -> str:
    asked = questionnaire.question(condition.question)
    if asked is None:
        return condition.question
    title = questionnaire.words(asked.text, language)
    if not condition.options:
        return _("you answered “%(question)s”") % {"question": title}
    chosen = [each for each in asked.choices if each.key in condition.options]
    words = listed((questionnaire.words(each.text, language) for each in chosen), any_of=True)
    return _("“%(question)s” is answered with %(options)s") % {"question": title, "options": words}


def listed(names: Iterable[str], *, any_of: bool = False) -> str:
    """“A”, “B” or “C”."""
    quoted = [_("“%(name)s”") % {"name": name} for name in names]
    return get_text_list(quoted, pgettext("in a list", "or") if any_of else pgettext("in a list", "and"))
