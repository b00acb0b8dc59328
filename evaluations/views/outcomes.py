"""What came of things, for managers: by name and with every figure. Evaluators read protected tables instead."""

from itertools import chain

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.downloads import as_csv
from core.htmx import render_page
from core.pages import paginate
from evaluations.filters.outcomes import FunnelForm, OutcomeFilter
from evaluations.models import Outcome
from evaluations.reading import engaged as engaged_reading
from evaluations.reading import funnel as funnel_reading
from evaluations.reading import needs as needs_reading
from evaluations.reading import outcomes as reading
from evaluations.reading import quarters as quarters_reading
from evaluations.reading import worklist as worklist_reading
from evaluations.tabs import room_tabs
from evaluations.views.access import for_managers, for_readers


def _found(request: HttpRequest) -> OutcomeFilter:
    return OutcomeFilter(request.GET, Outcome.objects.visible_to(request.user))


@require_safe
@for_managers
def outcomes(request: HttpRequest) -> HttpResponse:
    """The ladder: how far things have come."""
    found = _found(request)
    context = {"filter": found, "tabs": room_tabs(request)} | reading.ladder(found.qs)
    return render_page(request, "evaluations/outcomes.html", context, part="results")


@require_safe
@for_managers
def outcome_list(request: HttpRequest) -> HttpResponse:
    """Each outcome on record, newest first."""
    found = _found(request)
    page = paginate(request, reading.listed(found.qs))
    columns = [{"label": label} for label in reading.SHOWN]
    context = {"filter": found, "page": page, "rows": [reading.row(each) for each in page], "columns": columns}
    return render_page(request, "evaluations/outcome_list.html", context | {"tabs": room_tabs(request)}, part="results")


@require_safe
@for_managers
def export(request: HttpRequest) -> StreamingHttpResponse:
    """What the list shows, all pages of it, for a spreadsheet."""
    rows = reading.listed(_found(request).qs)
    lines = chain([reading.COLUMNS], (reading.line(each) for each in rows.iterator(chunk_size=500)))
    return as_csv(lines, f"outcomes-{timezone.localdate()}.csv")


@require_safe
@for_managers
def funnel(request: HttpRequest) -> HttpResponse:
    """From what was scouted to contracts, and where members drop out."""
    form = FunnelForm(request.GET)
    context = {"form": form, "tabs": room_tabs(request)} | funnel_reading.funnel(form.since(), form.dimension())
    return render_page(request, "evaluations/funnel.html", context, part="results")


@require_safe
@for_managers
def worklist(request: HttpRequest) -> HttpResponse:
    """Members who got nothing in twelve months, and what to do next."""
    found = worklist_reading.got_nothing()
    page = paginate(request, found)
    context = {"page": page, "rows": [worklist_reading.row(each) for each in page], "tabs": room_tabs(request)}
    return TemplateResponse(request, "evaluations/worklist.html", context | worklist_reading.counts(found))


@require_safe
@for_managers
def engaged(request: HttpRequest) -> HttpResponse:
    """Which share of the members works with partners abroad, by size."""
    context = engaged_reading.engaged() | {"tabs": room_tabs(request)}
    return TemplateResponse(request, "evaluations/engaged.html", context)


@require_safe
@for_readers
def quarters(request: HttpRequest) -> HttpResponse:
    """Protected tables of outcomes, funnel and work abroad: what evaluators see of them."""
    context = quarters_reading.quarters(request.user, request.GET.get("quarter", ""))
    return TemplateResponse(request, "evaluations/quarters.html", context | {"tabs": room_tabs(request)})


@require_safe
@for_readers
def needs(request: HttpRequest) -> HttpResponse:
    """Year by year, how many member companies need help with which gap: protected, by size."""
    context = needs_reading.over_time(request.user) | {"tabs": room_tabs(request)}
    return TemplateResponse(request, "evaluations/needs.html", context)
