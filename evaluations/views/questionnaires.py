"""Questionnaires and their versions: all of them, one, as those who answer see it, and two side by side."""

import json

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.actions import Refused
from core.downloads import as_file
from core.forms import refused_on
from core.pages import paginate
from evaluations import instrument
from evaluations.actions import questionnaires as actions
from evaluations.forms.answers import AnswerForm
from evaluations.forms.questionnaires import FileForm, NameForm, StartForm
from evaluations.models import Questionnaire, QuestionnaireVersion
from evaluations.permissions import can_run_waves
from evaluations.reading import questionnaires as reading
from evaluations.tabs import room_tabs
from evaluations.views.access import for_managers, for_readers
from members.models import User


def visible_questionnaire(user: User, slug: str) -> Questionnaire:
    """The questionnaire of this address if the person may see something of it; 404 otherwise."""
    return get_object_or_404(reading.families(user), slug=slug)


def visible_version(user: User, slug: str, number: int | str) -> QuestionnaireVersion:
    """The version of this number if the person may see it; 404 otherwise."""
    found = QuestionnaireVersion.objects.visible_to(user).select_related("questionnaire")
    return get_object_or_404(found, questionnaire__slug=slug, number=number)


@require_safe
@for_readers
def questionnaires(request: HttpRequest) -> HttpResponse:
    """The team's own, and the templates that come with the portal."""
    context = {
        "page": paginate(request, reading.families(request.user)),
        "templates": reading.templates(),
        "tabs": room_tabs(request),
        "may_write": can_run_waves(request.user),
    }
    return TemplateResponse(request, "evaluations/questionnaires.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def new(request: HttpRequest) -> HttpResponse:
    """From a template or from nothing."""
    form = StartForm(request.POST or None, initial={"start": request.GET.get("template", "t1")})
    if request.method == "POST" and form.is_valid():
        name, purpose = form.cleaned_data["name"], form.cleaned_data["purpose"]
        return _add(request, form, name=name, purpose=purpose, template=form.template)
    return TemplateResponse(request, "evaluations/questionnaire_new.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def from_file(request: HttpRequest) -> HttpResponse:
    """From a file that was exported."""
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        return _add(request, form, name=form.cleaned_data["name"], purpose=form.cleaned_data["purpose"])
    return TemplateResponse(request, "evaluations/questionnaire_file.html", {"form": form})


def _add(request: HttpRequest, form: StartForm | FileForm, **facts: str) -> HttpResponse:
    try:
        added = actions.add_questionnaire(content=form.content, by=request.user, **facts)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        name = "evaluations/questionnaire_file.html" if "file" in form.fields else "evaluations/questionnaire_new.html"
        return TemplateResponse(request, name, {"form": form})
    return redirect("evaluations:draft", added.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@for_readers
def template(request: HttpRequest, name: str) -> HttpResponse:
    """A shipped template as those who answer would see it."""
    content = instrument.shipped().get(name)
    if content is None:
        raise Http404
    context = {"name": name, "may_write": can_run_waves(request.user)}
    return _preview(request, content, "evaluations/questionnaire_template.html", context)


@require_safe
@for_readers
def questionnaire(request: HttpRequest, slug: str) -> HttpResponse:
    """One questionnaire: its versions, the waves that ask them, and its draft."""
    found = visible_questionnaire(request.user, slug)
    context = {
        "questionnaire": found,
        "versions": reading.versions(found, request.user),
        "may_write": can_run_waves(request.user),
    }
    return TemplateResponse(request, "evaluations/questionnaire.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def rename(request: HttpRequest, slug: str) -> HttpResponse:
    """What the team calls it."""
    found = visible_questionnaire(request.user, slug)
    form = NameForm(request.POST or None, instance=visible_questionnaire(request.user, slug))
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            if actions.rename(questionnaire=found, by=request.user, **form.cleaned_data):
                messages.success(request, _("Saved."))
            return redirect(found)
    return TemplateResponse(request, "evaluations/questionnaire_name.html", {"form": form, "questionnaire": found})


@require_http_methods(["GET", "HEAD", "POST"])
@for_readers
def preview(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """A version exactly as those who answer see it. Answers can be tried, and are not kept."""
    version = visible_version(request.user, slug, number)
    context = {"version": version, "questionnaire": version.questionnaire}
    return _preview(request, reading.content_of(version), "evaluations/version.html", context)


def _preview(
    request: HttpRequest, content: instrument.Questionnaire, name: str, context: dict[str, object]
) -> HttpResponse:
    language = request.GET.get("language", content.languages[0])
    form = AnswerForm(request.POST or None, questionnaire=content, language=language)
    context |= {
        "form": form,
        "fits": request.method == "POST" and form.is_valid(),
        "summary": reading.summary(content),
        "words": reading.own_words(content, form.language),
        "languages": reading.languages(content, form.language, request.path),
    }
    return TemplateResponse(request, name, context)


@require_safe
@for_readers
def export(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """A version as a JSON file, which the page "from a file" reads."""
    version = visible_version(request.user, slug, number)
    text = json.dumps(version.content, ensure_ascii=False, indent=2)
    return as_file(text, f"{slug}-{number}.json", "application/json")


@require_safe
@for_readers
def compare(request: HttpRequest, slug: str) -> HttpResponse:
    """Two versions side by side, and on which questions their waves may be compared."""
    found = visible_questionnaire(request.user, slug)
    pair = reading.chosen_pair(reading.versions(found, request.user), request.GET)
    context = {"questionnaire": found, **pair}
    return TemplateResponse(request, "evaluations/compare_versions.html", context)
