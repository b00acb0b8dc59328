"""Request ids and timings in the log, a permissions policy, the way back after signing in, a page for 405."""

import logging
import re
import time
import uuid
from collections.abc import Callable
from urllib.parse import urlsplit

from django.contrib.auth import middleware as auth_middleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.deprecation import MiddlewareMixin
from django.utils.http import url_has_allowed_host_and_scheme

from core.logs import request_id

logger = logging.getLogger("portal.request")
ACCEPTED_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
NOT_LOGGED = ("/static/", "/health/")
SECRETS = {"token", "key"}  # as the addresses of mails and of accounts name them


class RequestLogMiddleware:
    """Gives each request an id, logs one line for it and says the server's time in `Server-Timing`."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        token = request_id.set(given if ACCEPTED_ID.fullmatch(given) else uuid.uuid4().hex)
        started = time.perf_counter()
        try:
            response = self.get_response(request)
            took = (time.perf_counter() - started) * 1000
            response["X-Request-ID"] = request_id.get()
            response["Server-Timing"] = f"app;dur={took:.1f}"
            self._log(request, response, took)
        finally:
            request_id.reset(token)
        return response

    def _log(self, request: HttpRequest, response: HttpResponse, took: float) -> None:
        if request.path.startswith(NOT_LOGGED):
            return
        user = getattr(request, "_cached_user", None)  # who it is, if the page asked: the log asks no database
        path = _loggable(request.path)
        logger.info(
            "%s %s %s %.0f ms",
            request.method,
            path,
            response.status_code,
            took,
            extra={
                "method": request.method,
                "path": path,
                "status": response.status_code,
                "ms": round(took, 1),
                "user_id": user.pk if user is not None else None,
            },
        )


def _loggable(path: str) -> str:
    """The path without what opens something: the token of a link. The query, where searches hold names, is left out."""
    try:
        values = resolve(path).kwargs
    except Resolver404:
        return path
    for name in SECRETS & set(values):
        path = path.replace(str(values[name]), "...")
    return path


class PermissionsPolicyMiddleware(MiddlewareMixin):
    """The portal asks the browser for nothing but passkeys."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Adds the header."""
        response["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        return response


class NotAllowedMiddleware:
    """An address that only takes what a form sends, opened as a page: Django's own answer is empty."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and not response.content:
            page = render(request, "405.html", status=405)
            page["Allow"] = response["Allow"]
            response = page
        return response


class LoginRequiredMiddleware(auth_middleware.LoginRequiredMiddleware):
    """Django's own looks at who asks before it looks at the page: every public page would read a session, and would
    vary by cookies for whoever keeps it."""

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        args: tuple[object, ...],
        kwargs: dict[str, object],
    ) -> HttpResponse | None:
        """Asks who it is where that matters."""
        if not getattr(view, "login_required", True):
            return None
        return super().process_view(request, view, args, kwargs)


class SignInRedirectMiddleware:
    """A session that ended while a page was open: after signing in, that page comes back, and not the address to which
    its form was sent. htmx must load the sign-in page, not swap it into a part."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.get("Location", "") != redirect_to_login(request.get_full_path()).url:
            return response
        if request.htmx:
            back = request.htmx.current_url_abs_path or "/"
            return HttpResponse(status=204, headers={"HX-Redirect": redirect_to_login(back).url})
        return response if request.method in ("GET", "HEAD") else redirect_to_login(_page_before(request))


def _page_before(request: HttpRequest) -> str:
    """The page that the form stood on, as the browser tells it; the start page when it tells none of ours."""
    came_from = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(came_from, allowed_hosts={request.get_host()})
    return urlsplit(came_from)._replace(scheme="", netloc="").geturl() if is_ours else "/"
