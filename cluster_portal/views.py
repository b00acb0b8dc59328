"""The home page: each role's own starting point."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from brand.views import pages
from ecosystem.models import Partnership
from evaluations.permissions import only_figures


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Each role's first page: feed, inbox, partner's page, reviews or figures; visitors read who we are."""
    user = request.user
    if not user.is_authenticated:
        return pages.about(request, fresh=0)  # who signs in must not see it again from the browser's memory
    if user.is_manager:
        return redirect("opportunities:inbox")
    membership = user.own_membership
    if membership and membership.organisation.is_member:
        return redirect("opportunities:feed")
    if membership and Partnership.objects.visible_to(user).exists():
        return redirect("ecosystem:home")
    if user.is_reviewer and user.is_confined:
        return redirect("funding:reviews")
    if only_figures(user):
        return redirect("evaluations:home")
    return render(request, "start.html", {"organisation": membership and membership.organisation})
