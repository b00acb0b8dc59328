"""Tables that evaluators and managers ask for themselves, and the log of what was asked."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import runs
from core.downloads import as_csv, as_xlsx, file_name
from core.forms import refused_on
from core.htmx import render_page
from core.pages import paginate
from evaluations.actions import queries as actions
from evaluations.forms.tables import OutcomeTableForm, TableForm
from evaluations.models import Query, Wave
from evaluations.reading import tables as reading
from evaluations.tabs import room_tabs
from evaluations.views.access import for_readers

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _waves(request: HttpRequest) -> object:
    return Wave.objects.visible_to(request.user).with_results().select_related("version")


@require_http_methods(["GET", "HEAD", "POST"])
@for_readers
def tables(request: HttpRequest) -> HttpResponse:
    """Which survey, which question, by what, of whom. Asking is kept, and leads to the table."""
    waves = list(_waves(request))
    chosen = request.POST.get("wave") or request.GET.get("wave")
    wave = next((each for each in waves if each.slug == chosen), waves[0] if waves else None)
    context = {"waves": waves, "wave": wave, "tabs": room_tabs(request), "mine": _newest(request)}
    if wave is not None:
        choices = {"subjects": reading.subject_choices(wave, get_language()), "groups": reading.group_choices(wave)}
        form = context["form"] = TableForm(request.POST or None, **choices)
        if request.method == "POST" and form.is_valid() and (query := _ask(request, wave, form)):
            return redirect("evaluations:table", query.pk)
    return TemplateResponse(request, "evaluations/tables.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_readers
def outcome_tables(request: HttpRequest) -> HttpResponse:
    """Which quarter's outcomes, by what, of whom. Asking is kept, and leads to the table."""
    choices = reading.quarter_choices()
    wanted = request.POST.get("subject") or request.GET.get("subject", "")
    subject = wanted if wanted in dict(choices) else next((key for key, _name in choices), "")
    context = {"tabs": room_tabs(request), "mine": _newest(request), "subject": subject, "choices": choices}
    if subject:
        groups = reading.quarter_groups(subject.partition(":")[2])
        form = context["form"] = OutcomeTableForm(request.POST or None, subjects=choices, groups=groups)
        if request.method == "POST" and form.is_valid() and (query := _ask(request, None, form)):
            return redirect("evaluations:table", query.pk)
    return TemplateResponse(request, "evaluations/outcome_tables.html", context)


def _newest(request: HttpRequest) -> object:
    return Query.objects.filter(by=request.user).for_list()[:5]


def _ask(request: HttpRequest, wave: Wave | None, form: TableForm) -> Query | None:
    asked = {name: form.cleaned_data[name] for name in ("subject", "dimensions")}
    with refused_on(form):
        return actions.ask(wave=wave, filters=form.filters(), by=request.user, **asked)
    return None


def _visible(request: HttpRequest, pk: int) -> Query:
    rows = Query.objects.visible_to(request.user).select_related("wave__version", "publication")
    return get_object_or_404(rows, pk=pk)


@never_cache
@require_safe
@for_readers
def table(request: HttpRequest, pk: int) -> HttpResponse:
    """What a question to the tables got."""
    query = _visible(request, pk)
    context = {"query": query, "by": reading.broken_down_by(query), "instead": reading.instead(query)}
    if query.publication is None or "follow" in request.GET:
        return render_page(request, "evaluations/table_run.html", context, part="progress")
    context["shown"] = reading.Shown(query, get_language())
    return TemplateResponse(request, "evaluations/table.html", context)


@require_POST
@for_readers
def stop_query(request: HttpRequest, pk: int) -> HttpResponse:
    """Stops a table that is being made."""
    runs.ask_to_stop(_visible(request, pk))
    return redirect("evaluations:table", pk)


def _exported(request: HttpRequest, pk: int) -> reading.Shown | None:
    query = _visible(request, pk)
    return reading.Shown(query, get_language()) if query.publication is not None else None


def _name(shown: reading.Shown) -> str:
    return file_name(shown.query.asked_of, shown.query.subject, shown.query.pk)


@never_cache
@require_safe
@for_readers
def table_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """The same figures, a line each."""
    if (shown := _exported(request, pk)) is None:
        return redirect("evaluations:table", pk)
    return as_csv(reading.spreadsheet(shown), f"{_name(shown)}.csv")


@never_cache
@require_safe
@for_readers
def table_xlsx(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as a workbook, with a sheet that says what it is."""
    if (shown := _exported(request, pk)) is None:
        return redirect("evaluations:table", pk)
    sheets = {"Table": reading.spreadsheet(shown), "About": reading.about(shown)}
    return as_xlsx(sheets, f"{_name(shown)}.xlsx")


@require_safe
@for_readers
def queries(request: HttpRequest) -> HttpResponse:
    """What was asked: by everybody for managers, by oneself for evaluators."""
    page = paginate(request, Query.objects.visible_to(request.user).for_list())
    rows = [{"query": query, "by": reading.broken_down_by(query)} for query in page]
    return TemplateResponse(
        request, "evaluations/queries.html", {"page": page, "rows": rows, "tabs": room_tabs(request)}
    )
