"""A participant's first pages: where the link leads, the profile, and saying no."""

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.actions import Refused
from core.limits import limited
from core.numbers import whole_number
from matchmaking import links
from matchmaking.actions import sign_up as actions
from matchmaking.forms.requests import SentenceForm
from matchmaking.forms.sign_up import AvailabilityForm, SignUpForm
from matchmaking.models import Participant, Round
from matchmaking.views.access import by_link, own_context
from members import codes

PICKED_FOR = {"nace": "nace_codes", "languages": "languages"}
# Where the link of somebody who takes part leads, by the state of the round.
PAGE_OF = {
    Round.Status.PLANNED: "sign_up",
    Round.Status.OPEN: "ballot",
    Round.Status.PUBLISHED: "agenda",
    Round.Status.OVER: "feedback_overview",
}


@require_safe
@by_link
def own(request: HttpRequest, participant: Participant) -> HttpResponse:
    """The page that the state of the round and of the participant asks for."""
    round_ = participant.round
    may_sign_up = participant.status == Participant.Status.INVITED and round_.takes_sign_ups
    if participant.is_in and round_.status in PAGE_OF:
        only_requests = round_.status == Round.Status.OPEN and not round_.takes_ballots
        return _to("own_requests" if only_requests else PAGE_OF[round_.status], participant)
    if may_sign_up:
        return _to("sign_up", participant)
    return TemplateResponse(request, "matchmaking/own.html", own_context(request, participant))


def _to(name: str, participant: Participant) -> HttpResponse:
    return redirect(f"matchmaking:{name}", links.token_of(participant))


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
@limited("sign-up", times=1200, within=timedelta(hours=1), per="participant")
def sign_up(request: HttpRequest, participant: Participant) -> HttpResponse:
    """The profile, and the button that says yes."""
    return _edit(request, participant, SignUpForm)


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
@limited("sign-up", times=1200, within=timedelta(hours=1), per="participant")
def availability(request: HttpRequest, participant: Participant) -> HttpResponse:
    """When the participant can come, alone."""
    return _edit(request, participant, AvailabilityForm)


def _edit(request: HttpRequest, participant: Participant, of_page: type[SignUpForm]) -> HttpResponse:
    """What is valid is saved; the rest stays in the page with the reason beside it."""
    if request.method != "POST":
        return _page(request, participant, of_page(profile=participant), saved=False)
    form = _save(of_page(_ticked(request.POST, participant), profile=participant))
    if "take_part" in request.POST:
        form.insist_on_all()
    if form.errors or request.htmx or "find" in request.POST:
        return _page(request, participant, form, saved=True)
    if "take_part" in request.POST:
        return _take_part(request, participant)
    messages.success(request, _("Saved."))
    return redirect(request.path)


def _ticked(posted: QueryDict, participant: Participant) -> QueryDict:
    """With all or none of a session's slots, when one of its two buttons was pressed."""
    session = whole_number(posted.get("tick") or posted.get("untick") or "")
    if not session:
        return posted
    of_session = {str(pk) for pk in participant.round.slots.filter(session=session).values_list("pk", flat=True)}
    chosen, posted = set(posted.getlist("slots")), posted.copy()
    posted.setlist("slots", sorted(chosen | of_session if "tick" in posted else chosen - of_session))
    return posted


def _save(form: SignUpForm) -> SignUpForm:
    form.is_valid()
    answers = form.changed_answers()
    try:
        actions.save(participant=form.profile, **answers)
    except Refused as refusal:
        form.add_error("slots" if "slots" in answers else None, str(refusal))
    form.refresh()
    return form


def _take_part(request: HttpRequest, participant: Participant) -> HttpResponse:
    try:
        actions.confirm(participant=participant)
        messages.success(request, _("You take part. Your answers are saved, and you can still change them."))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return _to("sign_up", participant)
    return _to("own", participant)


def _page(request: HttpRequest, participant: Participant, form: SignUpForm, *, saved: bool) -> HttpResponse:
    context = own_context(request, participant) | {"form": form, "saved": saved}
    part = "#saved" if request.htmx and saved else ""
    return TemplateResponse(request, f"matchmaking/sign_up.html{part}", context)


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
@limited("decline", times=20, within=timedelta(hours=1), per="participant")
def decline(request: HttpRequest, participant: Participant) -> HttpResponse:
    """No, with a sentence or without."""
    form = SentenceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.decline(participant=participant, sentence=form.cleaned_data["sentence"])
        except Refused as refusal:
            messages.error(request, str(refusal))
        return _to("own", participant)
    context = own_context(request, participant) | {"form": form}
    return TemplateResponse(request, "matchmaking/decline.html", context)


@require_safe
@by_link
def search_codes(request: HttpRequest, participant: Participant, scheme: str) -> HttpResponse:
    """What a picker finds for the words typed into it."""
    if scheme not in PICKED_FOR:
        raise Http404
    name = PICKED_FOR[scheme]
    words = request.GET.get(f"{name}_q", "")
    found = codes.search(scheme, words, without=request.GET.getlist(name))
    context = {"name": name, "q": words, "results": found.options, "total": found.total}
    return TemplateResponse(request, "_components/code_results.html", context)
