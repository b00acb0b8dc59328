"""One's own settings: the name, ways to sign in, and which mails come."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core.speaking import in_language_of_mail
from members import consents
from members.actions import consents as consents_actions
from members.actions import people
from members.forms.people import ConsentForm, NameForm
from members.models import Consent
from members.reading import settings as reading


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """The name is written here; the rest leads on."""
    form = NameForm(request.POST or None, initial={"name": request.user.name})
    if request.method == "POST" and form.is_valid():
        people.rename(user=request.user, name=form.cleaned_data["name"], by=request.user)
        messages.success(request, _("Saved."))
        return redirect("members:settings")
    agreed = consents.given(request.user.email, consents.SURVEYS)
    context = {"form": form, "agreed": agreed, "consent_form": ConsentForm(initial={"surveys": bool(agreed)})}
    return TemplateResponse(request, "members/settings.html", context | reading.own_settings(request.user))


@require_POST
def start_mail(request: HttpRequest, kind: str) -> HttpResponse:
    """Mails of a kind come again."""
    if people.start_mail_again(user=request.user, kind=kind):
        messages.success(request, _("You get these mails again."))
    return redirect("members:settings")


@require_POST
def stop_digest(request: HttpRequest) -> HttpResponse:
    """No weekly digest any more."""
    people.stop_mail(user=request.user, kind=reading.DIGEST)
    messages.success(request, _("You get no weekly digest any more."))
    return redirect("members:settings")


@require_POST
def consent(request: HttpRequest) -> HttpResponse:
    """Agrees to be asked in surveys, or takes that back: one box for both."""
    form = ConsentForm(request.POST)
    agrees = form.is_valid() and form.cleaned_data["surveys"]
    act = consents_actions.give_consent if agrees else consents_actions.withdraw_consent
    said = {"address": request.user.email, "purpose": consents.SURVEYS, "how": Consent.How.SETTINGS}
    if act(**said, by=request.user):
        words = _("Noted. You are asked in surveys.") if agrees else _("Noted. You are asked in no more surveys.")
        messages.success(request, words)
    return redirect("members:settings")


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@in_language_of_mail
def withdraw_consent(request: HttpRequest, token: str) -> HttpResponse:
    """One tap from a mail takes a consent back. Opening the page changes nothing: mail scanners open every link."""
    try:
        address, purpose = consents.read_token(token)
    except signing.BadSignature:
        return TemplateResponse(request, "members/consent_unknown.html", status=404)
    if request.method == "POST":
        consents_actions.withdraw_consent(address=address, purpose=purpose, how=Consent.How.LINK, by=None)
    context = {"address": address, "consent": consents.given(address, purpose), "done": request.method == "POST"}
    return TemplateResponse(request, "members/withdraw_consent.html", context)
