"""Files that belong to a call: the secretary adds them, everybody reads them."""

from pathlib import PurePath

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.actions import Refused
from funding.actions import call_parts as actions
from funding.forms.documents import DocumentForm
from funding.models import FundingCall
from funding.tabs import call_tabs
from funding.views.access import for_managers, visible_call


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def documents(request: HttpRequest, slug: str) -> HttpResponse:
    """The files of a call, and one more."""
    call = visible_call(request, slug)
    form = DocumentForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_document(call=call, by=request.user, content_type=form.kind.content_type, **form.cleaned_data)
            messages.success(request, _("Added."))
            return redirect("funding:documents", slug)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {"call": call, "form": form, "rows": call.documents.all(), "tabs": call_tabs(request, call)}
    context["is_draft"] = call.status == FundingCall.Status.DRAFT
    return TemplateResponse(request, "funding/call_documents.html", context)


@login_not_required
@require_safe
def download(request: HttpRequest, slug: str, pk: int) -> FileResponse:
    """One file, to be saved: a browser guesses nothing about what is in it."""
    document = get_object_or_404(visible_call(request, slug).documents, pk=pk)
    response = FileResponse(
        document.file.open("rb"),
        as_attachment=True,
        filename=PurePath(document.file.name).name,
        content_type=document.content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_POST
@for_managers
def remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Takes a file out of a draft."""
    document = get_object_or_404(visible_call(request, slug).documents.select_related("call"), pk=pk)
    try:
        actions.remove_document(document=document, by=request.user)
        messages.success(request, _("Removed: %(what)s") % {"what": document})
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("funding:documents", slug)
