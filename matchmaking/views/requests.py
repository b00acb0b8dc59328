"""Requests to meet: a participant's own, asking, answering; and what the cluster team sees of all."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.actions import Refused
from core.forms import refused_on
from core.limits import limited
from matchmaking import links
from matchmaking.actions import requests as actions
from matchmaking.forms.requests import RequestForm, SentenceForm, SlotForm
from matchmaking.free_slots import free_for_both
from matchmaking.models import MeetingRequest, Participant
from matchmaking.reading import requests as reading
from matchmaking.reading.ballot import Ballot
from matchmaking.reading.others import others_of
from matchmaking.tabs import round_tabs
from matchmaking.views.access import by_link, for_managers, own_context, visible_round


def _list(participant: Participant) -> HttpResponse:
    return redirect("matchmaking:own_requests", links.token_of(participant))


@require_safe
@by_link
def own_requests(request: HttpRequest, participant: Participant) -> HttpResponse:
    """What waits for this participant's answer first, then what it has asked itself."""
    if not participant.is_in or not participant.round.takes_requests:
        return redirect("matchmaking:own", links.token_of(participant))
    return _own(request, participant)


def _own(
    request: HttpRequest, participant: Participant, wrong: SentenceForm | None = None, pk: int = 0
) -> HttpResponse:
    context = own_context(request, participant) | reading.own_requests(participant) | {"wrong": wrong, "wrong_pk": pk}
    return TemplateResponse(request, "matchmaking/own_requests.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
@limited("request", times=120, within=timedelta(hours=1), per="participant")
def request_meeting(request: HttpRequest, participant: Participant, other: int) -> HttpResponse:
    """Asks one company to meet, with a sentence and a time."""
    asked = get_object_or_404(others_of(participant).select_related("cluster"), pk=other)
    slots = free_for_both(participant, asked)
    form = RequestForm(request.POST if request.method == "POST" else None, slots=slots, reader=participant)
    if request.method == "POST" and form.is_valid():
        said = {"slot": form.chosen(), "sentence": form.cleaned_data["sentence"]}
        with refused_on(form):
            actions.ask(participant=participant, other=asked, **said)
            messages.success(request, _("Your request is sent. We write to you as soon as they answer."))
            return _list(participant)
    return _about(request, participant, asked, "request", form=form, has_slots=bool(slots))


def _about(
    request: HttpRequest, participant: Participant, other: Participant, page: str, **more: object
) -> HttpResponse:
    (card,) = Ballot(participant).cards([other.pk])
    context = own_context(request, participant) | {"card": card} | more
    return TemplateResponse(request, f"matchmaking/{page}.html", context)


def _own_request(participant: Participant, pk: int) -> MeetingRequest:
    rows = MeetingRequest.objects.of(participant).select_related("sender", "receiver", "slot")
    return get_object_or_404(rows, pk=pk)


@require_POST
@by_link
@limited("answer-request", times=300, within=timedelta(hours=1), per="participant")
def answer_request(request: HttpRequest, participant: Participant, pk: int) -> HttpResponse:
    """Accepts, declines or takes back."""
    found, form = _own_request(participant, pk), SentenceForm(request.POST)
    if not form.is_valid():
        return _own(request, participant, form, pk)
    sentence, wanted = form.cleaned_data["sentence"], request.POST.get("answer", "")
    answers = {
        "accept": (True, _("You meet. It stands in your agenda.")),
        "decline": (False, _("You have declined. They hear of it.")),
    }
    try:
        if wanted == "take_back":
            actions.take_back(request=found, participant=participant)
            messages.success(request, _("Your request is taken back. The time is free again."))
        elif wanted in answers:
            accepted, said = answers[wanted]
            actions.answer(request=found, participant=participant, accepted=accepted, sentence=sentence)
            messages.success(request, said)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    return _list(participant)


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
@limited("answer-request", times=300, within=timedelta(hours=1), per="participant")
def other_time(request: HttpRequest, participant: Participant, pk: int) -> HttpResponse:
    """Proposes another time instead of an answer."""
    found = _own_request(participant, pk)
    other = found.receiver if found.sender_id == participant.pk else found.sender
    slots = [slot for slot in free_for_both(participant, other) if slot.pk != found.slot_id]
    form = SlotForm(request.POST if request.method == "POST" else None, slots=slots, reader=participant)
    if request.method == "POST" and form.is_valid():
        said = {"slot": form.chosen(), "sentence": form.cleaned_data["sentence"]}
        with refused_on(form):
            actions.propose_other_slot(request=found, participant=participant, **said)
            messages.success(request, _("Your time is proposed. Now they answer."))
            return _list(participant)
    more = {"form": form, "has_slots": bool(slots), "request_row": found}
    return _about(request, participant, other, "other_time", **more)


@require_safe
@for_managers
def overview(request: HttpRequest, slug: str) -> HttpResponse:
    """Who gets many requests, and who never answers."""
    round_ = visible_round(request.user, slug)
    context = reading.overview(round_) | {"round": round_, "tabs": round_tabs(request, round_)}
    return TemplateResponse(request, "matchmaking/requests.html", context)
