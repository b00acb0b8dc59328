"""Results: the newest wave, one wave, one question, one questionnaire over its waves, and how it is all made."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from core.htmx import render_page
from evaluations import preparations
from evaluations.models import Questionnaire, Wave
from evaluations.reading import breakdowns
from evaluations.reading import results as reading
from evaluations.reading.series import series as over_waves
from evaluations.reading.sheet import Sheet
from evaluations.tabs import room_tabs
from evaluations.views.access import for_managers, for_readers


def wave_with_results(request: HttpRequest, slug: str) -> Wave:
    """A closed wave that the person may see."""
    waves = Wave.objects.visible_to(request.user).with_results().select_related("version__questionnaire")
    return get_object_or_404(waves, slug=slug)


def sheet_of(request: HttpRequest, slug: str, **wanted: object) -> Sheet:
    """The figures of a closed wave that the person may see, in the reader's language."""
    return Sheet(wave_with_results(request, slug), language=get_language() or "en", **wanted)


@require_safe
@for_readers
def results(request: HttpRequest, slug: str) -> HttpResponse:
    """All questions of a wave."""
    sheet = sheet_of(request, slug)
    context = reading.results(sheet) | {"tabs": room_tabs(request)}
    return render_page(request, "evaluations/results.html", context, part="making")


@require_safe
@for_readers
def question(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """One question in depth."""
    sheet = sheet_of(request, slug, only=key)
    asked = next((each for each in sheet.questions if each.key == key), None)
    if asked is None or not sheet.is_ready:
        raise Http404
    names = breakdowns.names(sheet, asked)
    by = next((name for name in (request.GET.get("by", ""), *names) if name in names), "")
    context = reading.question(sheet, asked, by) | {"tabs": room_tabs(request)}
    return TemplateResponse(request, "evaluations/question.html", context)


@require_safe
@for_readers
def series(request: HttpRequest, slug: str) -> HttpResponse:
    """One questionnaire over its waves."""
    questionnaire = get_object_or_404(Questionnaire.objects.visible_to(request.user), slug=slug)
    context = over_waves(questionnaire, get_language() or "en")
    context |= {"questionnaire": questionnaire, "tabs": room_tabs(request)}
    return TemplateResponse(request, "evaluations/series.html", context)


@require_POST
@for_managers
def prepare(request: HttpRequest, slug: str) -> HttpResponse:
    """Makes the figures of a closed wave, where they are not there or were not finished."""
    wave = wave_with_results(request, slug)
    preparations.start(wave=wave, by=request.user)
    return redirect("evaluations:results", wave.slug)


@require_safe
@for_readers
def method(request: HttpRequest) -> HttpResponse:
    """How the figures are made and protected."""
    return TemplateResponse(request, "evaluations/method.html", {"tabs": room_tabs(request)})
