"""The home page: each role's own starting point."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from opportunities.models import Opportunity


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Members to their feed, managers to the inbox, visitors to what the portal is for."""
    user = request.user
    if not user.is_authenticated:
        return render(request, "home.html")
    if user.is_manager:
        return redirect("opportunities:inbox")
    if user.own_membership:
        return redirect("opportunities:feed")
    kinds = Opportunity.objects.published().open().by_kind() if user.is_evaluator else []
    return render(request, "start.html", {"kinds": kinds})
