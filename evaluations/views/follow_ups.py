"""What came of an interest: one question by a link without an account, and a member's own page of all of them."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.actions import Refused
from core.speaking import answer_in
from evaluations import links
from evaluations.actions import outcomes as actions
from evaluations.models import FollowUp
from evaluations.models.outcomes import FOLLOWED
from evaluations.population import language_of
from evaluations.reading import own as reading
from matchmaking.forms.feedback import OutcomeForm
from opportunities.views.access import for_members


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_not_required
def follow_up(request: HttpRequest, token: str) -> HttpResponse:
    """Twenty seconds on a phone: how far it has come. Saying it anew changes it."""
    try:
        asked = links.follow_up_of(token)
    except links.DeadLink as dead:
        status = 404 if isinstance(dead, links.ForgedLink) else 410
        context = {"has_ended": isinstance(dead, links.EndedLink)}
        page = TemplateResponse(request, "evaluations/follow_up_dead.html", context, status=status)
        return answer_in(dead.language, lambda: page)
    act = partial(actions.tell, follow_up=asked)
    return answer_in(language_of(asked.organisation), partial(_form, request, asked, by_link=True, act=act))


@require_safe
@for_members
def own(request: HttpRequest) -> HttpResponse:
    """What the member told us came of things, and what we ask it now."""
    organisation = request.user.own_membership.organisation
    return TemplateResponse(request, "evaluations/own.html", reading.own(request.user, organisation))


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def own_outcome(request: HttpRequest, pk: int) -> HttpResponse:
    """The same question on the member's own page."""
    rows = FollowUp.objects.filter(organisation=request.user.own_membership.organisation)
    asked = get_object_or_404(rows.select_related(*FOLLOWED), pk=pk)
    return _form(request, asked, by_link=False, act=partial(actions.correct, follow_up=asked, by=request.user))


def _form(request: HttpRequest, asked: FollowUp, *, by_link: bool, act: Callable[..., bool]) -> HttpResponse:
    told = reading.told(asked)
    form = OutcomeForm(request.POST or None, initial=told and reading.as_form(told))
    if request.method == "POST" and form.is_valid():
        try:
            act(**form.cleaned_data)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Saved. Thank you."))
        return redirect(request.path if by_link else "evaluations:own")
    context = {"asked": asked, "form": form, "told": told, "by_link": by_link}
    return TemplateResponse(request, "evaluations/follow_up.html", context)
