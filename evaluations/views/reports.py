"""Reports: the list, a new one, how far it is, its pages and its PDF, and with whom it is shared."""

from django.contrib import messages
from django.core.files import File
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import runs
from core.actions import Refused
from core.forms import refused_on
from core.htmx import render_page
from core.pages import paginate
from evaluations import reporting
from evaluations.actions import reports as actions
from evaluations.forms.reports import ReportForm, ShareForm
from evaluations.models import Quote, Report, ReportLink, Wave
from evaluations.permissions import can_run_waves
from evaluations.reading import reports as reading
from evaluations.tabs import room_tabs
from evaluations.views.access import for_managers, for_readers


def _visible(request: HttpRequest, pk: int) -> Report:
    return get_object_or_404(Report.objects.visible_to(request.user).select_related("wave", "started_by"), pk=pk)


@require_safe
@for_readers
def report_list(request: HttpRequest) -> HttpResponse:
    """Every report, the newest first."""
    found = Report.objects.visible_to(request.user).for_list()
    if not can_run_waves(request.user):
        found = found.filter(status=Report.Status.DONE)
    context = {
        "page": paginate(request, found),
        "tabs": room_tabs(request),
        "may_make": can_run_waves(request.user).allowed,
    }
    return TemplateResponse(request, "evaluations/reports.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def new_report(request: HttpRequest) -> HttpResponse:
    """What is to be reported, and to whom."""
    waves = Wave.objects.visible_to(request.user).with_results()
    first = {"kind": Report.Kind.YEARLY, "wave": waves.first(), "title": reading.title(timezone.localdate())}
    quotes = Quote.objects.visible_to(request.user).filter(wave__in=waves).select_related("wave").order_by("wave", "pk")
    form = ReportForm(request.POST or None, waves=waves, quotes=quotes, today=timezone.localdate(), initial=first)
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            return redirect(reporting.start(by=request.user, **form.cleaned_data))
    return TemplateResponse(request, "evaluations/report_form.html", {"form": form, "tabs": room_tabs(request)})


@never_cache
@require_safe
@for_readers
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a report is; once it is done, the report."""
    found = _visible(request, pk)
    context = {"report": found, "may_make": can_run_waves(request.user).allowed}
    if found.status != Report.Status.DONE or "follow" in request.GET:
        context |= {"tabs": room_tabs(request), "step": reading.step(found)}
        return render_page(request, "evaluations/report_run.html", context, part="progress")
    context |= {"content": reading.drawn(found.content), "same_as": reporting.same_as(found)}
    return TemplateResponse(request, "evaluations/report.html", context)


@never_cache
@require_safe
@for_readers
def report_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The same on paper."""
    return pdf_of(_visible(request, pk))


def pdf_of(report: Report) -> HttpResponse:
    """The file as it was made."""
    return FileResponse(open_pdf(report), filename=reading.file_name(report), content_type="application/pdf")


def open_pdf(report: Report) -> File:
    """Ready to be read; 404 where there is none."""
    if report.status != Report.Status.DONE or not report.pdf:
        raise Http404
    try:
        return report.pdf.open("rb")
    except FileNotFoundError:
        raise Http404(_("The file is no longer kept here. Make the report again.")) from None


@require_POST
@for_managers
def stop_report(request: HttpRequest, pk: int) -> HttpResponse:
    """Stops a report that is being made."""
    runs.ask_to_stop(_visible(request, pk))
    messages.success(request, _("It stops. Other reports stay as they are."))
    return redirect("evaluations:report", pk)


@require_POST
@for_managers
def make_again(request: HttpRequest, pk: int) -> HttpResponse:
    """The same report once more."""
    try:
        return redirect(reporting.make_again(report=_visible(request, pk), by=request.user))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("evaluations:report", pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def links(request: HttpRequest, pk: int) -> HttpResponse:
    """Who reads a report without an account, until when, and how often it was opened."""
    found = _visible(request, pk)
    form = ShareForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        label, until = form.cleaned_data["label"], form.cleaned_data["until"]
        with refused_on(form):
            actions.share(report=found, label=label, expires_at=until, by=request.user)
            messages.success(request, _("The link is ready. Copy it and send it to the reader."))
            return redirect("evaluations:report_links", pk)
    context = {"report": found, "form": form, "links": reading.links(found)}
    return TemplateResponse(request, "evaluations/report_links.html", context)


@require_POST
@for_managers
def withdraw_link(request: HttpRequest, pk: int, link: int) -> HttpResponse:
    """Takes a link back."""
    rows = ReportLink.objects.filter(report=_visible(request, pk)).select_related("report")
    actions.withdraw(link=get_object_or_404(rows, pk=link), by=request.user)
    messages.success(request, _("The link opens nothing any more."))
    return redirect("evaluations:report_links", pk)
