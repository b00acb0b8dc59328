"""Fields that save themselves, as a page shows them: what they hold, what was set aside, and where they post to."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from django.utils import timezone

from funding.actions.answers import held_value
from funding.checklist import fault_of
from funding.forms.answers import AnswersForm, name_of
from funding.forms.questions import words_in
from funding.models import Answer, Application, Partner, Question, Revision

Address = Callable[[str], str]


def fields(
    application: Application, partner: Partner | None, names: Sequence[str], questions: Sequence[Question], *,
    save_url: Address, history_url: Address | None = None, typed: Mapping[str, object] | None = None,
) -> list[dict[str, object]]:  # fmt: skip
    """Each field with its words. `typed`: what somebody has just sent and could not be saved."""
    asked = [each for each in questions if each.kind != Question.Kind.FILE]
    keys = [*names, *(f"question:{each.pk}" for each in asked)]
    states = application.revisions.filter(partner=partner, field__in=keys)
    heads = {each.field: each for each in states.taken_over().order_by("field", "-pk").distinct("field")}
    asides: dict[str, list[Revision]] = {}
    for each in states.to_choose().order_by("pk"):
        asides.setdefault(each.field, []).append(each)
    values = _values(application, partner, names, asked, heads)
    form = AnswersForm(names, asked, values | dict(typed or {}))
    of_key = {f"question:{each.pk}": each for each in asked}
    return [
        {
            "key": name_of(key),
            "field": form[name_of(key)],
            "revision": heads[key].pk if key in heads else 0,
            "head": heads.get(key),
            "asides": asides.get(key, []),
            "save_url": save_url(name_of(key)),
            "history_url": history_url(name_of(key)) if history_url and key in heads else "",
            **about(of_key.get(key), values[key]),
        }
        for key in keys
    ]


def about(question: Question | None, value: object) -> dict[str, object]:
    """How long an answer is and may be, and what is wrong with it as it stands."""
    problem = fault_of(question, value) if question and value not in (None, "", []) else ""
    words = words_in(value) if isinstance(value, str) else 0
    return {"problem": problem, "words": words, "most_words": question.most_words if question else None}


def _values(
    application: Application, partner: Partner | None, names: Sequence[str], asked: Sequence[Question],
    heads: Mapping[str, Revision],
) -> dict[str, object]:  # fmt: skip
    answers = Answer.objects.filter(application=application, partner=partner, question__in=asked)
    values: dict[str, object] = {f"question:{each.pk}": "" for each in asked}
    values |= {f"question:{each.question_id}": each.value for each in answers}
    values |= {name: held_value(application, partner, name, None) for name in names}
    return values | {key: head.value for key, head in heads.items() if key in values}


def history(application: Application, partner: Partner | None, field: str) -> Sequence[Revision]:
    """Every state of a field, the newest first; each says whether it is what the field holds."""
    return application.revisions.of(field, partner).order_by("-pk")


def clock(at: datetime) -> str:
    """When something was saved, for the script: the browser shows it on its own clocks."""
    return timezone.localtime(at).isoformat(timespec="seconds")
