"""Stand-in until the participants' own pages are merged."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from matchmaking.models import Participant
from matchmaking.views.access import by_link


@require_safe
@by_link
def own(request: HttpRequest, participant: Participant) -> HttpResponse:
    """Stand-in."""
    return redirect("home")
