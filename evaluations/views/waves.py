"""The waves, each of them, and its way from planning to its end. For managers only."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.actions import Refused
from core.forms import refused_on
from core.pages import paginate
from evaluations.actions import waves as actions
from evaluations.forms.waves import MoreTimeForm, WaveForm
from evaluations.models import Wave
from evaluations.reading import response
from evaluations.reading import waves as reading
from evaluations.tabs import room_tabs, wave_tabs
from evaluations.views.access import for_managers


def visible_wave(request: HttpRequest, slug: str) -> Wave:
    """The wave of this address if the person may see it; 404 otherwise, as if there were none."""
    found = Wave.objects.visible_to(request.user).select_related("version__questionnaire", "round")
    return get_object_or_404(found, slug=slug)


@require_safe
@for_managers
def wave_list(request: HttpRequest) -> HttpResponse:
    """Every wave, the newest first."""
    page = paginate(request, Wave.objects.visible_to(request.user).for_list())
    return TemplateResponse(request, "evaluations/waves.html", {"page": page, "tabs": room_tabs(request)})


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def new_wave(request: HttpRequest) -> HttpResponse:
    """A new wave on one page. Nobody is asked before it is opened."""
    form = WaveForm(request.POST or None, initial={"version": request.GET.get("version")})
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            return redirect(actions.add_wave(by=request.user, **form.cleaned_data))
    return TemplateResponse(request, "evaluations/wave_form.html", {"form": form, "wave": None})


@require_safe
@for_managers
def wave(request: HttpRequest, slug: str) -> HttpResponse:
    """Before opening: whom it would ask. While open: the response so far. Afterwards: the final counts."""
    found = visible_wave(request, slug)
    context = {"wave": found, "tabs": wave_tabs(request, found), "facts": reading.facts(found)}
    context["until"] = reading.moment(found)
    if found.status == Wave.Status.PLANNED:
        return TemplateResponse(request, "evaluations/wave_planned.html", context | reading.before(found))
    if found.status == Wave.Status.CLOSED:
        return TemplateResponse(request, "evaluations/wave_closed.html", context | reading.after(found))
    context |= reading.during(found) | {"tables": response.tables(found)}
    return TemplateResponse(request, "evaluations/wave_open.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def edit_wave(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything while it is being set up; only a later last day while it runs."""
    found = visible_wave(request, slug)
    if found.status == Wave.Status.PLANNED:
        return _edit(request, found, WaveForm(request.POST or None, instance=visible_wave(request, slug)))
    return _more_time(request, found, MoreTimeForm(request.POST or None, initial={"closes_at": found.closes_at}))


def _edit(request: HttpRequest, found: Wave, form: WaveForm) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            if actions.change_wave(wave=found, by=request.user, **form.cleaned_data):
                messages.success(request, _("Saved."))
            return redirect(found)
    return TemplateResponse(request, "evaluations/wave_form.html", {"form": form, "wave": found})


def _more_time(request: HttpRequest, found: Wave, form: MoreTimeForm) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        with refused_on(form, "closes_at"):
            actions.extend_wave(wave=found, by=request.user, **form.cleaned_data)
            messages.success(request, _("The wave runs longer. Who has not answered is told."))
            return redirect(found)
    return TemplateResponse(request, "evaluations/more_time.html", {"form": form, "wave": found})


def _move(request: HttpRequest, slug: str, act: Callable[..., object], said: Callable[[object], str]) -> HttpResponse:
    found = visible_wave(request, slug)
    try:
        messages.success(request, said(act(wave=found, by=request.user)))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(found)


@require_POST
@for_managers
def open_wave(request: HttpRequest, slug: str) -> HttpResponse:
    """Everybody who can be asked gets the link."""

    def said(count: int) -> str:
        told = ngettext(
            "The wave is open. %(n)s mail is on its way.", "The wave is open. %(n)s mails are on their way.", count
        )
        return told % {"n": count}

    return _move(request, slug, actions.open_wave, said)


@require_POST
@for_managers
def remind(request: HttpRequest, slug: str) -> HttpResponse:
    """Who is silent gets a reminder. Who and how many they are is not shown."""

    def said(_count: int) -> str:
        return _("The reminders are on their way.")

    return _move(request, slug, actions.remind, said)


@require_POST
@for_managers
def close_wave(request: HttpRequest, slug: str) -> HttpResponse:
    """No answer can come any more."""

    def said(_nothing: object) -> str:
        return _("The wave is closed. From now on nobody can tell whose an answer is.")

    return _move(request, slug, actions.close_wave, said)
