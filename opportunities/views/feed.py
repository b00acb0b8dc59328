"""The member's side: the few that fit, everything that is published, one of them, and the answers."""

from collections.abc import Callable
from itertools import chain

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from core.downloads import as_csv
from core.htmx import render_page
from core.pages import paginate
from opportunities import actions, cards, filtering, reading
from opportunities.filters import OpportunityFilter
from opportunities.forms import AnswerForm, SentenceForm
from opportunities.models import Feedback, Opportunity
from opportunities.permissions import can_answer, can_be_answered
from opportunities.views.access import for_members, for_readers


@require_safe
@for_members
def feed(request: HttpRequest) -> HttpResponse:
    """The few that are worth this member's time, best first. A partner has no list: its start page says so."""
    organisation = request.user.own_membership.organisation
    if not organisation.is_member:
        return redirect("home")
    page = reading.feed(organisation)
    if request.method == "GET":
        actions.note_shown(showings=reading.showings(organisation, page))
    context = page | {
        "organisation": organisation,
        "may_answer": can_answer(request.user, organisation),
        "here": request.path,
    }
    return TemplateResponse(request, "opportunities/feed.html", context)


def _listed(request: HttpRequest) -> tuple[OpportunityFilter, QuerySet[Opportunity]]:
    rows = Opportunity.objects.visible_to(request.user).published().for_list().soonest()
    found = OpportunityFilter(request.GET, rows)
    return found, found.qs.closed() if found.wants_closed else found.qs.open()


@require_safe
@for_readers
def opportunity_list(request: HttpRequest) -> HttpResponse:
    """Everything that is published, searchable."""
    found, rows = _listed(request)
    page = paginate(request, rows)
    context = {"filter": found, "page": page, "rows": [cards.row(each) for each in page]}
    return render_page(request, "opportunities/list.html", context, part="results")


@require_safe
@for_readers
def export(request: HttpRequest) -> StreamingHttpResponse:
    """What the list shows, all pages of it, for a spreadsheet."""
    _found, rows = _listed(request)
    lines = chain([cards.EXPORTED], (cards.exported(each) for each in rows.iterator(chunk_size=500)))
    return as_csv(lines, f"opportunities-{timezone.localdate()}.csv")


@require_safe
def detail(request: HttpRequest, reference: str) -> HttpResponse:
    """One opportunity: reasons on top, facts at the side, its source at the foot."""
    return _detail(request, reference)


def _detail(request: HttpRequest, reference: str, sentence_form: SentenceForm | None = None) -> HttpResponse:
    rows = Opportunity.objects.visible_to(request.user).select_related("source", "note_by").defer("search")
    opportunity = get_object_or_404(rows, reference=reference)
    context = {"opportunity": opportunity, "facts": cards.facts(opportunity)} | reading.details(opportunity)
    context["prepare_url"] = _where_consortia_are_prepared(opportunity)
    if membership := request.user.own_membership:
        organisation = membership.organisation
        context |= reading.for_member(opportunity, organisation)
        context["may_answer"] = can_answer(request.user, organisation) and can_be_answered(opportunity)
        context["sentence_form"] = sentence_form or SentenceForm(initial={"sentence": context["card"]["sentence"]})
        if not context["card"]["opened"]:
            stood = reading.standing(opportunity, organisation) | {"reasons_shown": context["card"]["reason_codes"]}
            actions.note_opened(opportunity=opportunity, organisation=organisation, by=request.user, **stood)
    return TemplateResponse(request, "opportunities/detail.html", context)


def _where_consortia_are_prepared(opportunity: Opportunity) -> str:
    """The page of the room above where partners for a funding topic are looked for; "" for anything else."""
    is_topic = opportunity.kind == Opportunity.Kind.FUNDING and can_be_answered(opportunity)
    return reverse(settings.CONSORTIUM_PAGE, args=[opportunity.reference]) if is_topic else ""


def _changed(request: HttpRequest, reference: str, act: Callable[[Opportunity], object]) -> HttpResponse:
    """Does what was tapped and shows the card again; a page that is out of date is told so and loaded anew."""
    opportunity = Opportunity.objects.visible_to(request.user).filter(reference=reference).first()
    try:
        if opportunity is None:
            raise actions.Refused(_("This opportunity is not open to answers any more."))
        act(opportunity)
    except actions.Refused as refusal:
        messages.error(request, str(refusal))
        url = _way_back(request, opportunity) if opportunity else reverse("opportunities:feed")
        return HttpResponseClientRedirect(url) if request.htmx else redirect(url)
    return _card(request, opportunity) if request.htmx else redirect(_way_back(request, opportunity))


def _way_back(request: HttpRequest, opportunity: Opportunity) -> str:
    target = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return target
    return opportunity.get_absolute_url()


def _card(request: HttpRequest, opportunity: Opportunity) -> HttpResponse:
    card = reading.one_card(opportunity, request.user.own_membership.organisation)
    context = {"card": card, "live": True, "next": request.POST.get("next", "")}
    return TemplateResponse(request, "_components/opportunity_card.html", context)


@require_POST
@for_members
def answer(request: HttpRequest, reference: str) -> HttpResponse:
    """Interested, saved or not for us."""
    form, organisation = AnswerForm(request.POST), request.user.own_membership.organisation
    if "sentence" in form.errors:
        return _detail(request, reference, SentenceForm(request.POST))

    def say(opportunity: Opportunity) -> None:
        if not form.is_valid():
            raise actions.Refused(_("We could not read this answer. Choose one of the three."))
        stood = reading.standing(opportunity, organisation)
        actions.answer(opportunity=opportunity, organisation=organisation, by=request.user, **stood, **form.said())
        if form.cleaned_data["sentence"]:
            messages.success(request, _("Your sentence is with the cluster team."))

    return _changed(request, reference, say)


@require_POST
@for_members
def take_back(request: HttpRequest, reference: str) -> HttpResponse:
    """Undoes the last word."""
    organisation = request.user.own_membership.organisation
    return _changed(
        request,
        reference,
        lambda opportunity: actions.take_back(opportunity=opportunity, organisation=organisation, by=request.user),
    )


@require_safe
@for_members
def answered(request: HttpRequest) -> HttpResponse:
    """What this member has answered, in three lists."""
    organisation = request.user.own_membership.organisation
    kinds = [Feedback.Kind.INTERESTED, Feedback.Kind.SAVED, Feedback.Kind.NOT_FOR_US]
    kind = next((each for each in kinds if each == request.GET.get("kind")), kinds[0])
    page = paginate(request, reading.answered(organisation, kind))
    tabs = [
        {"label": each.label, "url": f"{reverse('opportunities:answered')}?kind={each}", "current": each == kind}
        for each in kinds
    ]
    context = {"page": page, "tabs": tabs, "rows": [cards.row(said.opportunity, why=said.sentence) for said in page]}
    return TemplateResponse(request, "opportunities/answered.html", context)


@login_not_required
@require_safe
def how(request: HttpRequest) -> HttpResponse:
    """How the filter works, told by the rules that it runs."""
    context = {"rules": filtering.RULES, "factors": filtering.SOFT_FACTORS, "keep": filtering.KEEP}
    return TemplateResponse(request, "opportunities/how.html", context)
