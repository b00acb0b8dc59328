"""The pool: sharing an opportunity, what a partner has before it, its answers, and what it brings in."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.actions import Refused
from core.forms import refused_on
from core.pages import paginate
from ecosystem.actions import pool as actions
from ecosystem.forms.pool import BringInForm, PoolAnswerForm, ShareForm
from ecosystem.models import SharedOpportunity
from ecosystem.permissions import can_speak_for
from ecosystem.reading import pool as reading
from ecosystem.tabs import partner_tabs
from ecosystem.views.access import for_managers, visible_partner, visible_shared
from members.permissions import insist
from opportunities.models import Opportunity


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def share(request: HttpRequest, reference: str) -> HttpResponse:
    """Which partners get this opportunity, and why."""
    found = get_object_or_404(Opportunity.objects.visible_to(request.user), reference=reference)
    form = ShareForm(request.POST or None, opportunity=found)
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            n = actions.share(opportunity=found, by=request.user, **form.cleaned_data)
            told = ngettext("Shared with %(n)d partner.", "Shared with %(n)d partners.", n)
            messages.success(request, told % {"n": n})
            return redirect("ecosystem:share", reference)
    context = {"opportunity": found, "form": form, "shared": reading.partners_of(found)}
    return TemplateResponse(request, "ecosystem/share.html", context)


@require_safe
def pool(request: HttpRequest, slug: str) -> HttpResponse:
    """What is shared with a partner, and what it brought in."""
    found = visible_partner(request, slug)
    page = paginate(request, reading.pool_of(found, request.user))
    context = {
        "partnership": found,
        "page": page,
        "rows": [reading.row(each) for each in page],
        "may_speak": can_speak_for(request.user, found),
        "tabs": partner_tabs(request, found),
    }
    return TemplateResponse(request, "ecosystem/pool.html", context)


@require_safe
def shared(request: HttpRequest, key: UUID) -> HttpResponse:
    """One opportunity of the pool, with the partner's answer."""
    found = visible_shared(request, key)
    return _page(request, found, PoolAnswerForm(initial={"answer": found.answer, "sentence": found.sentence}))


def _page(request: HttpRequest, found: SharedOpportunity, form: PoolAnswerForm) -> HttpResponse:
    context = reading.page(found) | {"form": form, "may_speak": can_speak_for(request.user, found.partnership)}
    return TemplateResponse(request, "ecosystem/shared.html", context)


@require_POST
def answer_shared(request: HttpRequest, key: UUID) -> HttpResponse:
    """One of our companies is interested, or none."""
    found = visible_shared(request, key)
    form = PoolAnswerForm(request.POST)
    if form.is_valid():
        interested = form.cleaned_data["answer"] == SharedOpportunity.Answer.INTERESTED
        with refused_on(form, "sentence"):
            actions.answer(shared=found, interested=interested, sentence=form.cleaned_data["sentence"], by=request.user)
            messages.success(request, _("Your answer is in."))
            return redirect(found)
    return _page(request, found, form)


def _done(request: HttpRequest, found: SharedOpportunity, act: object, told: str) -> HttpResponse:
    try:
        act(shared=found, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, told)
    return redirect("ecosystem:pool", found.partnership.organisation.slug)


@require_POST
@for_managers
def hand_over(request: HttpRequest, key: UUID) -> HttpResponse:
    """The two are brought together."""
    return _done(request, visible_shared(request, key), actions.hand_over, _("Noted: the two are in contact."))


@require_POST
@for_managers
def stop(request: HttpRequest, key: UUID) -> HttpResponse:
    """Out of the pool."""
    return _done(request, visible_shared(request, key), actions.stop_sharing, _("It is out of the pool."))


@require_http_methods(["GET", "HEAD", "POST"])
def bring_in(request: HttpRequest, slug: str) -> HttpResponse:
    """A partner proposes an opportunity of one of its companies."""
    found = visible_partner(request, slug)
    insist(can_speak_for(request.user, found))
    form = BringInForm(request.POST or None, initial={"country": found.organisation.country})
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            brought = actions.bring_in(partnership=found, by=request.user, **form.says())
            messages.success(request, _("Thank you. The cluster team reads it, and publishes it for its members."))
            return redirect(brought)
    return TemplateResponse(request, "ecosystem/bring_in.html", {"form": form, "partnership": found})
