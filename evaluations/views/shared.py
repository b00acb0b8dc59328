"""A report for somebody without an account: opened by a link, until it ends or is taken back."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from evaluations import report_links
from evaluations.models import ReportLink
from evaluations.reading import reports as reading
from evaluations.views.reports import pdf_of


def by_report_link(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """What a report's link opens, signed in or not. Search engines are told to leave it out."""

    @never_cache
    @login_not_required
    @wraps(view)
    def opened(request: HttpRequest, token: str) -> HttpResponse:
        try:
            link = report_links.link_of(token)
        except report_links.DeadLink as dead:
            closed = getattr(dead, "link", None)
            response = TemplateResponse(
                request, "evaluations/report_link_dead.html", {"link": closed}, status=410 if closed else 404
            )
        else:
            response = view(request, link)
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return opened


@require_safe
@by_report_link
def shared_report(request: HttpRequest, link: ReportLink) -> HttpResponse:
    """The report as a page. Looks by people who are signed in are not counted."""
    if not request.user.is_authenticated and request.method == "GET":
        report_links.count(link)
    context = {"content": reading.drawn(link.report.content), "link": link, "token": report_links.token_of(link)}
    return TemplateResponse(request, "evaluations/shared_report.html", context)


@require_safe
@by_report_link
def shared_pdf(request: HttpRequest, link: ReportLink) -> HttpResponse:
    """The report as a file."""
    return pdf_of(link.report)
