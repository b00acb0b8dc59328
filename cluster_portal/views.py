"""The home page: each role's own starting point."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ecosystem.models import Partnership
from evaluations.permissions import only_figures
from members.models import Organisation
from opportunities.models import Opportunity


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Members to the feed, managers to the inbox, partners to their page, evaluators to figures, reviewers to work."""
    user = request.user
    if not user.is_authenticated:
        return render(request, "home.html", {"figures": _figures()})
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


def _figures() -> list[dict[str, object]]:
    """What the cluster has for its members now: public, and of nobody in particular."""
    labels = dict(Opportunity.Kind.choices)
    open_now = Opportunity.objects.published().open().by_kind()
    return [
        {"label": _("Members"), "value": Organisation.objects.members().with_people().count()},
        *({"label": labels[row["kind"]], "value": row["n"]} for row in open_now),
    ]
