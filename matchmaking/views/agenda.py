"""A participant's own timetable: as a page and as a calendar."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from matchmaking.models import Participant
from matchmaking.tabs import own_tabs
from matchmaking.views.access import by_link


@require_safe
@by_link
def agenda(request: HttpRequest, participant: Participant) -> HttpResponse:
    """Whom one meets, when and where."""
    context = {"participant": participant, "tabs": own_tabs(request, participant)}
    return TemplateResponse(request, "matchmaking/agenda.html", context)
