"""Who sees everybody's data shows a second factor first, where the setting asks for it."""

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
OPEN_ADDRESSES = ("account_", "mfa_", "usersessions_", "socialaccount_", "openid_connect_", "mail_stop")
OPEN_NAMESPACES = {"health"}


class SecondFactorMiddleware:
    """Leads managers and evaluators without a passkey or an authenticator app to where they set one up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], *_arguments: object
    ) -> HttpResponse | None:
        """Before each page but those of signing in and out, and those that are the same for everybody."""
        if not settings.SECOND_FACTOR_FOR_MANAGERS or getattr(view, "same_for_everybody", False):
            return None
        if _is_open(request) or not _needs_one(request):
            return None
        if request.htmx:
            return HttpResponseClientRedirect(reverse("mfa_index"))
        messages.info(request, _("Your role needs a second step when you sign in. Set one up here, then go on."))
        return redirect("mfa_index")


def _is_open(request: HttpRequest) -> bool:
    match = request.resolver_match
    return (match.url_name or "").startswith(OPEN_ADDRESSES) or bool(OPEN_NAMESPACES & set(match.namespaces))


def _needs_one(request: HttpRequest) -> bool:
    user = request.user
    if not user.is_authenticated or not (user.is_manager or user.is_evaluator):
        return False
    return not Authenticator.objects.filter(user=user, type__in=SECOND_FACTORS).exists()
