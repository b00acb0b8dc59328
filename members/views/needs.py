"""The yearly needs assessment: the organisation's own page, and the cluster team's list of who has none."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.actions import Refused
from core.forms import refused_on
from core.htmx import render_page
from core.pages import paginate
from members import cards
from members.actions import needs as actions
from members.forms.needs import NeedsForm
from members.models import Organisation
from members.permissions import can_edit_organisation, insist
from members.reading import joining, needs
from members.views.access import for_managers, visible_member


@require_http_methods(["GET", "HEAD", "POST"])
def assess(request: HttpRequest, slug: str) -> HttpResponse:
    """Ten taps, saved as one goes; below them each year before. Colleagues who only read see what was said."""
    organisation = visible_member(request.user, slug)
    if request.method == "POST":
        insist(can_edit_organisation(request.user, organisation))
    context = needs.of_organisation(organisation, request.user)
    form = NeedsForm(
        request.POST or None, now=context["year"], assessment=context["assessment"], before=context["before"]
    )
    if request.method == "POST" and _is_saved(request, organisation, form):
        if not request.htmx:
            messages.success(request, _("Saved. You can change your answers all year."))
            return redirect("members:needs", slug)
        context = needs.of_organisation(organisation, request.user)
    # The cluster team saves with the button: the organisation is told once, of all of it.
    context |= {"form": form, "saves_itself": not request.user.is_manager}
    return render_page(request, "members/needs.html", context, part="needs-state")


def _is_saved(request: HttpRequest, organisation: Organisation, form: NeedsForm) -> bool:
    if not form.is_valid():
        return False
    said = {"answers": form.answers, "words": form.cleaned_data["words"], "year": form.cleaned_data["year"]}
    with refused_on(form):
        actions.save_needs(organisation=organisation, by=request.user, **said)
    return form.is_valid()


@require_safe
@for_managers
def needs_list(request: HttpRequest) -> HttpResponse:
    """Who has not told this year what it needs."""
    year = needs.this_year()
    page = paginate(request, needs.without(year))
    context = {
        "year": year,
        "page": page,
        "rows": [needs.worklist_row(each, year) for each in page],
        "asked": needs.ASKED,
        "tabs": cards.tabs(request, waiting=joining.waiting_requests(request.user)),
    }
    return TemplateResponse(request, "members/needs_list.html", context)


@require_POST
@for_managers
def remind(request: HttpRequest, slug: str) -> HttpResponse:
    """One mail a year to those who answer for a member."""
    organisation = get_object_or_404(Organisation.objects.visible_to(request.user), slug=slug)
    try:
        sent = actions.remind_of_needs(organisation=organisation, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        _tell(request, organisation, sent)
    return redirect("members:needs_list")


def _tell(request: HttpRequest, organisation: Organisation, sent: int) -> None:
    words = {"name": organisation, "n": sent}
    if sent:
        text = ngettext("%(n)d person of %(name)s is reminded.", "%(n)d people of %(name)s are reminded.", sent)
        messages.success(request, text % words)
    else:
        messages.info(request, _("%(name)s was reminded this year, or nobody there answers for it.") % words)
