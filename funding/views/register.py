"""Files of the central register that the cluster team brings."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.actions import Refused
from core.pages import paginate
from funding.actions import register as actions
from funding.forms.ledger import RegisterFileForm
from funding.models import RegisterImport
from funding.register import COLUMNS, NEEDED
from funding.tabs import room_tabs
from funding.views.access import for_managers


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def imports(request: HttpRequest) -> HttpResponse:
    """Takes a file, and lists those that were brought."""
    form = RegisterFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        return redirect(
            "funding:register_import", actions.bring(file_name=file.name, data=file.read(), by=request.user).pk
        )
    rows = RegisterImport.objects.order_by("-pk").select_related("by")
    optional = [each for each in COLUMNS if each not in NEEDED]
    context = {"form": form, "needed": NEEDED, "optional": optional, "page": paginate(request, rows)}
    return TemplateResponse(request, "funding/register_imports.html", context | {"tabs": room_tabs(request)})


@require_safe
@for_managers
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """What a file brought, and every line that could not be used."""
    brought = get_object_or_404(RegisterImport, pk=pk)
    context = {
        "brought": brought,
        "taken": brought.aid.filter(reverses=None).count(),
        "refused": brought.refusals.count(),
        "readable": brought.refusals.exclude(raw="").exists(),
        "page": paginate(request, brought.refusals.order_by("line", "pk")),
    }
    return TemplateResponse(request, "funding/register_import.html", context)


@require_POST
@for_managers
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Reads the refused lines once more."""
    brought = get_object_or_404(RegisterImport, pk=pk)
    try:
        taken = actions.try_again(brought=brought, by=request.user)
        words = ngettext("%(n)s line was taken over.", "%(n)s lines were taken over.", taken) % {"n": taken}
        messages.info(request, words)
    except Refused as reason:
        messages.warning(request, str(reason))
    return redirect("funding:register_import", pk)
