"""Where opportunities come from: sources, uploads, and what each reading brought and refused."""

from itertools import chain

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import runs
from core.downloads import as_csv
from core.htmx import render_page
from core.pages import paginate
from opportunities import actions, fetching, imports, reading, tables
from opportunities.forms import MappingForm, SourceForm, UploadForm
from opportunities.models import ImportRun, Source
from opportunities.views.access import for_managers


@require_safe
@for_managers
def source_list(request: HttpRequest) -> HttpResponse:
    """All sources, and the last readings."""
    context = {
        "sources": Source.objects.visible_to(request.user).for_list(),
        "imports": ImportRun.objects.visible_to(request.user).for_list()[:10],
    }
    return TemplateResponse(request, "opportunities/sources.html", context)


@require_safe
@for_managers
def source(request: HttpRequest, slug: str) -> HttpResponse:
    """One source: what it is, a place to upload, its readings."""
    found = get_object_or_404(Source.objects.visible_to(request.user).for_list(), slug=slug)
    return _source_page(request, found, UploadForm())


def _source_page(request: HttpRequest, found: Source, form: UploadForm) -> HttpResponse:
    page = paginate(request, ImportRun.objects.visible_to(request.user).for_list().filter(source=found))
    limit = settings.UPLOAD_LIMIT_MB * 1024 * 1024
    asked = fetching.is_asked(found)
    context = {
        "source": found,
        "page": page,
        "upload_form": form,
        "upload_limit_bytes": limit,
        "upload_limit": f"{settings.UPLOAD_LIMIT_MB} MB",
        "is_asked": asked,
        "is_reading": asked or not all(run.is_over for run in page),
    }
    return render_page(request, "opportunities/source.html", context, part="readings")


def _edited(request: HttpRequest, instance: Source) -> HttpResponse:
    form = SourceForm(request.POST or None, instance=instance)
    if request.method == "POST" and form.is_valid():
        return redirect(actions.save_source(source=form.save(commit=False), by=request.user))
    return TemplateResponse(request, "opportunities/source_form.html", {"form": form, "source": instance})


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def create(request: HttpRequest) -> HttpResponse:
    """A new source."""
    return _edited(request, Source())


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Changes a source."""
    return _edited(request, get_object_or_404(Source.objects.visible_to(request.user), slug=slug))


@require_POST
@for_managers
def upload(request: HttpRequest, slug: str) -> HttpResponse:
    """Takes a file and queues its reading; a table whose columns are not known yet is asked about first."""
    found = get_object_or_404(Source.objects.visible_to(request.user).for_list(), slug=slug)
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _source_page(request, found, form)
    file = form.cleaned_data["file"]
    asks = found.format == Source.Format.CSV and not found.mapping
    run = imports.start(source=found, file=file, file_name=file.name, by=request.user, hold=asks)
    return redirect("opportunities:columns" if asks else "opportunities:import", run.pk)


@require_POST
@for_managers
def fetch(request: HttpRequest, slug: str) -> HttpResponse:
    """Reads a source's address now."""
    found = get_object_or_404(Source.objects.visible_to(request.user).exclude(url=""), slug=slug)
    fetching.ask(found)
    return redirect(found)


def _run(request: HttpRequest, pk: int) -> ImportRun:
    return get_object_or_404(ImportRun.objects.visible_to(request.user).for_list(), pk=pk)


@require_safe
@for_managers
def import_run(request: HttpRequest, pk: int) -> HttpResponse:
    """One reading: how far it is, what it brought, what it refused and why."""
    run = _run(request, pk)
    context = {"run": run, "page": paginate(request, reading.refusals(run))}
    if run.is_over:
        context |= reading.brought(run)
    return render_page(request, "opportunities/import.html", context, part="progress")


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks which column means what, remembers it with the source, and reads the file again."""
    run = _run(request, pk)
    table = tables.header(run)
    form = MappingForm(request.POST or None, table=table)
    if request.method == "POST" and form.is_valid():
        actions.save_source(source=run.source, by=request.user, mapping=form.mapping())
        return redirect(imports.read_again(run=run, by=request.user))
    return TemplateResponse(request, "opportunities/columns.html", {"form": form, "run": run, "table": table})


@require_safe
@for_managers
def refused_csv(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """The refused records with their reasons, to correct and to upload again."""
    rows = _run(request, pk).refusals.order_by("pk").values_list("position", "reason", "raw")
    headed = chain([(_("Position"), _("Reason"), _("Record"))], rows.iterator(chunk_size=100))
    return as_csv(headed, f"refused-{pk}.csv")


@require_POST
@for_managers
def read_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Reads the same file once more."""
    return redirect(imports.read_again(run=_run(request, pk), by=request.user))


@require_POST
@for_managers
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Stops a reading; what it has brought so far stays."""
    runs.ask_to_stop(_run(request, pk))
    messages.success(request, _("It stops. What was read so far stays."))
    return redirect("opportunities:import", pk)


@require_POST
@for_managers
def set_aside(request: HttpRequest, pk: int) -> HttpResponse:
    """Marks the refused records of a reading as dealt with."""
    done = actions.set_aside(run=_run(request, pk), by=request.user)
    messages.success(request, ngettext("%(n)s record set aside.", "%(n)s records set aside.", done) % {"n": done})
    return redirect("opportunities:import", pk)
