"""The goals of a strategy, their indicators, and what was read off them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.actions import Refused
from core.forms import refused_on
from members.models import User
from programme.actions import goals as actions
from programme.forms.strategies import GoalForm, KPIForm, ReadingForm, WhyForm
from programme.models import KPI, Goal, Strategy
from programme.reading import goals as reading
from programme.views.access import for_managers, visible_strategy
from programme.views.strategies import act


def _goal(user: User, pk: int) -> Goal:
    rows = Goal.objects.filter(strategy__in=Strategy.objects.visible_to(user)).select_related("strategy")
    return get_object_or_404(rows, pk=pk)


def _kpi(user: User, pk: int) -> KPI:
    rows = KPI.objects.filter(goal__strategy__in=Strategy.objects.visible_to(user)).select_related("goal__strategy")
    return get_object_or_404(rows, pk=pk)


def _form_page(request: HttpRequest, form: object, strategy: Strategy, goal: Goal | None, kind: str) -> HttpResponse:
    context = {"form": form, "strategy": strategy, "goal": goal, "kind": kind}
    return TemplateResponse(request, "programme/goal_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def create(request: HttpRequest, slug: str) -> HttpResponse:
    """A new goal. `find` searches the lists of codes where there are no scripts."""
    strategy = visible_strategy(request.user, slug)
    form = GoalForm(request.POST or None)
    if request.method == "POST" and "find" not in request.POST and form.is_valid():
        with refused_on(form):
            return redirect("programme:goal", actions.add_goal(strategy=strategy, by=request.user, **form.says()).pk)
    return _form_page(request, form, strategy, None, "new")


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The same page for a goal that is there."""
    goal = _goal(request.user, pk)
    form = GoalForm(request.POST or None, instance=_goal(request.user, pk))
    if request.method == "POST" and "find" not in request.POST and form.is_valid():
        with refused_on(form):
            if actions.change_goal(goal=goal, by=request.user, **form.says()):
                messages.success(request, _("Saved."))
            return redirect("programme:goal", pk)
    return _form_page(request, form, goal.strategy, goal, "edit")


@require_safe
@for_managers
def goal_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One goal with its indicators and all that was read."""
    return _page(request, _goal(request.user, pk))


def _page(request: HttpRequest, goal: Goal, typed: ReadingForm | None = None, of: int | None = None) -> HttpResponse:
    context = {"goal": goal, "strategy": goal.strategy, **reading.page(goal, typed, of)}
    return TemplateResponse(request, "programme/goal.html", context)


@require_POST
@for_managers
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes out what nothing cites."""
    goal = _goal(request.user, pk)
    try:
        actions.delete_goal(goal=goal, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("programme:goal", pk)  # where it is given up instead
    messages.success(request, _("The goal is deleted."))
    return redirect(goal.strategy)


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def give_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks for the reason."""
    goal = _goal(request.user, pk)
    form = WhyForm(request.POST if request.method == "POST" else None, label=gettext_lazy("Why it is given up"))
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            actions.give_up(goal=goal, why=form.cleaned_data["why"], by=request.user)
            messages.success(request, _("The goal is given up. What cites it stays."))
            return redirect("programme:goal", pk)
    return TemplateResponse(request, "programme/goal_give_up.html", {"goal": goal, "form": form})


@require_POST
@for_managers
def take_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes it back."""
    goal = _goal(request.user, pk)
    return act(request, goal.strategy, actions.take_up, _("The goal is taken up again."), goal=goal)


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def create_kpi(request: HttpRequest, pk: int) -> HttpResponse:
    """A new indicator."""
    goal = _goal(request.user, pk)
    form = KPIForm(request.POST or None, strategy=goal.strategy, initial={"due_on": goal.strategy.ends_on})
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            actions.save_kpi(goal=goal, by=request.user, **form.cleaned_data)
            return redirect("programme:goal", pk)
    return _form_page(request, form, goal.strategy, goal, "new_kpi")


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def edit_kpi(request: HttpRequest, pk: int) -> HttpResponse:
    """An indicator that is there."""
    kpi = _kpi(request.user, pk)
    form = KPIForm(request.POST or None, strategy=kpi.goal.strategy, instance=_kpi(request.user, pk))
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            actions.save_kpi(goal=kpi.goal, kpi=kpi, by=request.user, **form.cleaned_data)
            return redirect("programme:goal", kpi.goal_id)
    return _form_page(request, form, kpi.goal.strategy, kpi.goal, "edit_kpi")


@require_POST
@for_managers
def delete_kpi(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes out what was never read."""
    kpi = _kpi(request.user, pk)
    return act(request, kpi.goal.strategy, actions.delete_kpi, _("The indicator is deleted."), kpi=kpi)


@require_POST
@for_managers
def read_kpi(request: HttpRequest, pk: int) -> HttpResponse:
    """What it stands at."""
    kpi = _kpi(request.user, pk)
    form = ReadingForm(request.POST, kpi=kpi)
    if form.is_valid():
        with refused_on(form):
            actions.read_kpi(kpi=kpi, by=request.user, **form.cleaned_data)
            messages.success(request, _("Noted."))
            return redirect("programme:goal", kpi.goal_id)
    return _page(request, kpi.goal, form, kpi.pk)
