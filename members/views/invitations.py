"""Inviting people, and taking an invitation up."""

import re
from datetime import timedelta

from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.actions import Refused
from core.limits import limited
from core.pages import paginate
from members import cards
from members.actions import invitations, organisations
from members.forms.invitations import AcceptForm, InviteAnywhereForm, InviteForm
from members.models import Invitation, Membership, Organisation, User
from members.permissions import can_edit_organisation, can_invite_to, insist
from members.reading import joining
from members.views.access import back, for_managers, visible_organisation

KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")


@require_safe
@for_managers
def invitation_list(request: HttpRequest) -> HttpResponse:
    """Every invitation that waits for its person."""
    found = Invitation.objects.visible_to(request.user).unanswered().for_list()
    page = paginate(request, found)
    context = {
        "page": page,
        "invitations": joining.with_state(page),
        "tabs": cards.tabs(request, waiting=joining.waiting_requests(request.user)),
    }
    return TemplateResponse(request, "members/invitations.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def invite_anywhere(request: HttpRequest) -> HttpResponse:
    """A manager invites to any organisation, or to a new one."""
    form = InviteAnywhereForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid() and (invitation := _invite(request, form)):
        return redirect(invitation.organisation)
    return TemplateResponse(request, "members/invite_anywhere.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    """An owner invites colleagues, a manager anybody, to this organisation."""
    organisation = visible_organisation(request.user, slug)
    insist(can_invite_to(request.user, organisation))
    form = InviteForm(request.POST or None, organisation=organisation)
    if request.method == "POST" and form.is_valid() and _invite(request, form, organisation):
        return redirect(organisation)
    return TemplateResponse(request, "members/invite.html", {"form": form, "organisation": organisation})


def _invite(
    request: HttpRequest, form: InviteForm | InviteAnywhereForm, organisation: Organisation | None = None
) -> Invitation | None:
    asked = {name: form.cleaned_data[name] for name in ("email", "name", "role")}
    try:
        organisation = organisation or form.cleaned_data["organisation"]
        organisation = organisation or organisations.add_organisation(**form.new_organisation(), by=request.user)
        invitation = invitations.invite(**asked, organisation=organisation, by=request.user)
    except Refused as refusal:
        form.add_error("email", str(refusal))
        return None
    messages.success(request, _("%(email)s gets a mail with a link.") % {"email": invitation.email})
    return invitation


@require_POST
def resend(request: HttpRequest, pk: int) -> HttpResponse:
    """Sends the link again, good for another 14 days."""
    invitation = get_object_or_404(Invitation.objects.visible_to(request.user).select_related("organisation"), pk=pk)
    try:
        invitations.resend_invitation(invitation=invitation, by=request.user)
        messages.success(request, _("%(email)s gets the link again.") % {"email": invitation.email})
    except Refused as refusal:
        messages.warning(request, str(refusal))
    return back(request, otherwise=invitation.organisation)


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The link opens nothing any more."""
    invitation = get_object_or_404(Invitation.objects.visible_to(request.user).select_related("organisation"), pk=pk)
    try:
        invitations.withdraw_invitation(invitation=invitation, by=request.user)
        messages.success(request, _("The invitation of %(email)s is withdrawn.") % {"email": invitation.email})
    except Refused as refusal:
        messages.warning(request, str(refusal))
    return back(request, otherwise=invitation.organisation)


def _by_key(key: str) -> Invitation | None:
    if not KEY.fullmatch(key):
        return None
    return Invitation.objects.select_related("organisation__profile", "invited_by").filter(key=key).first()


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest) -> HttpResponse:
    """Who invites to what, and a button. Opening the link changes nothing: mail programs open links by themselves."""
    invitation = _by_key((request.POST if request.method == "POST" else request.GET).get("key", ""))
    if invitation is None or invitation.withdrawn_at:
        return TemplateResponse(request, "members/link_unknown.html", {"withdrawn": invitation}, status=404)
    if not invitation.is_open:
        return _over(request, invitation)
    known = User.objects.filter(email=invitation.email).first()
    if known and Membership.objects.filter(user=known, organisation=invitation.organisation).exists():
        return TemplateResponse(request, "members/link_belongs.html", {"invitation": invitation})
    form = AcceptForm(request.POST or None, initial={"name": invitation.name})
    if request.method == "POST" and form.is_valid():
        return _take_up(request, invitation, form)
    context = {"invitation": invitation, "form": form, "is_known": bool(known)}
    return TemplateResponse(request, "members/accept.html", context)


def _over(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    template = "members/link_used.html" if invitation.accepted_at else "members/link_ended.html"
    return TemplateResponse(request, template, {"invitation": invitation}, status=410)


def _take_up(request: HttpRequest, invitation: Invitation, form: AcceptForm) -> HttpResponse:
    user, is_new = invitations.accept_invitation(invitation=invitation, **form.cleaned_data)
    onward = _onward(user, invitation.organisation)
    if is_new:
        # The link has proved the address. It opens only the account that it makes: who has one signs in the usual
        # way, with the second factor if there is one.
        return perform_login(request, user, redirect_url=onward)
    messages.success(request, _("You now belong to %(organisation)s.") % {"organisation": invitation.organisation})
    return redirect(onward)


def _onward(user: User, organisation: Organisation) -> str:
    """To the questions that are open, for those who may answer them."""
    may_answer = organisation.is_member and can_edit_organisation(user, organisation)
    if may_answer and organisation.profile.next_step:
        return reverse("members:edit_profile", args=[organisation.slug])
    return reverse("home")


@login_not_required
@require_POST
@limited("ask-again", times=10, within=timedelta(hours=1))
def ask_again(request: HttpRequest) -> HttpResponse:
    """The invited address gets the link again. The answer is the same whatever the key."""
    invitation = _by_key(request.POST.get("key", ""))
    if invitation is None:
        return TemplateResponse(request, "members/link_unknown.html", {"withdrawn": None}, status=404)
    try:
        invitations.ask_for_new_link(invitation=invitation)
    except Refused:
        return _over(request, invitation)
    return TemplateResponse(request, "members/link_sent.html", {"invitation": invitation})
