"""Declarations of de minimis aid: written by the organisation, taken over by the cluster team."""

from django.contrib import messages
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.downloads import as_file, file_name
from core.pages import paginate
from funding import papers
from funding.actions import declaring as actions
from funding.forms.ledger import DeclaredForm, QuestionForm
from funding.models import Declaration, DeclaredAid
from funding.permissions import can_apply_for
from funding.reading import ledger as reading
from funding.tabs import room_tabs
from funding.views.access import for_grants, for_managers, own_organisation
from funding.views.answering import attempt, fits
from members.permissions import insist


@require_http_methods(["GET", "HEAD", "POST"])
@for_grants
def write(request: HttpRequest, slug: str) -> HttpResponse:
    """The declaration that is being written, line by line; one that was handed in is shown."""
    organisation = own_organisation(request, slug)
    may_write = can_apply_for(request.user, organisation)
    form = DeclaredForm(request.POST or None, initial={"beneficiary": organisation.name})
    if request.method == "POST":
        insist(may_write)
        if fits(form, lambda said: actions.declare(organisation=organisation, by=request.user, **said)):
            messages.success(request, _("Added. Add the next one, or hand the declaration in."))
            return redirect("funding:declaration", slug)
    current = organisation.aid_declarations.exclude(status="taken_over").prefetch_related("rows").first()
    context = {"organisation": organisation, "form": form, "declaration": current, "may_write": may_write}
    context["can_remove"] = may_write and (current is None or current.is_being_written)
    context |= {"earlier": organisation.aid_declarations.filter(status="taken_over").order_by("-settled_at")[:10]}
    return TemplateResponse(request, "funding/declaration.html", context)


@require_POST
@for_grants
def remove_row(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes a line out."""
    rows = DeclaredAid.objects.filter(declaration__in=Declaration.objects.visible_to(request.user))
    row = get_object_or_404(rows.select_related("declaration__organisation"), pk=pk)
    attempt(request, lambda: actions.remove_row(row=row, by=request.user), _("Removed."))
    return redirect("funding:declaration", row.declaration.organisation.slug)


@require_POST
@for_grants
def hand_in(request: HttpRequest, slug: str) -> HttpResponse:
    """The declaration is complete."""
    organisation = own_organisation(request, slug)
    done = _("Handed in. Print it and sign it if the funder asks for that.")
    attempt(request, lambda: actions.hand_in(organisation=organisation, by=request.user), done)
    return redirect("funding:declaration", slug)


@require_safe
@for_managers
def waiting(request: HttpRequest) -> HttpResponse:
    """Declarations for the cluster team: those that wait first."""
    rows = Declaration.objects.exclude(status="draft").select_related("organisation").prefetch_related("rows")
    page = paginate(request, rows.order_by(F("settled_at").desc(nulls_first=True), "handed_in_at", "pk"))
    return TemplateResponse(request, "funding/aid_declarations.html", {"page": page, "tabs": room_tabs(request)})


def _visible(request: HttpRequest, pk: int) -> Declaration:
    return get_object_or_404(Declaration.objects.visible_to(request.user).select_related("organisation"), pk=pk)


@require_safe
@for_managers
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """One declaration, to be taken over or returned."""
    context = {"declaration": _visible(request, pk), "form": QuestionForm()}
    return TemplateResponse(request, "funding/declaration_read.html", context)


@require_safe
@for_grants
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The declaration as a document to sign."""
    found = _visible(request, pk)
    content = reading.declaration_on_paper(found, day=timezone.localdate(), cluster=papers.cluster_name())
    name = file_name("declaration", found.organisation.slug, timezone.localdate())
    return as_file(papers.pdf(content), f"{name}.pdf", "application/pdf")


@require_POST
@for_managers
def take_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Its lines go on the ledger."""
    found, new = _visible(request, pk), []
    if attempt(
        request,
        lambda: new.append(actions.take_over(declaration=found, by=request.user)),
        _("The declaration is on the ledger."),
    ):
        words = ngettext("%(n)s entry is new.", "%(n)s entries are new.", new[0]) % {"n": new[0]}
        messages.info(request, words)
    return redirect("funding:aid_declarations")


@require_POST
@for_managers
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    """The organisation is asked about it."""
    found, form = _visible(request, pk), QuestionForm(request.POST)
    if fits(form, lambda said: actions.give_back(declaration=found, by=request.user, **said)):
        messages.success(request, _("Returned."))
        return redirect("funding:aid_declarations")
    return TemplateResponse(request, "funding/declaration_read.html", {"declaration": found, "form": form})
