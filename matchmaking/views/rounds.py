"""The rounds that one may see, each of them, and its way from planning to its end."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.actions import Refused
from core.forms import refused_on
from core.pages import paginate
from matchmaking.actions import rounds as actions
from matchmaking.forms.rounds import RoundForm, SentenceForm, WordsForm
from matchmaking.models import Round
from matchmaking.permissions import can_bring_companies, can_look_after, can_run_rounds, may_enter
from matchmaking.reading import overview, people
from matchmaking.tabs import round_tabs
from matchmaking.views.access import for_managers, visible_round
from members.permissions import insist
from programme.reading import aims

CARDS = 12


@require_safe
def round_list(request: HttpRequest) -> HttpResponse:
    """Every round that this person runs, brings companies to or is invited to."""
    insist(may_enter(request.user))
    page = paginate(request, Round.objects.visible_to(request.user).for_list())
    context = {"page": page, "may_run": can_run_rounds(request.user)}
    return TemplateResponse(request, "matchmaking/list.html", context)


@require_safe
def round_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Where a round stands, for managers; what concerns them, for partners and members."""
    round_ = visible_round(request.user, slug)
    if not can_run_rounds(request.user):
        return _own_page(request, round_)
    count = overview.numbers(round_)
    context = {
        "round": round_,
        "tabs": round_tabs(request, round_),
        "steps": overview.steps(round_, count),
        "missing": count.missing,
        "facts": [*overview.facts(round_), aims.fact(round_)],
    }
    return TemplateResponse(request, "matchmaking/round.html", context)


def _own_page(request: HttpRequest, round_: Round) -> HttpResponse:
    partnerships = people.own_partnerships(round_, request.user)
    context = {
        "round": round_,
        "facts": overview.facts(round_),
        "partnerships": [
            {"partner": each, "may_bring": can_bring_companies(request.user, round_, each.organisation)}
            for each in partnerships
        ],
        "own": people.own_people(round_, request.user),
    }
    if partnerships:
        brought = people.participants(round_, request.user)
        brought = brought.filter(cluster__in=[each.organisation_id for each in partnerships])
        looks_after = any(can_look_after(request.user, each.organisation) for each in partnerships)
        context |= {"brought": people.rows(list(brought)), "read_only": not looks_after}
        # Who agreed to be seen in a round that does not take place did not agree to be seen for nothing.
        if round_.status != Round.Status.CANCELLED:
            page = paginate(request, people.others(round_, partnerships), per_page=CARDS)
            context |= {"page": page, "cards": people.other_cards(list(page))}
    return TemplateResponse(request, "matchmaking/round_own.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def create(request: HttpRequest) -> HttpResponse:
    """A new round on one page."""
    form = RoundForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            return redirect("matchmaking:programme", actions.add_round(by=request.user, **form.cleaned_data).slug)
    return TemplateResponse(request, "matchmaking/round_form.html", {"form": form, "round": None})


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """The same page for a round that is there; with its words alone once the timetable is published."""
    round_ = visible_round(request.user, slug)
    of_state = RoundForm if round_.status in actions.BEFORE_THE_TIMETABLE else WordsForm
    form = of_state(request.POST or None, instance=visible_round(request.user, slug))
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            if actions.change_round(round_=round_, by=request.user, **form.cleaned_data):
                messages.success(request, _("Saved."))
            return redirect(round_)
    return TemplateResponse(request, "matchmaking/round_form.html", {"form": form, "round": round_})


def _move(request: HttpRequest, slug: str, act: Callable[..., None], said: str, **more: object) -> HttpResponse:
    round_ = visible_round(request.user, slug)
    try:
        act(round_=round_, by=request.user, **more)
        messages.success(request, said)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(round_)


@require_POST
@for_managers
def open_round(request: HttpRequest, slug: str) -> HttpResponse:
    """People can sign up and choose from now on."""
    return _move(request, slug, actions.open_round, _("The round is open. The invitations are on their way."))


@require_POST
@for_managers
def plan_again(request: HttpRequest, slug: str) -> HttpResponse:
    """Back to planning."""
    return _move(request, slug, actions.plan_again, _("Back to planning. Nobody can choose until you open it again."))


@require_POST
@for_managers
def finish(request: HttpRequest, slug: str) -> HttpResponse:
    """The meetings are over."""
    return _move(request, slug, actions.finish_round, _("The round is over. What came of it is asked from now on."))


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def open_again(request: HttpRequest, slug: str) -> HttpResponse:
    """Asks before the end is taken back."""
    round_ = visible_round(request.user, slug)
    if request.method == "POST":
        return _move(request, slug, actions.open_again, _("The round is open again. Finish it when all is done."))
    if round_.status != Round.Status.OVER:
        return redirect(round_)
    return TemplateResponse(request, "matchmaking/open_again.html", {"round": round_})


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def cancel(request: HttpRequest, slug: str) -> HttpResponse:
    """Asks for the sentence that everybody who was invited gets."""
    round_ = visible_round(request.user, slug)
    form = SentenceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = _("The round is cancelled. Everybody who was invited gets your sentence.")
        return _move(request, slug, actions.cancel_round, told, why=form.cleaned_data["why"])
    coming = round_.participants.filter(status__in=people.COMING).count()
    context = {"round": round_, "form": form, "coming": coming}
    return TemplateResponse(request, "matchmaking/cancel.html", context)
