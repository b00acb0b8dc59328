"""Where a partner search leads: the consortium put together, its application, its sheet, and what came of it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.downloads import as_csv, as_file, file_name
from core.forms import refused_on
from funding import papers
from funding.actions import consortia as actions
from funding.forms.consortia import CallOfTopicForm, OutcomeForm, StartForm, TeamForm
from funding.models import PartnerSearch, SearchReply
from funding.permissions import can_look_for_partners
from funding.reading import consortia as reading
from funding.views.access import for_managers, for_members_and_partners
from funding.views.searches import search_page, visible_search
from members.permissions import insist


def _own_search(request: HttpRequest, pk: int) -> PartnerSearch:
    """The search, for those who may speak for who searches."""
    found = visible_search(request, pk)
    insist(can_look_for_partners(request.user, found.organisation))
    return found


def _page(request: HttpRequest, found: PartnerSearch, team: TeamForm, start: StartForm | None = None) -> HttpResponse:
    context = {"search": found, "topic": found.topic, "team": team} | reading.next_step(found, request.user)
    context["form"] = start or StartForm(initial={"title": found.topic.title[:160]})
    return TemplateResponse(request, "funding/team.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_members_and_partners
def team(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is in, and what each would do."""
    found = _own_search(request, pk)
    posted = request.POST if request.method == "POST" else None
    form = TeamForm(posted, interested=reading.interested(found))
    if posted is not None and form.is_valid():
        actions.put_together(search=found, roles=form.roles(), by=request.user)
        messages.success(request, _("Saved."))
        return redirect("funding:team", found.pk)
    return _page(request, found, form)


@require_POST
@for_members_and_partners
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """The application, with this consortium in it."""
    found = _own_search(request, pk)
    form, typed = TeamForm(request.POST, interested=reading.interested(found)), StartForm(request.POST)
    if form.is_valid() and typed.is_valid():
        with refused_on(typed):
            actions.put_together(search=found, roles=form.roles(), by=request.user)
            started = actions.start_application(search=found, by=request.user, **typed.cleaned_data)
            for why in started.left_out:
                messages.warning(request, why)
            return redirect("funding:partners", started.application.reference)
    return _page(request, found, form, typed)


@require_POST
@for_members_and_partners
def outcome(request: HttpRequest, pk: int) -> HttpResponse:
    """What came of it outside of the portal."""
    found = _own_search(request, pk)
    form = OutcomeForm(request.POST, instance=found)
    if form.is_valid():
        said = form.cleaned_data
        with refused_on(form):
            actions.tell_outcome(search=found, outcome=said["outcome"], words=said["outcome_words"], by=request.user)
            messages.success(request, _("Thank you. The search is closed."))
            return redirect("funding:search", pk)
    return search_page(request, visible_search(request, pk), outcome_form=form)


@require_POST
@for_managers
def link_to_call(request: HttpRequest, pk: int) -> HttpResponse:
    """Which call of the portal the topic is."""
    found, form = visible_search(request, pk), CallOfTopicForm(request.POST)
    if not form.is_valid():
        return search_page(request, found, call_form=form)
    actions.link_to_call(topic=found.topic, call=form.cleaned_data["call"], by=request.user)
    messages.success(request, _("Saved."))
    return redirect(found)


@require_POST
@for_members_and_partners
def hide_contact(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes name and address out of the sheet, also after the search has ended."""
    own = [m.organisation_id for m in request.user.all_memberships]
    reply = get_object_or_404(SearchReply.objects.select_related("search", "organisation"), pk=pk, organisation__in=own)
    actions.hide_contact(reply=reply, by=request.user)
    messages.success(request, _("Your name and address are out of the sheet."))
    return redirect(reply.search)


@require_safe
@for_members_and_partners
def sheet_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The consortium on paper."""
    found, today = _own_search(request, pk), timezone.localdate()
    content = reading.on_paper(found, day=today, cluster=papers.cluster_name())
    name = file_name("consortium", found.topic.reference, today)
    return as_file(papers.pdf(content), f"{name}.pdf", "application/pdf")


@require_safe
@for_members_and_partners
def sheet_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """The consortium for a spreadsheet."""
    found = _own_search(request, pk)
    name = file_name("consortium", found.topic.reference, timezone.localdate())
    return as_csv([reading.CSV_HEAD, *reading.lines(found)], f"{name}.csv")
