"""Pages made for paper."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from matchmaking.reading import printing
from matchmaking.views.access import for_managers, visible_round


@require_safe
@for_managers
def badges(request: HttpRequest, slug: str) -> HttpResponse:
    """A badge for everybody who takes part, with the own agenda on it."""
    round_ = visible_round(request.user, slug)
    context = {"round": round_, "sheets": printing.sheets(round_)}
    return TemplateResponse(request, "matchmaking/badges.html", context)


@require_safe
@for_managers
def table_plan(request: HttpRequest, slug: str) -> HttpResponse:
    """Who sits at each table when."""
    round_ = visible_round(request.user, slug)
    return TemplateResponse(request, "matchmaking/table_plan.html", {"round": round_, "plans": printing.plans(round_)})
