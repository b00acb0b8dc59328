"""A participant's own timetable: as a page and as a calendar."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from matchmaking import calendars, links
from matchmaking.models import Participant
from matchmaking.reading import agenda as reading
from matchmaking.views.access import by_link, own_context


@require_safe
@by_link
def agenda(request: HttpRequest, participant: Participant) -> HttpResponse:
    """Whom one meets, when and where."""
    address = links.url_of(participant, "agenda_ics")
    context = own_context(request, participant) | {
        **reading.agenda(participant),
        "calendar_url": address,
        "subscribe_url": "webcal:" + address.partition(":")[2],
    }
    return TemplateResponse(request, "matchmaking/agenda.html", context)


@require_safe
@by_link
def agenda_ics(request: HttpRequest, participant: Participant) -> HttpResponse:
    """The agenda for calendars, which fetch it again by themselves; `?save` downloads it once."""
    kind = "attachment" if "save" in request.GET else "inline"
    headers = {"Content-Disposition": f'{kind}; filename="{participant.round.slug}.ics"'}
    return HttpResponse(calendars.feed(participant), content_type="text/calendar; charset=utf-8", headers=headers)
