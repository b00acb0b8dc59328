"""The cluster team's timetables: drafts, the grid of one, what is done in it by hand, and its publication."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import runs
from core.actions import Refused
from core.htmx import render_page
from core.numbers import whole_number
from core.pages import paginate
from matchmaking import timetables
from matchmaking.forms.timetables import SolveForm
from matchmaking.models import Round, Timetable
from matchmaking.reading import chosen, conflicts, drafts, grid, publication
from matchmaking.reading.board import Board
from matchmaking.tabs import round_tabs
from matchmaking.views.access import for_managers, visible_round

PER_PAGE = 10
VIEWS = ("people", "tables", "open")


def visible_timetable(request: HttpRequest, slug: str, number: int) -> Timetable:
    round_ = visible_round(request.user, slug)
    rows = Timetable.objects.visible_to(request.user).of(round_).select_related("based_on", "started_by")
    timetable = get_object_or_404(rows, number=number)
    timetable.round = round_
    return timetable


def _done(request: HttpRequest, round_: Round) -> object:
    return Timetable.objects.visible_to(request.user).of(round_).filter(status=Timetable.Status.DONE)


@require_safe
@for_managers
def timetable_list(request: HttpRequest, slug: str) -> HttpResponse:
    """A round's drafts with their figures, and a form that makes the next one."""
    return _list(request, visible_round(request.user, slug), None)


def _list(request: HttpRequest, round_: Round, form: SolveForm | None) -> HttpResponse:
    page = paginate(request, Timetable.objects.visible_to(request.user).of(round_), per_page=PER_PAGE)
    done, running = list(_done(request, round_)), next((each for each in page if not each.is_over), None)
    first = {"based_on": done[0].number if done else None, "seed": 0}
    context = {
        "round": round_,
        "tabs": round_tabs(request, round_),
        "page": page,
        "rows": drafts.in_short(round_, page),
        "running": running,
        "done": done,
        "form": form or SolveForm(drafts=_done(request, round_), initial=first),
        "solvable": round_.status in timetables.SOLVABLE,
        "step": drafts.under_way(running) if running else "",
    }
    return render_page(request, "matchmaking/timetables.html", context, part="drafts")


@require_POST
@for_managers
def solve(request: HttpRequest, slug: str) -> HttpResponse:
    """Queues a new draft and shows how far it is."""
    round_ = visible_round(request.user, slug)
    form = SolveForm(request.POST, drafts=_done(request, round_))
    if not form.is_valid():
        return _list(request, round_, form)
    based_on, seed = form.cleaned_data["based_on"], form.cleaned_data["seed"] or 0
    try:
        return redirect(timetables.start(round_=round_, based_on=based_on, seed=seed, by=request.user))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("matchmaking:timetables", slug)


@require_POST
@for_managers
def stop_solving(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Stops a draft that is being made."""
    runs.ask_to_stop(visible_timetable(request, slug, number))
    messages.success(request, _("It stops. Other timetables stay as they are."))
    return redirect("matchmaking:timetable", slug, number)


# One timetable


def _picked(request: HttpRequest, name: str) -> int | None:
    return whole_number(request.GET.get(name, "")) or None


@require_safe
@for_managers
def timetable(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """How far a draft is; once it is done, its grid with what was picked beside it."""
    found = visible_timetable(request, slug, number)
    context = {"timetable": found, "round": found.round, "tabs": round_tabs(request, found.round)}
    if found.status != Timetable.Status.DONE or "follow" in request.GET:
        context["step"] = drafts.under_way(found)
        return render_page(request, "matchmaking/timetable_run.html", context, part="progress")
    board = Board(found)
    return render_page(request, "matchmaking/timetable.html", context | _review(request, board), part="chosen")


def _review(request: HttpRequest, board: Board) -> dict[str, object]:
    """All that one way to look at a timetable shows; what stands only in the others is not asked for."""
    view, picked = request.GET.get("view"), _picked(request, "m")
    view = view if view in VIEWS else VIEWS[0]
    context = {"board": board, "view": view, "path": request.path, "short": drafts.share(board.timetable)}
    # htmx asks for a part that does not look at the grid: then it is not drawn.
    context["rows"] = SimpleLazyObject(lambda: grid.rows(board, view, picked))
    context |= {"heads": grid.heads(board), "signs": grid.signs().values(), "open": board.open_musts}
    if view == "open":
        context["open"] = [(one, other, board.why_open(one, other)) for one, other in board.open_musts]
        context["problems"] = timetables.problems(board.timetable, board.round.timetable)
        context |= {"conflicts": conflicts.in_words(board), "forbidden": chosen.forbidden(board)}
    return context | _beside(request, board)


def _beside(request: HttpRequest, board: Board) -> dict[str, object]:
    if pk := _picked(request, "m"):
        return {"meeting": chosen.meeting(board, pk)}
    if pk := _picked(request, "who"):
        return {"person": chosen.participant(board, pk, _picked(request, "with"))}
    return {}


# Two timetables, and the one for everybody


@require_safe
@for_managers
def compare(request: HttpRequest, slug: str) -> HttpResponse:
    """Two drafts beside each other: who gains and loses what."""
    round_ = visible_round(request.user, slug)
    done = list(_done(request, round_))
    two = [_one_of(done, _picked(request, name)) for name in ("a", "b")]
    context = {"round": round_, "tabs": round_tabs(request, round_), "done": done, "two": two}
    if all(two):
        for each in two:
            each.round = round_
        context |= drafts.compared(*(Board(each) for each in two))
        context["shorts"] = drafts.in_short(round_, two)
    return TemplateResponse(request, "matchmaking/compare.html", context)


def _one_of(done: list[Timetable], number: int | None) -> Timetable | None:
    return next((each for each in done if each.number == number), None)


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def publish(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Asks before it tells everybody; says whom."""
    found = visible_timetable(request, slug, number)
    if request.method == "POST":
        return _publish(request, found, _picked_published(request, found.round))
    context = {"timetable": found, "round": found.round, "tabs": round_tabs(request, found.round)}
    context |= publication.whom_it_tells(found)
    return TemplateResponse(request, "matchmaking/publish.html", context)


def _picked_published(request: HttpRequest, round_: Round) -> Timetable | None:
    """The timetable that was the published one when the question was asked."""
    return round_.timetables.filter(number=whole_number(request.POST.get("over", ""))).first()


def _publish(request: HttpRequest, found: Timetable, over: Timetable | None) -> HttpResponse:
    try:
        timetables.publish(timetable=found, over=over, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("matchmaking:publish", found.round.slug, found.number)
    messages.success(request, _("Published. Participants get their agendas by mail."))
    return redirect(found)
