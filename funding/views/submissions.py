"""The step "Check and hand in", receipts, and what was handed in."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.actions import Refused
from core.downloads import as_file
from funding import checklist
from funding.actions import submissions as actions
from funding.models import Application, Submission
from funding.reading import applications as reading
from funding.reading.receipts import receipt_pdf
from funding.reviewing import is_bound_to
from funding.views.access import led_application, visible_application


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, reference: str) -> HttpResponse:
    """Everything that stands against handing in, and the button. The server's clock decides."""
    application = led_application(request, reference)
    if request.method == "POST":
        seen = request.POST.get("seen", "") if "agree" in request.POST else ""
        try:
            actions.submit(application=application, by=request.user, seen=seen)
        except Refused as refusal:
            messages.error(request, str(refusal))
            application.refresh_from_db()
        else:
            messages.success(request, _("The application is handed in."))
            return redirect("funding:receipt", reference)
    context = reading.page_context(application, request.user, checklist.CHECK)
    points = context["points"]
    context |= {
        "blocking": reading.by_step(application, [point for point in points if point.blocks]),
        "count": sum(point.blocks for point in points),
        "unknown": [point for point in points if point.verdict == "unknown"],
        "passed": [point for point in points if point.verdict == "pass" and point.rule and point.is_asked],
        "seen": checklist.fingerprint(points),
    }
    return TemplateResponse(request, "funding/application_check.html", context)


def _last(application: Application) -> Submission:
    submissions = application.submissions.select_related("application__call", "application__lead")
    return get_object_or_404(submissions.order_by("-number")[:1])


@require_safe
def receipt(request: HttpRequest, reference: str) -> HttpResponse:
    """The proof: number, moment and hash."""
    application = led_application(request, reference)
    context = reading.page_context(application, request.user)
    context |= reading.handed_in(_last(application), with_figures=False)
    context["submissions"] = application.submissions.order_by("-number")
    return TemplateResponse(request, "funding/application_receipt.html", context)


@require_safe
def receipt_file(request: HttpRequest, reference: str) -> HttpResponse:
    """The same on paper."""
    submission = _last(led_application(request, reference))
    name = f"{submission.application.reference}-{submission.number}.pdf"
    return as_file(receipt_pdf(submission), name, "application/pdf")


@require_safe
def handed_in(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """What was handed in, word for word, for the lead and for the cluster team."""
    application = visible_application(request, reference)
    as_team = request.user.is_manager and not is_bound_to(request.user, application)
    if not as_team:
        application = led_application(request, reference)
    submissions = application.submissions.select_related("application__call", "application__lead")
    context = reading.handed_in(get_object_or_404(submissions, number=number), with_figures=as_team)
    context |= {"application": application, "call": application.call, "last": _last(application)}
    return TemplateResponse(request, "funding/application_handed_in.html", context)
