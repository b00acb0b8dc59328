"""Preparing a consortium for a funding topic: the search, whom to ask, and the answers."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.downloads import as_csv
from core.forms import refused_on
from core.pages import paginate
from funding.actions import searches as actions
from funding.forms.consortia import CallOfTopicForm, OutcomeForm
from funding.forms.searches import AskForm, ReplyForm, SearchForm
from funding.models import PartnerSearch, SearchReply
from funding.permissions import can_look_for_partners, can_run_calls
from funding.reading import consortia
from funding.reading import searches as reading
from funding.tabs import room_tabs
from funding.views.access import for_managers, for_members_and_partners
from members.permissions import insist
from opportunities.models import Opportunity


def visible_search(request: HttpRequest, pk: int) -> PartnerSearch:
    """The search if this person may see it; 404 otherwise, as if there were none."""
    rows = PartnerSearch.objects.visible_to(request.user).select_related(
        "topic", "organisation", "started_by", "application__call"
    )
    return get_object_or_404(rows, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@for_members_and_partners
def consortium(request: HttpRequest, reference: str) -> HttpResponse:
    """What one brings and whom one looks for, for a topic. A search that runs already is shown to be changed."""
    topic = get_object_or_404(Opportunity.objects.visible_to(request.user), reference=reference, kind="funding")
    lead = next(iter(reading.leads_of(request.user)), None)
    insist(can_look_for_partners(request.user, lead or request.user.own_membership.organisation))
    form = SearchForm(
        request.POST or None, instance=PartnerSearch.objects.filter(topic=topic, organisation=lead).first()
    )
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            return redirect(actions.start_search(topic=topic, organisation=lead, by=request.user, **form.cleaned_data))
    return TemplateResponse(request, "funding/consortium.html", {"topic": topic, "lead": lead, "form": form})


@require_safe
@for_members_and_partners
def search_list(request: HttpRequest) -> HttpResponse:
    """Who looks for partners: all for the cluster team, what concerns them for others."""
    page = paginate(request, PartnerSearch.objects.visible_to(request.user).for_list())
    context = {"page": page, "rows": reading.rows(page.object_list, request.user), "tabs": room_tabs(request)}
    return TemplateResponse(request, "funding/searches.html", context)


@require_safe
@for_members_and_partners
def search(request: HttpRequest, pk: int) -> HttpResponse:
    """One search."""
    return search_page(request, visible_search(request, pk))


def search_page(request: HttpRequest, found: PartnerSearch, *, status: int = 200, **more: object) -> HttpResponse:
    """One search, as who searches, who was asked, and the cluster team see it."""
    may_run = can_run_calls(request.user)
    is_own = found.organisation_id in {m.organisation_id for m in request.user.all_memberships}
    context = reading.about(found) | {
        "asked_own": reading.of_asked(found, request.user),
        "may_run": may_run,
        "may_close": can_look_for_partners(request.user, found.organisation),
        "is_own": is_own,
    }
    if may_run or is_own:
        context |= reading.of_searcher(found, request.user) | consortia.next_step(found, request.user)
        context["outcome_form"] = OutcomeForm(instance=found)
    if may_run:
        context["call_form"] = CallOfTopicForm(initial={"call": context["call"]})
    return TemplateResponse(request, "funding/search.html", context | more, status=status)


@require_safe
@for_managers
def fits(request: HttpRequest, pk: int) -> HttpResponse:
    """Members and foreign clusters that the topic fits, with reasons, to be asked."""
    return _fits(request, visible_search(request, pk), None)


def _fits(request: HttpRequest, found: PartnerSearch, form: AskForm | None) -> HttpResponse:
    context = {"search": found, "form": form} | reading.who_fits(found)
    return TemplateResponse(request, "funding/search_fits.html", context)


@require_POST
@for_managers
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks those who were ticked."""
    found = visible_search(request, pk)
    form = AskForm(request.POST, search=found)
    if form.is_valid():
        with refused_on(form):
            n = actions.ask(search=found, organisations=form.cleaned_data["to"], by=request.user)
            told = ngettext("%(n)d organisation is asked.", "%(n)d organisations are asked.", n)
            messages.success(request, told % {"n": n})
            return redirect(found)
    return _fits(request, found, form)


@require_POST
@for_members_and_partners
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Interested, or not for us: the answer of one organisation that was asked."""
    own = [m.organisation_id for m in request.user.all_memberships]
    reply = get_object_or_404(SearchReply.objects.select_related("search", "organisation"), pk=pk, organisation__in=own)
    form = ReplyForm(request.POST)
    if form.is_valid():
        is_yes = form.cleaned_data["answer"] == SearchReply.Status.INTERESTED
        with refused_on(form):
            said = {name: form.cleaned_data[name] for name in ("words", "shares_contact")}
            actions.answer(reply=reply, interested=is_yes, by=request.user, **said)
            messages.success(request, _("Your answer is in."))
            return redirect(reply.search)
    return search_page(request, visible_search(request, reply.search_id), reply_form=form, answered=reply.pk)


@require_POST
@for_members_and_partners
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Ends the search."""
    found = visible_search(request, pk)
    actions.close_search(search=found, by=request.user)
    messages.success(request, _("The search is closed."))
    return redirect(found)


@require_safe
@for_members_and_partners
def interested_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is interested, for a spreadsheet: for who searches and for the cluster team."""
    found = visible_search(request, pk)
    insist(can_look_for_partners(request.user, found.organisation))
    return as_csv([reading.CSV_HEAD, *reading.exported(found, request.user)], "partners.csv")
