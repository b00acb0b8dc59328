"""How every public page is answered: the same for everybody, without a session, a cookie or a look at who asks."""

from collections.abc import Callable
from functools import wraps

from csp.decorators import csp_replace
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from core.conditional import for_everybody

FRESH = 300  # seconds for which a page may be shown again without asking


def public(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page for everybody, which browsers and proxies keep for some minutes."""

    @login_not_required
    @require_safe
    @wraps(view)
    def answered(request: HttpRequest, *args: object, fresh: int = FRESH, **kwargs: object) -> HttpResponse:
        return for_everybody(request, view(request, *args, **kwargs), fresh=fresh)

    answered.same_for_everybody = True  # nobody is asked for a second factor here: see members.middleware
    return answered


def page(template: str, context: dict[str, object]) -> HttpResponse:
    """The template without the request: nothing in it can ask who reads, or give a form a token."""
    return HttpResponse(render_to_string(template, context))


def with_policy(request: HttpRequest, response: HttpResponse, **directives: list[str]) -> HttpResponse:
    """The answer with these directives of the content policy in the place of the portal's; `_` stands for a hyphen."""
    policy = {name.replace("_", "-"): sources for name, sources in directives.items()}
    return csp_replace(policy)(lambda _request: response)(request)
