"""Benchmarks: which there are, bringing more, and what could not be used of a file."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.actions import Refused
from core.pages import paginate
from evaluations.actions import benchmarks as actions
from evaluations.forms.benchmarks import BenchmarkFileForm
from evaluations.models import BenchmarkImport
from evaluations.permissions import can_withdraw
from evaluations.reading import references as reading
from evaluations.references import NEEDED
from evaluations.tabs import room_tabs
from evaluations.views.access import for_readers


@require_safe
@for_readers
def benchmarks(request: HttpRequest) -> HttpResponse:
    """All benchmarks, by what they are about."""
    imports = BenchmarkImport.objects.order_by("-pk").select_related("by")
    context = {"sections": reading.sections(), "imports": paginate(request, imports), "tabs": room_tabs(request)}
    return TemplateResponse(request, "evaluations/benchmarks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_readers
def bring(request: HttpRequest) -> HttpResponse:
    """Takes a file of benchmarks."""
    form = BenchmarkFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        return redirect(
            "evaluations:benchmark_import", actions.bring(file_name=file.name, data=file.read(), by=request.user).pk
        )
    context = {
        "form": form,
        "needed": NEEDED,
        "questions": sorted(actions.known_questions()),
        "tabs": room_tabs(request),
    }
    return TemplateResponse(request, "evaluations/bring_benchmarks.html", context)


@require_safe
@for_readers
def benchmark_import(request: HttpRequest, pk: int) -> HttpResponse:
    """What a file brought, and every line that could not be used, with its reason."""
    brought = get_object_or_404(BenchmarkImport, pk=pk)
    context = {
        "brought": brought,
        "taken": brought.benchmarks.count(),
        "refused": brought.refusals.count(),
        "may_withdraw": can_withdraw(request.user, brought),
        "readable": brought.refusals.exclude(raw="").exists(),
        "page": paginate(request, brought.refusals.order_by("line", "pk")),
        "tabs": room_tabs(request),
    }
    return TemplateResponse(request, "evaluations/benchmark_import.html", context)


@require_POST
@for_readers
def try_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Reads the refused lines once more."""
    brought = get_object_or_404(BenchmarkImport, pk=pk)
    try:
        taken = actions.try_again(brought=brought, by=request.user)
        messages.info(
            request, ngettext("%(n)s line was taken over.", "%(n)s lines were taken over.", taken) % {"n": taken}
        )
    except Refused as reason:
        messages.warning(request, str(reason))
    return redirect("evaluations:benchmark_import", pk)


@require_POST
@for_readers
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes a file back."""
    actions.withdraw(brought=get_object_or_404(BenchmarkImport, pk=pk), by=request.user)
    messages.success(request, _("The file and its benchmarks are gone."))
    return redirect("evaluations:benchmarks")
