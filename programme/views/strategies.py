"""A strategy: the list, what one says, and its way from a draft to its end."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.actions import Refused
from core.forms import refused_on
from members.permissions import insist
from programme import comparing
from programme.actions import strategies as actions
from programme.content import content_of, has_changed
from programme.forms.strategies import StrategyForm, WhyForm
from programme.models import Strategy
from programme.permissions import can_run_the_programme, may_enter
from programme.reading import strategies as reading
from programme.tabs import room_tabs, strategy_tabs
from programme.views.access import for_managers, visible_strategy


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The room's first page."""
    insist(may_enter(request.user))
    return redirect(str(room_tabs(request)[0]["url"]))


@require_safe
def strategy_list(request: HttpRequest) -> HttpResponse:
    """Every strategy that this person may read, the newest first."""
    insist(may_enter(request.user))
    context = {
        "strategies": Strategy.objects.visible_to(request.user).order_by("-starts_on", "-pk"),
        "may_write": can_run_the_programme(request.user).allowed,
        "tabs": room_tabs(request),
    }
    return TemplateResponse(request, "programme/strategies.html", context)


@require_safe
def strategy_page(request: HttpRequest, slug: str) -> HttpResponse:
    """What it says: for the cluster team as it stands now, for members as it was anchored."""
    strategy = visible_strategy(request.user, slug)
    may_write = can_run_the_programme(request.user).allowed
    context = {"strategy": strategy, "may_write": may_write, "tabs": room_tabs(request)}
    if may_write:
        context |= {
            "sheet": reading.current_sheet(strategy),
            "tabs": strategy_tabs(request, strategy),
            "has_changed": has_changed(strategy),
            "tally": reading.stakeholders(strategy)["tally"],
            "effort_url": reverse(settings.EFFORT_PAGE, query={"strategy": strategy.slug}),
        }
    else:
        context["sheet"] = reading.anchored_sheet(strategy)
    return TemplateResponse(request, "programme/strategy.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def create(request: HttpRequest) -> HttpResponse:
    """A new draft."""
    form = StrategyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            return redirect(actions.add_strategy(by=request.user, **form.cleaned_data))
    return TemplateResponse(request, "programme/strategy_form.html", {"form": form, "strategy": None})


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Its words."""
    strategy = visible_strategy(request.user, slug)
    form = StrategyForm(request.POST or None, instance=visible_strategy(request.user, slug))
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            if actions.change_strategy(strategy=strategy, by=request.user, **form.cleaned_data):
                messages.success(request, _("Saved."))
            return redirect(strategy)
    return TemplateResponse(request, "programme/strategy_form.html", {"form": form, "strategy": strategy})


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def consult(request: HttpRequest, slug: str) -> HttpResponse:
    """Asks before everybody on the list gets a mail; from the second time on, what is new."""
    strategy = visible_strategy(request.user, slug)
    is_again = strategy.number > 0
    label = gettext_lazy("What is new")
    form = WhyForm(request.POST if request.method == "POST" else None, required=is_again, label=label)
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            actions.put_to_stakeholders(strategy=strategy, why=form.cleaned_data["why"], by=request.user)
            messages.success(request, _("They are asked. Their answers come in here."))
            return redirect("programme:stakeholders", slug)
    context = {
        "strategy": strategy,
        "form": form,
        "is_again": is_again,
        "asked": reading.stakeholders(strategy)["asked"],
    }
    return TemplateResponse(request, "programme/strategy_consult.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def anchor(request: HttpRequest, slug: str) -> HttpResponse:
    """Asks for the reason when something speaks against it; what they have not read is put to them first."""
    strategy = visible_strategy(request.user, slug)
    if first := actions.what_comes_first(strategy):
        messages.error(request, first)
        return redirect("programme:consult", slug)
    lacking = actions.what_is_lacking(strategy)
    label = gettext_lazy("Why you anchor it all the same")
    form = WhyForm(request.POST if request.method == "POST" else None, required=bool(lacking), label=label)
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            actions.anchor(strategy=strategy, why=form.cleaned_data["why"], by=request.user)
            messages.success(request, _("The strategy is anchored. Members read it from now on."))
            return redirect(strategy)
    context = {"strategy": strategy, "form": form, "lacking": lacking}
    return TemplateResponse(request, "programme/strategy_anchor.html", context)


@require_POST
@for_managers
def end(request: HttpRequest, slug: str) -> HttpResponse:
    """It is over."""
    return act(request, visible_strategy(request.user, slug), actions.end, _("The strategy is over. It can be read."))


def act(
    request: HttpRequest, strategy: Strategy, action: Callable[..., object], said: str, **on: object
) -> HttpResponse:
    """One tap on something of a strategy, and back to its page with what came of it."""
    try:
        action(by=request.user, **(on or {"strategy": strategy}))
        messages.success(request, said)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(strategy)


@require_safe
@for_managers
def versions(request: HttpRequest, slug: str) -> HttpResponse:
    """What was put to the stakeholders, and what differs from one version to another."""
    strategy = visible_strategy(request.user, slug)
    kept = list(strategy.versions.select_related("by"))
    contents = {str(each.number): each.content for each in kept} | {"now": content_of(strategy)}
    numbers = [str(each.number) for each in kept]
    old = request.GET.get("old", numbers[0] if numbers else "now")
    new = request.GET.get("new", "now")
    if old not in contents or new not in contents:
        return redirect("programme:versions", slug)
    context = {
        "strategy": strategy,
        "versions": kept,
        "old": old,
        "new": new,
        "changes": comparing.compare(contents[old], contents[new]),
        "tabs": strategy_tabs(request, strategy),
    }
    return TemplateResponse(request, "programme/strategy_versions.html", context)


@require_safe
@for_managers
def version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One version word for word, as the stakeholders read it."""
    strategy = visible_strategy(request.user, slug)
    kept = get_object_or_404(strategy.versions.select_related("by"), number=number)
    sheet = reading.sheet(kept.content, with_readings=False)
    context = {"strategy": strategy, "version": kept, "sheet": sheet, "tabs": strategy_tabs(request, strategy)}
    return TemplateResponse(request, "programme/strategy_version.html", context)
