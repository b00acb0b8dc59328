"""A participant cannot come to a meeting, leaves the round, or has lost the newest link."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core.actions import Refused
from core.limits import limited
from core.numbers import whole_number
from matchmaking import emails, links
from matchmaking.actions import leaving as actions
from matchmaking.forms.requests import SentenceForm
from matchmaking.models import Meeting, Participant
from matchmaking.views.access import by_link, own_context


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
@limited("leave", times=60, within=timedelta(hours=1), per="participant")
def leave(request: HttpRequest, participant: Participant) -> HttpResponse:
    """The meetings to come, and two questions before anything happens: not this one, or not at all."""
    if not participant.is_in or participant.round.is_past:
        return redirect("matchmaking:own", links.token_of(participant))
    form = SentenceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _leave(request, participant, form.cleaned_data["sentence"])
    meetings = Meeting.objects.of(participant).to_come().for_grid()
    context = own_context(request, participant) | {
        "form": form,
        "asked": request.POST.get("meeting", ""),
        "meetings": [_row(each, participant) for each in meetings],
    }
    return TemplateResponse(request, "matchmaking/leave.html", context)


def _row(meeting: Meeting, participant: Participant) -> dict[str, object]:
    other = meeting.b if meeting.a_id == participant.pk else meeting.a
    return {"meeting": meeting, "other": other, "key": str(meeting.pk)}


def _leave(request: HttpRequest, participant: Participant, sentence: str) -> HttpResponse:
    wanted = request.POST.get("meeting", "")
    try:
        if wanted == "all":
            actions.withdraw(participant=participant, sentence=sentence)
            messages.success(request, _("You have withdrawn. Those who were to meet you hear of it."))
            return redirect("matchmaking:own", links.token_of(participant))
        meeting = get_object_or_404(Meeting.objects.of(participant), pk=whole_number(wanted))
        actions.cannot_come(participant=participant, meeting=meeting, sentence=sentence)
        messages.success(request, _("The meeting is cancelled. The other company hears of it."))
    except Refused as refusal:
        messages.warning(request, str(refusal))
    return redirect("matchmaking:leave", links.token_of(participant))


@never_cache
@login_not_required
@require_POST
@limited("new-link", times=10, within=timedelta(hours=1))
def ask_new_link(request: HttpRequest, token: str) -> HttpResponse:
    """Sends the newest link to the address on record. The answer is the same whatever the link."""
    try:
        emails.send_new_link(participant=links.participant_of(token))
    except links.ReplacedLink as replaced:
        emails.send_new_link(participant=replaced.participant)
    except links.DeadLink:
        pass
    return TemplateResponse(request, "matchmaking/link_sent.html", {})
