"""Writing a draft: its questions one by one, its own texts, and its publication."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.actions import Refused
from core.forms import refused_on
from evaluations import instrument, words
from evaluations.actions import questionnaires as actions
from evaluations.forms.questionnaires import WordsForm
from evaluations.forms.questions import QuestionForm
from evaluations.models import Questionnaire, QuestionnaireVersion
from evaluations.reading import questionnaires as reading
from evaluations.views.access import for_managers
from evaluations.views.questionnaires import visible_questionnaire
from members.models import User


def _draft_of(user: User, slug: str) -> QuestionnaireVersion:
    """The draft of this questionnaire; 404 where everything is published."""
    found = QuestionnaireVersion.objects.visible_to(user).select_related("questionnaire")
    return get_object_or_404(found, questionnaire__slug=slug, status=QuestionnaireVersion.Status.DRAFT)


@require_safe
@for_managers
def draft(request: HttpRequest, slug: str) -> HttpResponse:
    """All questions of the draft, in order, with what it still lacks."""
    version = _draft_of(request.user, slug)
    context = {"version": version, "questionnaire": version.questionnaire}
    context |= reading.draft_page(reading.content_of(version), slug)
    return TemplateResponse(request, "evaluations/draft.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def texts(request: HttpRequest, slug: str) -> HttpResponse:
    """The questionnaire's own texts and its languages."""
    version = _draft_of(request.user, slug)
    content = reading.content_of(version)
    form = WordsForm(request.POST or None, content=content, seen=actions.mark_of_words(content))
    if request.method == "POST" and form.is_valid():
        facts = {"texts": form.texts, "languages": form.chosen, "seen": form.cleaned_data["seen"]}
        with refused_on(form):
            actions.save_words(questionnaire=version.questionnaire, by=request.user, **facts)
            messages.success(request, _("Saved."))
            return redirect("evaluations:draft", slug)
    context = {"form": form, "questionnaire": version.questionnaire}
    return TemplateResponse(request, "evaluations/draft_texts.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def add_question(request: HttpRequest, slug: str) -> HttpResponse:
    """A question of the kind that the address names, at the end."""
    kind = request.GET.get("kind", "")
    if kind not in instrument.KINDS:
        raise Http404
    return _question(request, _draft_of(request.user, slug), kind, None)


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def question(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """One question, its languages side by side."""
    version = _draft_of(request.user, slug)
    before = reading.content_of(version).question(key)
    if before is None:
        raise Http404
    return _question(request, version, before.kind, before)


def _question(
    request: HttpRequest, version: QuestionnaireVersion, kind: str, before: instrument.Question | None
) -> HttpResponse:
    content, family = reading.content_of(version), version.questionnaire
    form = QuestionForm(request.POST or None, content=content, kind=kind, before=before)
    if request.method == "POST" and form.is_valid():
        facts = {"key": before.key if before else "", "seen": request.POST.get("seen", "")}
        with refused_on(form):
            actions.save_question(questionnaire=family, question=form.question, by=request.user, **facts)
            return _saved(request, family, form.question.key)
    seen = request.POST.get("seen") or (actions.mark_of_question(content, before.key) if before else "")
    context = {"form": form, "questionnaire": family, "kind": words.KINDS[kind], "before": before, "seen": seen}
    return TemplateResponse(request, "evaluations/question_form.html", context)


def _saved(request: HttpRequest, family: Questionnaire, key: str) -> HttpResponse:
    messages.success(request, _("Saved."))
    if "more" in request.POST:
        return redirect("evaluations:question", family.slug, key)
    return redirect("evaluations:draft", family.slug)


def _act(request: HttpRequest, slug: str, act: Callable[..., object], said: str, **more: object) -> HttpResponse:
    """Does something with the draft and leads back to it, or to the questionnaire where there is none any more."""
    family = visible_questionnaire(request.user, slug)
    try:
        act(questionnaire=family, by=request.user, **more)
        messages.success(request, said)
    except Refused as refusal:
        messages.error(request, str(refusal))
    family = Questionnaire.objects.visible_to(request.user).filter(slug=slug).first()
    if family is None:
        return redirect("evaluations:questionnaires")
    has_draft = family.versions.filter(status=QuestionnaireVersion.Status.DRAFT).exists()
    return redirect("evaluations:draft", slug) if has_draft else redirect(family)


@require_POST
@for_managers
def move(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """One place up or down."""
    step = -1 if request.POST.get("way") == "up" else 1
    return _act(request, slug, actions.move_question, _("Moved."), key=key, step=step)


@require_POST
@for_managers
def remove(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Takes a question out of the draft."""
    return _act(request, slug, actions.remove_question, _("The question is removed."), key=key)


@require_POST
@for_managers
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    """Fixes the draft for good."""
    return _act(request, slug, actions.publish, _("Published. Waves can ask it from now on, and it never changes."))


@require_POST
@for_managers
def discard(request: HttpRequest, slug: str) -> HttpResponse:
    """Throws the draft away."""
    return _act(request, slug, actions.discard_draft, _("The draft is thrown away."))


@require_POST
@for_managers
def begin(request: HttpRequest, slug: str) -> HttpResponse:
    """A new draft from the newest version."""
    said = _("A new draft begins as the newest version. Waves that run keep the version they ask.")
    return _act(request, slug, actions.begin_version, said)
