"""The ledger of de minimis aid: all entries for the cluster team, and the statement of one undertaking."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.downloads import as_csv, as_file, file_name
from core.htmx import render_page
from core.pages import paginate
from funding import papers
from funding.actions import aid as actions
from funding.forms.ledger import EnterForm, LedgerFilterForm, ReasonForm
from funding.models import Aid
from funding.reading import ledger as reading
from funding.tabs import room_tabs
from funding.views.access import for_grants, for_managers, own_or_managed
from funding.views.answering import fits


def _found(request: HttpRequest) -> tuple[LedgerFilterForm, object]:
    form = LedgerFilterForm(request.GET or None)
    asked = {"words": form.value_of("q"), "state": form.value_of("state"), "source": form.value_of("source")}
    return form, reading.narrowed(reading.entries(request.user), **asked)


@require_safe
@for_managers
def ledger(request: HttpRequest) -> HttpResponse:
    """Every entry, also those that were reversed."""
    form, found = _found(request)
    context = {"form": form, "page": paginate(request, found), "tabs": room_tabs(request)}
    return render_page(request, "funding/ledger.html", context, part="results")


@require_safe
@for_managers
def export(request: HttpRequest) -> HttpResponse:
    """What counts of what the list shows, in the fields of the central register."""
    _form, found = _found(request)
    return as_csv(reading.of_register(found.standing()), f"de-minimis-{timezone.localdate()}.csv")


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def enter(request: HttpRequest) -> HttpResponse:
    """Aid that the cluster team knows of and nobody has declared."""
    form = EnterForm(request.POST or None)
    entered: list[Aid | None] = []

    def act(said: dict) -> None:
        entered.append(actions.enter(source=Aid.Source.DECLARED, by=request.user, **said))

    if request.method == "POST" and fits(form, act):
        if entered[0] is None:
            messages.info(request, _("The same aid stands on the ledger already."))
        else:
            messages.success(request, _("Entered."))
        return redirect("funding:statement", form.cleaned_data["organisation"].slug)
    return TemplateResponse(request, "funding/ledger_enter.html", {"form": form, "tabs": room_tabs(request)})


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def reverse(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes an entry back by another one."""
    entry = get_object_or_404(Aid.objects.select_related("organisation", "reversed_by"), pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and fits(form, lambda said: actions.reverse(aid=entry, by=request.user, **said)):
        messages.success(request, _("Reversed. Both entries stay on the ledger."))
        return redirect("funding:statement", entry.organisation.slug)
    return TemplateResponse(request, "funding/ledger_reverse.html", {"entry": entry, "form": form})


@require_safe
@for_grants
def own(request: HttpRequest) -> HttpResponse:
    """To the statement of the own organisation."""
    if request.user.own_membership is None:
        raise Http404
    return redirect("funding:statement", request.user.own_membership.organisation.slug)


@require_safe
@for_grants
def statement(request: HttpRequest, slug: str) -> HttpResponse:
    """What the undertaking was granted, and what it may still be granted."""
    organisation = own_or_managed(request, slug)
    context = {
        "statement": reading.statement(organisation, timezone.localdate()),
        "tabs": room_tabs(request, "" if request.user.is_manager else "funding:own_statement"),
        "open_declaration": organisation.aid_declarations.exclude(status="taken_over").first(),
        "is_own": not request.user.is_manager,
    }
    return TemplateResponse(request, "funding/statement.html", context)


@require_safe
@for_grants
def statement_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    """The same as a document."""
    organisation = own_or_managed(request, slug)
    today = timezone.localdate()
    found = reading.on_paper(reading.statement(organisation, today), cluster=papers.cluster_name())
    name = file_name("de-minimis", organisation.slug, today)
    return as_file(papers.pdf(found), f"{name}.pdf", "application/pdf")
