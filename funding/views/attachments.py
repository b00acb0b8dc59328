"""The step "Attachments", and how every file of an application is downloaded."""

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.actions import Refused
from core.numbers import whole_number
from funding import checklist, files
from funding.actions import attachments as actions
from funding.models import Attachment, Question
from funding.reading import applications as reading
from funding.reading.attachments import slots
from funding.views.access import led_application


@require_http_methods(["GET", "HEAD", "POST"])
def attachments(request: HttpRequest, reference: str) -> HttpResponse:
    """A place for each file that is asked for, and one for others."""
    application = led_application(request, reference)
    fault, at = "", whole_number(request.POST.get("question", ""))
    if request.method == "POST":
        question = application.call.questions.filter(
            pk=at, kind=Question.Kind.FILE, asked_of=Question.AskedOf.CONSORTIUM
        ).first()
        fault = add_file(request, lambda file: actions.add(
            application=application, file=file, question=question, by=request.user
        ))  # fmt: skip
        if not fault:
            return redirect(request.path)
    context = reading.page_context(application, request.user, checklist.ATTACHMENTS)
    context |= {"slots": slots(application, None, fault=fault, at=at)}
    return TemplateResponse(request, "funding/application_attachments.html", context)


def add_file(request: HttpRequest, act: object) -> str:
    """Takes the file that was sent; returns why it was not taken."""
    file = request.FILES.get("file")
    if file is None:
        return _("Choose a file first.")
    try:
        attachment = act(file)
    except (files.Unfit, Refused) as refusal:
        return str(refusal)
    messages.success(request, _("%(name)s is attached.") % {"name": attachment.name})
    return ""


@require_POST
def remove(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Out of the application."""
    application = led_application(request, reference)
    found = get_object_or_404(application.attachments.kept().select_related("partner", "application__lead"), pk=pk)
    try:
        actions.remove(attachment=found, by=request.user)
        messages.success(request, _("%(name)s is removed.") % {"name": found.name})
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("funding:attachments", reference)


@require_safe
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """The file, never shown inside a page of ours."""
    return as_download(get_object_or_404(Attachment.objects.visible_to(request.user), pk=pk))


def as_download(attachment: Attachment) -> FileResponse:
    """To be saved under the applicant's own name of it; a browser guesses nothing about what is in it."""
    response = FileResponse(
        attachment.file.open("rb"),
        as_attachment=True,
        filename=attachment.name,
        content_type=attachment.content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
