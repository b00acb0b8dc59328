"""Requests of services, as the cluster team and the member see them, and by the link of a mail."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.actions import Refused
from core.downloads import as_csv
from core.forms import refused_on
from core.htmx import render_page
from core.marks import mark_of
from core.pages import paginate
from programme import service_links as links
from programme.actions import requests as actions
from programme.filters import RequestFilter
from programme.forms.services import AgreeForm, DeclineForm, DeliverForm, HelpedForm
from programme.models import ServiceRequest
from programme.permissions import can_ask_for, can_judge
from programme.reading import services as reading
from programme.tabs import room_tabs
from programme.views.access import for_managers, for_service_users


def _request(request: HttpRequest, pk: int) -> ServiceRequest:
    """The request if this person may see it; 404 otherwise, as if there were none."""
    rows = ServiceRequest.objects.visible_to(request.user).select_related("service", "organisation", "asked_by")
    return get_object_or_404(rows, pk=pk)


@require_safe
@for_service_users
def request_list(request: HttpRequest) -> HttpResponse:
    """What waits for the cluster team, or what it looks for; for members all that is their own."""
    found = RequestFilter(request.GET, reading.requests(request.user)) if request.user.is_manager else None
    page = paginate(request, found.qs if found else reading.requests(request.user))
    context = {"page": page, "rows": [reading.request_row(each) for each in page], "filter": found}
    context["tabs"] = room_tabs(request)
    return render_page(request, "programme/service_requests.html", context, part="results")


@require_safe
@for_managers
def requests_csv(request: HttpRequest) -> HttpResponse:
    """What the list shows, all pages of it, for a spreadsheet."""
    rows = RequestFilter(request.GET, reading.requests(request.user)).qs
    return as_csv(reading.requests_as_file(rows), f"requests-{timezone.localdate():%Y-%m-%d}.csv")


@require_safe
@for_service_users
def service_request(request: HttpRequest, pk: int) -> HttpResponse:
    """One request and what can be done with it now."""
    return _page(request, _request(request, pk))


def _page(request: HttpRequest, found: ServiceRequest, **forms: Form) -> HttpResponse:
    # As it is now: another page may have moved it on.
    found.refresh_from_db(from_queryset=ServiceRequest.objects.select_related("service", "organisation", "asked_by"))
    own = {
        "agree_form": AgreeForm(initial=reading.first_answer(found)),
        "decline_form": DeclineForm(),
        "deliver_form": DeliverForm(request=found),
        "helped_form": HelpedForm(request=found),
    }
    state = {
        "row": reading.request_row(found),
        "may_ask": can_ask_for(request.user, found.organisation),
        "may_judge": can_judge(request.user, found.organisation),
    }
    refused = next((each for each in forms.values() if each.non_field_errors()), None)
    context = own | forms | state | {"found": found, "seen": mark_of(found), "refused": refused}
    return TemplateResponse(request, "programme/service_request.html", context)


def _act(
    request: HttpRequest, found: ServiceRequest, name: str, form: Form, act: Callable[..., None], **more: str
) -> HttpResponse:
    """Does it and goes back to the request; what does not fit stands on the form with what was typed."""
    if form.is_valid():
        with refused_on(form):
            act(request=found, by=request.user, **form.cleaned_data, **more)
            messages.success(request, _("Saved."))
            return redirect("programme:service_request", found.pk)
    return _page(request, found, **{name: form})


def _answer(
    request: HttpRequest, found: ServiceRequest, name: str, form: Form, act: Callable[..., None]
) -> HttpResponse:
    """The same for the team, with the mark of what its page showed."""
    return _act(request, found, name, form, act, seen=request.POST.get("seen", ""))


@require_POST
@for_managers
def agree(request: HttpRequest, pk: int) -> HttpResponse:
    """Yes: hours, by when, and what was agreed."""
    return _answer(request, _request(request, pk), "agree_form", AgreeForm(request.POST), actions.agree)


@require_POST
@for_managers
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    """No, and why."""
    return _answer(request, _request(request, pk), "decline_form", DeclineForm(request.POST), actions.decline)


@require_POST
@for_managers
def deliver(request: HttpRequest, pk: int) -> HttpResponse:
    """Done: when, and in how many hours."""
    found = _request(request, pk)
    return _answer(request, found, "deliver_form", DeliverForm(request.POST, request=found), actions.deliver)


@require_POST
@for_service_users
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The member does not need it any more."""
    found = _request(request, pk)
    try:
        actions.withdraw(request=found, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("programme:service_request", pk)


@require_POST
@for_service_users
def say(request: HttpRequest, pk: int) -> HttpResponse:
    """Whether it helped, in the portal."""
    found = _request(request, pk)
    form = HelpedForm(request.POST, request=found)
    return _act(request, found, "helped_form", form, actions.say_whether_it_helped)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_not_required
def helped(request: HttpRequest, token: str) -> HttpResponse:
    """The same by the link of a mail, without signing in."""
    try:
        found = links.request_of(token)
    except links.DeadLink as dead:
        has_ended = isinstance(dead, links.EndedLink)
        context = {"has_ended": has_ended}
        return TemplateResponse(request, "programme/service_dead.html", context, status=410 if has_ended else 404)
    form = HelpedForm(request.POST or None, request=found)
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            actions.say_whether_it_helped(request=found, by=None, **form.cleaned_data)
            messages.success(request, _("Saved. Thank you."))
            return redirect(request.path)
    return TemplateResponse(request, "programme/service_helped.html", {"found": found, "form": form})
