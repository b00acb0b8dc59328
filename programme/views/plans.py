"""A member's action plan, for the member and the cluster team."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.actions import Refused
from core.downloads import as_csv
from core.forms import refused_on
from core.htmx import render_page
from core.pages import paginate
from members.models import Organisation
from members.views.access import visible_member
from programme.actions import plans as actions
from programme.filters import PlanFilter
from programme.forms.plans import AskForStepForm, StepForm
from programme.models import ActionItem, Service
from programme.permissions import can_ask_for
from programme.reading import plans as reading
from programme.tabs import room_tabs
from programme.views.access import for_managers, for_service_users


@require_safe
@for_service_users
def plan_list(request: HttpRequest) -> HttpResponse:
    """Every member's plan for the cluster team; a member goes to the own one."""
    if not request.user.is_manager:
        own = next(m.organisation for m in request.user.all_memberships if m.organisation.is_member)
        return redirect("programme:plan", own.slug)
    found = PlanFilter(request.GET, reading.plans())
    context = {"page": paginate(request, found.qs), "filter": found, "tabs": room_tabs(request)}
    return render_page(request, "programme/plans.html", context, part="results")


@require_safe
@for_managers
def plans_csv(request: HttpRequest) -> HttpResponse:
    """Every step of the members that the list shows, for a spreadsheet."""
    found = PlanFilter(request.GET, reading.plans())
    return as_csv(reading.as_file(found.qs), f"plans-{timezone.localdate():%Y-%m-%d}.csv")


@require_http_methods(["GET", "HEAD", "POST"])
@for_service_users
def plan(request: HttpRequest, slug: str) -> HttpResponse:
    """The steps, and one more. The page prints as it is."""
    organisation = visible_member(request.user, slug)
    form = StepForm(request.POST or None, initial={"gap": request.GET.get("gap", "")})
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            actions.add_step(organisation=organisation, by=request.user, **form.cleaned_data)
            return redirect("programme:plan", slug)
    return _page(request, organisation, form)


def _page(request: HttpRequest, organisation: Organisation, form: StepForm) -> HttpResponse:
    context = reading.plan(organisation) | {
        "form": form,
        "may_change": can_ask_for(request.user, organisation),
        "tabs": room_tabs(request),
    }
    return TemplateResponse(request, "programme/plan.html", context)


def _step(request: HttpRequest, pk: int) -> ActionItem:
    """The step if this person may see it; 404 otherwise, as if there were none."""
    return get_object_or_404(ActionItem.objects.visible_to(request.user).select_related("organisation"), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@for_service_users
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Other words, another day, somebody else."""
    step = _step(request, pk)
    form = StepForm(request.POST or None, instance=step)
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            actions.change_step(step=step, by=request.user, **form.cleaned_data)
            return redirect("programme:plan", step.organisation.slug)
    context = {"form": form, "step": step, "organisation": step.organisation}
    return TemplateResponse(request, "programme/plan_step.html", context)


def _act(request: HttpRequest, pk: int, act: Callable[[ActionItem], object]) -> HttpResponse:
    step = _step(request, pk)
    try:
        act(step)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("programme:plan", step.organisation.slug)


@require_POST
@for_service_users
def done(request: HttpRequest, pk: int) -> HttpResponse:
    """Done today; with `open` not done after all."""
    return _act(request, pk, lambda step: actions.set_done(step=step, done="open" not in request.POST, by=request.user))


@require_POST
@for_service_users
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Out of the plan."""
    return _act(request, pk, lambda step: actions.remove_step(step=step, by=request.user))


@require_POST
@for_service_users
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """The step becomes a request of a service."""
    step = _step(request, pk)
    form = AskForStepForm(request.POST, step=step)
    if not form.is_valid():
        messages.error(request, form.errors["service"][0])
        return redirect("programme:plan", step.organisation.slug)
    return _act(request, pk, lambda each: _ask(request, each, form.cleaned_data["service"]))


def _ask(request: HttpRequest, step: ActionItem, service: Service) -> None:
    actions.ask_for_step(step=step, service=service, by=request.user)
    messages.success(request, _("%(name)s is asked for.") % {"name": service})
