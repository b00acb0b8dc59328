"""The member's side: the few that fit, everything that is published, one of them, and the answers."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.htmx import render_page
from core.pages import paginate
from members.permissions import can_answer_for
from opportunities import actions, cards, filtering, reading
from opportunities.filters import OpportunityFilter
from opportunities.forms import AnswerForm, SentenceForm
from opportunities.models import Feedback, Opportunity
from opportunities.permissions import can_be_answered
from opportunities.views.access import for_members


@require_safe
@for_members
def feed(request: HttpRequest) -> HttpResponse:
    """The few that are worth this member's time, best first."""
    organisation = request.user.own_membership.organisation
    context = reading.feed(organisation) | {
        "organisation": organisation,
        "may_answer": can_answer_for(request.user, organisation),
        "here": request.path,
    }
    return TemplateResponse(request, "opportunities/feed.html", context)


@require_safe
def opportunity_list(request: HttpRequest) -> HttpResponse:
    """Everything that is published, searchable."""
    found = OpportunityFilter(
        request.GET, Opportunity.objects.visible_to(request.user).published().for_list().soonest()
    )
    rows = found.qs.closed() if found.wants_closed else found.qs.open()
    page = paginate(request, rows)
    context = {"filter": found, "page": page, "rows": [cards.row(each) for each in page]}
    return render_page(request, "opportunities/list.html", context, part="results")


@require_safe
def detail(request: HttpRequest, reference: str) -> HttpResponse:
    """One opportunity: reasons on top, facts at the side, its source at the foot."""
    opportunity = get_object_or_404(
        Opportunity.objects.visible_to(request.user).select_related("source", "note_by").defer("search"),
        reference=reference,
    )
    context = {"opportunity": opportunity, "facts": cards.facts(opportunity)}
    context |= reading.details(opportunity)
    if membership := request.user.own_membership:
        context |= reading.for_member(opportunity, membership.organisation)
        context["may_answer"] = can_answer_for(request.user, membership.organisation) and can_be_answered(opportunity)
        context["sentence_form"] = SentenceForm(initial={"sentence": context["sentence"]})
        actions.note_opened(
            opportunity=opportunity,
            organisation=membership.organisation,
            by=request.user,
            rank_shown=reading.rank_of(opportunity, membership.organisation),
        )
    return TemplateResponse(request, "opportunities/detail.html", context)


def _back(request: HttpRequest, opportunity: Opportunity) -> HttpResponse:
    target = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return redirect(target)
    return redirect(opportunity)


def _card(request: HttpRequest, opportunity: Opportunity) -> HttpResponse:
    organisation = request.user.own_membership.organisation
    context = {"card": reading.one_card(opportunity, organisation), "live": True, "next": request.POST.get("next", "")}
    return TemplateResponse(request, "_components/opportunity_card.html", context)


def _answerable(request: HttpRequest, reference: str) -> Opportunity:
    opportunity = get_object_or_404(Opportunity.objects.visible_to(request.user), reference=reference)
    verdict = can_be_answered(opportunity)
    if not verdict:
        raise PermissionDenied(verdict.reason)
    return opportunity


@require_POST
@for_members
def answer(request: HttpRequest, reference: str) -> HttpResponse:
    """Interested, saved or not for us."""
    opportunity, form = _answerable(request, reference), AnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("We could not read this answer. Choose one of the three."))
        return _back(request, opportunity)
    said = form.cleaned_data
    actions.answer(
        opportunity=opportunity,
        organisation=request.user.own_membership.organisation,
        kind=said["answer"],
        by=request.user,
        reason=said["reason"],
        sentence=said["sentence"],
        rank_shown=reading.rank_of(opportunity, request.user.own_membership.organisation),
    )
    if request.htmx:
        return _card(request, opportunity)
    if said["sentence"]:
        messages.success(request, _("Your sentence is with the cluster team."))
    return _back(request, opportunity)


@require_POST
@for_members
def take_back(request: HttpRequest, reference: str) -> HttpResponse:
    """Undoes the last word."""
    opportunity = _answerable(request, reference)
    organisation = request.user.own_membership.organisation
    said = reading.last_word(opportunity, organisation)
    if said is not None:
        actions.take_back(opportunity=opportunity, organisation=organisation, kind=said.kind, by=request.user)
    return _card(request, opportunity) if request.htmx else _back(request, opportunity)


@require_safe
@for_members
def answered(request: HttpRequest) -> HttpResponse:
    """What this member has answered, in three lists."""
    organisation = request.user.own_membership.organisation
    wanted = request.GET.get("kind", Feedback.Kind.INTERESTED)
    kinds = [Feedback.Kind.INTERESTED, Feedback.Kind.SAVED, Feedback.Kind.NOT_FOR_US]
    kind = wanted if wanted in kinds else Feedback.Kind.INTERESTED
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
