"""What the pages of questionnaires show: templates, versions, a draft and what it lacks, two side by side."""

from collections import Counter
from collections.abc import Iterable, Mapping

from django.db.models import Count, Max, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from core.numbers import whole_number
from evaluations import answer_words, instrument, words
from evaluations.instrument import Change, Fault, Question
from evaluations.models import Questionnaire, QuestionnaireVersion
from members.models import User

DRAFT, PUBLISHED = QuestionnaireVersion.Status.DRAFT, QuestionnaireVersion.Status.PUBLISHED


def families(user: User) -> QuerySet[Questionnaire]:
    """The questionnaires that this person may see, with their newest version, whether a draft waits, and waves."""
    found = Questionnaire.objects.visible_to(user)
    if not user.is_manager:
        found = found.filter(versions__status=PUBLISHED).distinct()
    newest = Max("versions__number", filter=Q(versions__status=PUBLISHED))
    drafts = Count("versions", filter=Q(versions__status=DRAFT), distinct=True)
    return found.annotate(newest=newest, drafts=drafts, waves=Count("versions__waves", distinct=True)).order_by("name")


def templates() -> list[dict[str, object]]:
    """The shipped ones, each with what it rests on."""
    return [{"name": name, "mark": name.upper(), **summary(each)} for name, each in instrument.shipped().items()]


def summary(content: instrument.Questionnaire) -> dict[str, object]:
    """A questionnaire in a few words."""
    first = content.languages[0]
    return {
        "title": content.words(content.title, first),
        "label": content.words(content.label, first),
        "minutes": instrument.minutes(content),
        "questions": len(content.questions),
        "languages": content.languages,
    }


def content_of(version: QuestionnaireVersion) -> instrument.Questionnaire:
    """What a version asks."""
    return instrument.read(version.content, draft=True)


def versions(questionnaire: Questionnaire, user: User) -> list[QuestionnaireVersion]:
    """The newest first, each with its waves."""
    found = QuestionnaireVersion.objects.visible_to(user).filter(questionnaire=questionnaire)
    return list(found.select_related("published_by").annotate(asked=Count("waves")).order_by("-number"))


def draft_page(content: instrument.Questionnaire, slug: str) -> dict[str, object]:
    """The draft's questions in order, with what is missing at each."""
    faults = instrument.lacking(content)
    last = len(content.questions)
    return {
        **summary(content),
        "rows": [
            {**_row(question, content, faults), "is_first": place == 1, "is_last": place == last, "number": place}
            for place, question in enumerate(content.questions, start=1)
        ],
        "own_faults": _gathered(each for each in faults if not each.question),
        "is_ready": not faults,
        "translations": _translations(content, faults),
        "kinds": [
            {"label": label, "url": f"{reverse('evaluations:add_question', args=[slug])}?kind={kind}"}
            for kind, label in words.KINDS.items()
        ],
    }


def _row(question: Question, content: instrument.Questionnaire, faults: Iterable[Fault]) -> dict[str, object]:
    first = content.languages[0]
    facts = [str(words.KINDS[question.kind])]
    if question.options:
        facts.append(_("%(n)s options") % {"n": len(question.options)})
    if question.rows:
        facts.append(_("%(n)s lines") % {"n": len(question.rows)})
    if question.most:
        facts.append(_("up to %(n)s choices") % {"n": question.most})
    if question.optional:
        facts.append(_("optional"))
    return {
        "key": question.key,
        "text": content.words(question.text, first) or question.key,
        "facts": facts,
        "facet": words.FACETS[question.facet] if question.facet else "",
        "when": answer_words.when(question, content, first),
        "faults": _gathered(each for each in faults if each.question == question.key),
    }


def _gathered(faults: Iterable[Fault]) -> list[str]:
    """Faults in words; what is missing in one language in one sentence."""
    missing: dict[str, list[str]] = {}
    told: list[str] = []
    for each in faults:
        if each.code == "missing":
            missing.setdefault(str(each.values["language"]), []).append(words.part(str(each.values["name"])))
        else:
            told.append(words.fault(each))
    return [
        *(
            str(words.FAULTS["missing"] % {"language": words.language(language), "name": ", ".join(names)})
            for language, names in missing.items()
        ),
        *told,
    ]


def _translations(content: instrument.Questionnaire, faults: Iterable[Fault]) -> list[dict[str, object]]:
    missing = Counter(str(each.values["language"]) for each in faults if each.code == "missing")
    return [{"language": words.language(each), "missing": missing[each]} for each in content.languages]


def comparison(old: instrument.Questionnaire, new: instrument.Questionnaire) -> list[dict[str, object]]:
    """Each question of two versions: what changed, shown in both, and whether waves may be compared on it."""
    return [_compared(each, old, new) for each in instrument.compare(old, new)]


def _compared(change: Change, old: instrument.Questionnaire, new: instrument.Questionnaire) -> dict[str, object]:
    question, content = (change.new, new) if change.new else (change.old, old)
    return {
        "key": change.key,
        "text": content.words(question.text, content.languages[0]) if question else change.key,
        "state": words.STATES[change.state],
        "is_same": change.state == "same",
        "comparable": words.COMPARABLE[change.comparable],
        "sign": {"yes": "good", "with_care": "look", "never": "stop"}[change.comparable],
        "reasons": [words.REASONS[each] for each in change.reasons],
        "wordings": [
            {
                "part": words.part(each.part),
                "language": words.language(each.language),
                "before": each.before,
                "after": each.after,
            }
            for each in change.wordings
        ],
        "added": [_called(key, change.new, new) for key in change.added],
        "gone": [_called(key, change.old, old) for key in change.gone],
    }


def _called(key: str, question: Question | None, content: instrument.Questionnaire) -> str:
    options = (*question.choices, *question.rows) if question else ()
    return next((content.words(each.text, content.languages[0]) for each in options if each.key == key), key)


def own_words(content: instrument.Questionnaire, language: str) -> dict[str, str]:
    """The questionnaire's own texts in a language."""
    return {name: content.words(texts, language) for name, texts, _needed in content.texts()}


def languages(content: instrument.Questionnaire, current: str, path: str) -> list[dict[str, object]]:
    """The languages as tabs of a preview."""
    return [
        {"label": words.language(each), "url": f"{path}?language={each}", "current": each == current, "count": None}
        for each in content.languages
    ]


def chosen_pair(found: list[QuestionnaireVersion], query: Mapping[str, str]) -> dict[str, object]:
    """The two versions that the address names, the older first; the newest two where it names none."""
    by_number = {str(each.number): each for each in found}
    pair = sorted((query.get("old", ""), query.get("new", "")), key=whole_number)
    old, new = (by_number.get(each) for each in pair)
    if not (old and new) and len(found) > 1:
        new, old = found[0], found[1]
    rows = comparison(content_of(old), content_of(new)) if old and new else []
    return {"versions": found, "old": old, "new": new, "rows": rows}
