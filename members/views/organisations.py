"""The list of organisations for managers, one organisation, its facts."""

from collections.abc import Iterator

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.downloads import as_csv
from core.htmx import render_page
from core.pages import paginate
from members import cards
from members.actions import organisations as actions
from members.filters import OrganisationFilter
from members.forms.organisations import OrganisationForm
from members.models import Organisation
from members.permissions import can_edit_organisation, insist
from members.reading import joining
from members.reading import organisations as reading
from members.views.access import for_managers, visible_organisation


def _found(request: HttpRequest) -> OrganisationFilter:
    return OrganisationFilter(request.GET, Organisation.objects.visible_to(request.user).for_list())


@require_safe
@for_managers
def organisation_list(request: HttpRequest) -> HttpResponse:
    """Every organisation, searchable, with how far its profile is."""
    found = _found(request)
    page = paginate(request, found.qs)
    context = {
        "filter": found,
        "page": page,
        "columns": cards.columns(request.GET),
        "rows": [cards.row(each) for each in page],
        "tabs": cards.tabs(request, waiting=joining.waiting_requests(request.user)),
    }
    return render_page(request, "members/list.html", context, part="results")


def _lines(organisations: list[Organisation]) -> Iterator[list[object]]:
    yield [
        _("Organisation"), _("Kind"), _("Size class"), _("Town"), _("Region"), _("Country"), _("Website"),
        _("Questions answered"), _("People"),
    ]  # fmt: skip
    for each in organisations:
        yield [
            each.name, each.kind_label, each.get_size_class_display(), each.town, cards.region(each.nuts),
            each.country, each.website, each.steps, each.people,
        ]  # fmt: skip


@require_safe
@for_managers
def export(request: HttpRequest) -> HttpResponse:
    """What the list shows, all pages of it, for a spreadsheet."""
    organisations = list(_found(request).qs)
    actions.note_export(count=len(organisations), by=request.user)
    return as_csv(_lines(organisations), f"organisations-{timezone.localdate()}.csv")


@require_safe
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One organisation: its answers, facts, people, invitations, and what happened to them."""
    organisation = visible_organisation(request.user, slug)
    actions.note_view(organisation=organisation, by=request.user)
    return TemplateResponse(request, "members/detail.html", reading.detail(organisation, request.user))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """The facts of an organisation."""
    organisation = visible_organisation(request.user, slug)
    insist(can_edit_organisation(request.user, organisation))
    form = OrganisationForm(request.POST or None, instance=organisation, by=request.user)
    if request.method == "POST" and form.is_valid():
        if actions.change_organisation(organisation=organisation, by=request.user, **form.cleaned_data):
            messages.success(request, _("Saved."))
        return redirect(organisation)
    saved = Organisation.objects.visible_to(request.user).get(pk=organisation.pk)
    context = {"organisation": saved, "form": form, "rule": cards.size_rule(saved)}
    return TemplateResponse(request, "members/edit.html", context)
