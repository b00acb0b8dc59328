"""The team's pages of who reviews for a call."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.actions import Refused
from funding.actions import assignments
from funding.actions import reviewers as actions
from funding.forms.reviews import BringForm, InviteReviewerForm, ReviewerForm
from funding.models import FundingCall, Reviewer
from funding.reading import assignments as reading
from funding.tabs import call_tabs
from funding.views.access import for_managers, visible_call


def _page(request: HttpRequest, call: FundingCall, template: str, **context: object) -> HttpResponse:
    return TemplateResponse(request, template, {"call": call, "tabs": call_tabs(request, call), **context})


@require_safe
@for_managers
def reviewers(request: HttpRequest, slug: str) -> HttpResponse:
    """Who reviews, how far each is, and how each leans."""
    call = visible_call(request, slug)
    context = {"rows": reading.reviewers(call), "sums": reading.sums(call), "is_review": call.phase == "review"}
    return _page(request, call, "funding/reviewers.html", **context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def bring(request: HttpRequest, slug: str) -> HttpResponse:
    """Brings somebody in who has the role already."""
    call = visible_call(request, slug)
    form = BringForm(request.POST or None, call=call)
    if request.method == "POST" and form.is_valid():
        try:
            reviewer = actions.bring(call=call, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error("user", str(refusal))
        else:
            messages.success(request, _("%(name)s reviews for this call now.") % {"name": reviewer.user})
            return redirect("funding:reviewers", call.slug)
    return _page(request, call, "funding/reviewer_form.html", form=form, reviewer=None)


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    """Invites somebody who has no account yet, with the role of a reviewer."""
    call = visible_call(request, slug)
    form = InviteReviewerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            invitation = actions.invite_reviewer(by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error("email", str(refusal))
        else:
            told = _("%(email)s gets a mail with a link. Once it is accepted, bring the person in here.")
            messages.success(request, told % {"email": invitation.email})
            return redirect("funding:reviewers", call.slug)
    return _page(request, call, "funding/reviewer_invite.html", form=form)


def _reviewer(request: HttpRequest, slug: str, pk: int) -> Reviewer:
    found = Reviewer.objects.filter(call=visible_call(request, slug)).select_related("call", "user")
    return get_object_or_404(found, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def reviewer(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What one reviewer knows and takes on."""
    row = _reviewer(request, slug, pk)
    form = ReviewerForm(request.POST or None, instance=Reviewer.objects.get(pk=row.pk), call=row.call)
    if request.method == "POST" and form.is_valid():
        if actions.change(reviewer=row, by=request.user, **form.cleaned_data):
            messages.success(request, _("Saved."))
        return redirect("funding:reviewers", slug)
    return _page(request, row.call, "funding/reviewer_form.html", form=form, reviewer=row)


@require_POST
@for_managers
def take_out(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ends somebody's part in the reviews."""
    row = _reviewer(request, slug, pk)
    back = actions.take_out(reviewer=row, by=request.user)
    told = ngettext(
        "%(name)s is taken out. %(n)s review goes back to you.",
        "%(name)s is taken out. %(n)s reviews go back to you.",
        back,
    )
    messages.success(request, told % {"name": row.user, "n": back})
    return redirect("funding:reviewers", slug)


@require_POST
@for_managers
def remind(request: HttpRequest, slug: str) -> HttpResponse:
    """Reminds who has reviews to write, at most once a day."""
    try:
        sent = assignments.remind(call=visible_call(request, slug), by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        told = ngettext("%(n)s reviewer is reminded.", "%(n)s reviewers are reminded.", sent) % {"n": sent}
        messages.success(request, told if sent else _("Nobody to remind: each has had a mail today, or has no review."))
    return redirect("funding:reviewers", slug)
