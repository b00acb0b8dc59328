"""Error pages in the portal's own words."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that came without its token: usually a page that was open for days, or cookies that are switched off."""
    return render(request, "403_csrf.html", status=403)
