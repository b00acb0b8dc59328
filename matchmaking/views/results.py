"""What a round achieved: the dashboard, a report to print for a funder, and the figures as a file."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.downloads import as_csv
from matchmaking.reading import results as reading
from matchmaking.tabs import round_tabs
from matchmaking.views.access import for_managers, visible_round


@require_safe
@for_managers
def results(request: HttpRequest, slug: str) -> HttpResponse:
    """The dashboard."""
    round_ = visible_round(request.user, slug)
    context = reading.results(round_, for_team=True) | {"round": round_, "tabs": round_tabs(request, round_)}
    return TemplateResponse(request, "matchmaking/results.html", context)


@require_safe
@for_managers
def report(request: HttpRequest, slug: str) -> HttpResponse:
    """The same as a report that can be printed and sent."""
    round_ = visible_round(request.user, slug)
    context = reading.results(round_)
    context |= reading.who_took_part(round_, context["took_part"])
    context |= {"round": round_, "today": timezone.localdate(timezone=round_.zone)}
    return TemplateResponse(request, "matchmaking/report.html", context)


@require_safe
@for_managers
def results_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """The figures as CSV, without cells that a spreadsheet would run as formulas."""
    round_ = visible_round(request.user, slug)
    return as_csv(reading.csv_rows(round_), f"results-{round_.slug}.csv")
