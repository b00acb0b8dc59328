"""How often one client may send a form, counted in the cache."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def client_address(request: HttpRequest) -> str:
    """The client's address: behind a declared proxy the one that the proxy saw, otherwise the connection's own."""
    forwarded = request.headers.get("X-Forwarded-For", "")
    if settings.BEHIND_PROXY and forwarded:
        return forwarded.rpartition(",")[2].strip()
    return request.META["REMOTE_ADDR"]


def limited(name: str, *, times: int, within: timedelta, per: str = "") -> Callable:
    """Lets one address post to a view so many times within a span that starts at its first post; then answers 429.

    `per` names an argument of the view that holds a row, and posts are counted for that row: people who share an
    address, as on the network of a venue, do not count together.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def counted(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            who = kwargs[per].pk if per else client_address(request)
            if request.method == "POST" and _count(f"limit:{name}:{who}", within) > times:
                return render(request, "429.html", status=429)
            return view(request, *args, **kwargs)

        return counted

    return decorate


def _count(key: str, within: timedelta) -> int:
    cache.add(key, 0, timeout=within.total_seconds())
    try:
        return cache.incr(key)
    except ValueError:  # it ended between the two
        return 1
