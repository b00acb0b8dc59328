"""The catalogue, one service, the matrix and the hours."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.downloads import as_csv
from core.forms import refused_on
from core.numbers import whole_number
from members.models import Organisation
from programme.actions import requests as asking
from programme.actions import services as actions
from programme.forms.services import AskForm, ServiceForm
from programme.models import Service
from programme.permissions import can_ask_for
from programme.reading import hours as reading_hours
from programme.reading import matrix as reading_matrix
from programme.reading import services as reading
from programme.tabs import room_tabs
from programme.views.access import for_managers, for_service_users


def _own(request: HttpRequest) -> Organisation | None:
    """The member for which this person asks."""
    own = request.user.own_membership
    return own.organisation if own and own.organisation.is_member else None


def _service(request: HttpRequest, slug: str) -> Service:
    """What is offered, for managers also what was; 404 otherwise."""
    return get_object_or_404(Service.objects.visible_to(request.user).select_related("provider"), slug=slug)


@require_safe
@for_service_users
def service_list(request: HttpRequest) -> HttpResponse:
    """What fits the own needs first, then the rest."""
    context = reading.catalogue(request.user, _own(request)) | {"tabs": room_tabs(request)}
    return TemplateResponse(request, "programme/services.html", context)


@require_safe
@for_service_users
def service(request: HttpRequest, slug: str) -> HttpResponse:
    """One service, to be asked for."""
    return _page(request, _service(request, slug), AskForm())


def _page(request: HttpRequest, found: Service, form: AskForm) -> HttpResponse:
    own = _own(request)
    need = reading.needs_of(own).get(found.gap) if own else None
    context = {
        "service": found,
        "form": form,
        "organisation": own,
        "need": need,
        "may_ask": own and can_ask_for(request.user, own),
        "open_request": own and own.service_requests.filter(service=found, status__in=asking.OPEN).first(),
        "counts": reading.counts(found) if request.user.is_manager else None,
    }
    return TemplateResponse(request, "programme/service.html", context)


@require_POST
@for_service_users
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """One tap and a sentence. A service that was stopped meanwhile says so, and keeps the sentence."""
    found, own, form = get_object_or_404(Service, slug=slug), _own(request), AskForm(request.POST)
    if own is None:
        raise Http404
    if form.is_valid():
        with refused_on(form):
            words = form.cleaned_data["words"]
            asked = asking.ask(service=found, organisation=own, words=words, by=request.user)
            messages.success(request, _("We have your request. The cluster team answers it."))
            return redirect("programme:service_request", asked.pk)
    return _page(request, found, form)


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def add(request: HttpRequest) -> HttpResponse:
    """A new service; the matrix says which cell it is for."""
    cell = {name: request.GET.get(name, "") for name in ("gap", "function")}
    return _form(request, Service(), ServiceForm(request.POST or None, initial=cell))


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Another description, other hours, another cell."""
    found = _service(request, slug)
    return _form(request, found, ServiceForm(request.POST or None, instance=found))


def _form(request: HttpRequest, found: Service, form: ServiceForm) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            saved = actions.save_service(service=form.instance, by=request.user)
            messages.success(request, _("Saved."))
            return redirect(saved)
    saved = Service.objects.filter(pk=found.pk).first()
    return TemplateResponse(request, "programme/service_form.html", {"form": form, "service": saved})


@require_POST
@for_managers
def stop(request: HttpRequest, slug: str) -> HttpResponse:
    """Offered no more; open requests go on."""
    return _offered(request, slug, offered=False)


@require_POST
@for_managers
def offer(request: HttpRequest, slug: str) -> HttpResponse:
    """Offered again."""
    return _offered(request, slug, offered=True)


def _offered(request: HttpRequest, slug: str, *, offered: bool) -> HttpResponse:
    found = _service(request, slug)
    actions.set_offered(service=found, offered=offered, by=request.user)
    messages.success(request, _("It is offered again.") if offered else _("It is not offered any more."))
    return redirect(found)


@require_safe
@for_managers
def matrix(request: HttpRequest) -> HttpResponse:
    """Gaps by functions, laid over what members need this year."""
    context = reading_matrix.matrix(timezone.localdate().year) | {"tabs": room_tabs(request)}
    return TemplateResponse(request, "programme/service_matrix.html", context)


def _year(request: HttpRequest) -> int:
    """The year that the address names, if it can be one; this one otherwise."""
    year = whole_number(request.GET.get("year", ""))
    return year if 1 <= year <= 9999 else timezone.localdate().year


@require_safe
@for_managers
def hours(request: HttpRequest) -> HttpResponse:
    """Where the hours of a year went."""
    year = _year(request)
    context = {"year": year, "years": reading_hours.years(), "parts": reading_hours.overview(year)}
    return TemplateResponse(request, "programme/service_hours.html", context | {"tabs": room_tabs(request)})


@require_safe
@for_managers
def hours_csv(request: HttpRequest) -> HttpResponse:
    """The same, request by request."""
    year = _year(request)
    return as_csv(reading_hours.as_file(year), f"services-{year}.csv")
