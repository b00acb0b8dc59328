"""The record of a call or an application: every act in order, as a page and as files."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from core.downloads import as_csv, attachment
from funding.models import Application, FundingCall
from funding.reading import trail as reading
from funding.reviewing import sees_scores
from funding.tabs import call_tabs
from funding.views.access import for_managers, handed_in, visible_call
from members.permissions import insist

PER_PAGE = 100


def _page(request: HttpRequest, call: FundingCall, acts: list[reading.Act], application: Application | None = None):
    page = Paginator(acts, PER_PAGE).get_page(request.GET.get("page"))
    context = {"call": call, "tabs": call_tabs(request, call), "page": page, "application": application}
    return TemplateResponse(request, "funding/trail.html", context)


def _application(request: HttpRequest, call: FundingCall, number: int) -> Application:
    """One whose scores are open to the reader: its record tells them."""
    application = handed_in(call, number)
    insist(sees_scores(request.user, application))
    return application


@require_safe
@for_managers
def trail(request: HttpRequest, slug: str) -> HttpResponse:
    """All acts of a call."""
    call = visible_call(request, slug)
    return _page(request, call, reading.of_call(call, request.user))


@require_safe
@for_managers
def trail_of_application(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """All acts of one application."""
    call = visible_call(request, slug)
    application = _application(request, call, number)
    return _page(request, call, reading.of_application(application), application)


def _found(request: HttpRequest, slug: str, number: int | None) -> tuple[str, list[reading.Act]]:
    call = visible_call(request, slug)
    if number is None:
        return call.code, reading.of_call(call, request.user)
    application = _application(request, call, number)
    return application.reference, reading.of_application(application)


@require_safe
@for_managers
def trail_csv(request: HttpRequest, slug: str, number: int | None = None) -> HttpResponse:
    """The record as a table."""
    name, acts = _found(request, slug, number)
    return as_csv([reading.COLUMNS, *(act.row() for act in acts)], f"{name}-record.csv")


@require_safe
@for_managers
def trail_json(request: HttpRequest, slug: str, number: int | None = None) -> HttpResponse:
    """The record as data."""
    name, acts = _found(request, slug, number)
    rows = [
        {
            "at": act.at.isoformat(),
            "at_in_zone": act.at_in_zone,
            "who": act.who,
            "act": act.act,
            "on": act.on,
            "in_words": act.in_words,
            "details": act.details,
        }
        for act in acts
    ]
    return JsonResponse({"of": name, "acts": rows}, headers=attachment(f"{name}-record.json"))
