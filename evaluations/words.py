"""What the pure rooms say in codes, in the words of the pages."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import codelists
from evaluations.instrument import Fault

FAULTS = {
    "not_an_object": gettext_lazy("%(name)s must be an object, not %(found)s."),
    "not_a_list": gettext_lazy("%(name)s must be a list, not %(found)s."),
    "not_a_text": gettext_lazy("%(name)s must be a text, not %(found)s."),
    "not_a_number": gettext_lazy("%(name)s must be a whole number, not %(found)s."),
    "not_a_yes_or_no": gettext_lazy("%(name)s must be true or false, not %(found)s."),
    "unknown_field": gettext_lazy("There is no field %(name)s. Check how it is spelled."),
    "bad_key": gettext_lazy("%(name)s needs a short name of small letters, digits and _."),
    "bad_language": gettext_lazy("%(name)s is no language code. Use two letters, such as sv."),
    "bad_characters": gettext_lazy("%(name)s has characters that cannot be kept. Remove them."),
    "no_language": gettext_lazy("Choose a language."),
    "language_twice": gettext_lazy("The language %(name)s is named twice."),
    "too_many_languages": gettext_lazy("There are %(given)s languages. Use up to %(most)s."),
    "other_language": gettext_lazy("%(name)s has words in %(language)s, which is none of the languages."),
    "too_many_questions": gettext_lazy("There are %(given)s questions. Use up to %(most)s."),
    "too_many_options": gettext_lazy("There are %(given)s options. Use up to %(most)s."),
    "too_many_rows": gettext_lazy("There are %(given)s lines. Use up to %(most)s."),
    "too_long": gettext_lazy("%(name)s has %(given)s characters in %(language)s. Use up to %(most)s."),
    "question_twice": gettext_lazy("Another question has the same short name."),
    "option_twice": gettext_lazy("The option %(name)s occurs twice."),
    "row_twice": gettext_lazy("The line %(name)s occurs twice."),
    "unknown_kind": gettext_lazy("%(found)s is no kind of question. There are: %(kinds)s."),
    "unknown_facet": gettext_lazy("%(found)s is no subject that results know. There are: %(facets)s."),
    "facet_of_other_kind": gettext_lazy("A question of this kind cannot tell %(facet)s."),
    "unknown_rung": gettext_lazy("Option %(name)s: %(found)s is no step of results. There are: %(rungs)s."),
    "size_classes": gettext_lazy("A question for the size class needs the options %(keys)s."),
    "not_for_kind": gettext_lazy("A question of this kind takes no %(name)s."),
    "permissions": gettext_lazy("A permission to quote needs the options %(keys)s, in this order."),
    "about_missing": gettext_lazy("The permission covers %(name)s, which is no text question before it."),
    "too_large": gettext_lazy("%(name)s must have up to %(most)s digits."),
    "minimum_above_maximum": gettext_lazy("The smallest number is above the largest."),
    "most_too_small": gettext_lazy("At least 1 choice must be allowed."),
    "condition_missing": gettext_lazy("Its condition needs the question %(name)s, which is not there."),
    "condition_later": gettext_lazy("Its condition needs the question %(name)s, which comes later."),
    "condition_kind": gettext_lazy("Its condition needs an option of %(name)s, where nothing is chosen."),
    "condition_option": gettext_lazy("Its condition needs the option %(option)s of %(name)s, which is not there."),
    "condition_empty": gettext_lazy("It has a condition that names no question."),
    "no_questions": gettext_lazy("Add a question."),
    "missing": gettext_lazy("Words are missing in %(language)s: %(name)s."),
    "too_few_options": gettext_lazy("It needs 2 options or more."),
    "no_rows": gettext_lazy("It needs a line to ask about."),
    "most_above_options": gettext_lazy("%(most)s choices are allowed, but there are only %(given)s options."),
    "no_about": gettext_lazy("Say which text question the permission covers."),
    "no_rung": gettext_lazy("Say on which step of results the option %(name)s stands."),
}
KINDS = {
    "single": gettext_lazy("One choice"),
    "multiple": gettext_lazy("Several choices"),
    "scale": gettext_lazy("Scale"),
    "matrix": gettext_lazy("Several lines on one scale"),
    "number": gettext_lazy("Number"),
    "text": gettext_lazy("Open text"),
    "consent": gettext_lazy("Permission to quote"),
}
FACETS = {
    "": gettext_lazy("Nothing that results know"),
    "size_class": gettext_lazy("Size class"),
    "barriers": gettext_lazy("Barriers"),
    "helped": gettext_lazy("What helped"),
    "role": gettext_lazy("Role of the cluster organisation"),
    "results": gettext_lazy("Results"),
    "quote": gettext_lazy("Words to quote"),
    "satisfaction": gettext_lazy("Satisfaction"),
    "relevance": gettext_lazy("Relevance of a meeting"),
    "held": gettext_lazy("Whether a meeting took place"),
    "next_step": gettext_lazy("Next step after a meeting"),
    "activities": gettext_lazy("Activities across borders"),
    "expected": gettext_lazy("Expected effects"),
    "strategy": gettext_lazy("Strategy of the cluster"),
    "boosters": gettext_lazy("Boosters"),
    "blockers": gettext_lazy("Blockers"),
    "attribution": gettext_lazy("What would have happened without us"),
    "amount": gettext_lazy("Amount in classes"),
}
RUNGS = {
    "knowledge": gettext_lazy("New knowledge"),
    "contact": gettext_lazy("Contact"),
    "opportunity": gettext_lazy("Opportunity"),
    "project": gettext_lazy("Project"),
    "agreement": gettext_lazy("Agreement"),
    "sales": gettext_lazy("Sales"),
}
PERMISSIONS = {
    "no": gettext_lazy("No"),
    "without_name": gettext_lazy("Yes, without a name"),
    "with_company": gettext_lazy("Yes, with the company's name"),
}
STATES = {
    "same": gettext_lazy("Same"),
    "wording": gettext_lazy("Other words"),
    "options": gettext_lazy("Asked differently"),
    "new": gettext_lazy("New"),
    "gone": gettext_lazy("Gone"),
}
COMPARABLE = {
    "yes": gettext_lazy("Waves can be compared"),
    "with_care": gettext_lazy("Compare with care: the change is shown beside the figures"),
    "never": gettext_lazy("Not in one series"),
}
REASONS = {
    "kind": gettext_lazy("It is another kind of question."),
    "most": gettext_lazy("Another number of choices is allowed."),
    "steps": gettext_lazy("The scale has other steps."),
    "options_added": gettext_lazy("Options were added."),
    "options_gone": gettext_lazy("Options were removed."),
    "rung": gettext_lazy("An option stands on another step of results."),
    "when": gettext_lazy("Others are asked: the condition changed."),
    "unit": gettext_lazy("The unit changed."),
    "wording": gettext_lazy("The question is worded differently."),
    "help": gettext_lazy("The help is worded differently."),
    "option_wording": gettext_lazy("An option is worded differently."),
    "order": gettext_lazy("The order changed."),
    "rows_added": gettext_lazy("Lines were added."),
    "rows_gone": gettext_lazy("Lines were removed."),
    "optional": gettext_lazy("Whether it must be answered changed."),
    "limits": gettext_lazy("The smallest or the largest number changed."),
}
PARTS = {
    "title": gettext_lazy("title"),
    "intro": gettext_lazy("introduction"),
    "thanks": gettext_lazy("thanks"),
    "label": gettext_lazy("label"),
    "text": gettext_lazy("question"),
    "help": gettext_lazy("help"),
    "unit": gettext_lazy("unit"),
}


def fault(found: Fault) -> str:
    """What is wrong with a questionnaire, without the question that it is in."""
    values = {name: part(str(value)) if name == "name" else value for name, value in found.values.items()}
    if "language" in values:
        values["language"] = language(str(values["language"]))
    return str(FAULTS[found.code] % values)


def fault_in_full(found: Fault) -> str:
    """The same with the key of its question before it."""
    if not found.question:
        return fault(found)
    return _("Question %(key)s: %(fault)s") % {"key": found.question, "fault": fault(found)}


def language(code: str) -> str:
    """The language's name; the code itself when it is not known."""
    return codelists.languages().get(code, code)


def part(name: str) -> str:
    """A part of a question: “option time”, “question”."""
    kind, _space, key = name.partition(" ")
    if kind == "option" and key:
        return _("option %(key)s") % {"key": key}
    if kind == "row" and key:
        return _("line %(key)s") % {"key": key}
    return str(PARTS.get(name, name))
