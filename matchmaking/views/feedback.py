"""What participants tell of their meetings by their own link: right after, and after 3 and 12 months."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.actions import Refused
from core.htmx import render_page
from matchmaking import cards, links
from matchmaking.actions import feedback as actions
from matchmaking.forms.feedback import FeedbackForm, OutcomeForm
from matchmaking.models import Outcome, Participant, Seat
from matchmaking.reading import feedback as reading
from matchmaking.tabs import own_tabs
from matchmaking.views.access import by_link


@require_safe
@by_link
def feedback_overview(request: HttpRequest, participant: Participant) -> HttpResponse:
    """All meetings of the participant, with what there is to tell."""
    context = {"participant": participant, "tabs": own_tabs(request, participant)}
    context |= reading.overview(participant) | {"token": links.token_of(participant)}
    return TemplateResponse(request, "matchmaking/feedback_overview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def feedback(request: HttpRequest, participant: Participant, seat: int) -> HttpResponse:
    """One meeting in twenty seconds. htmx saves each tap; the button does without scripts."""
    row = _seat(participant, seat)
    said = {name: getattr(row, name) or "" for name in ("held", "relevance", "next_step", "words")}
    form = FeedbackForm(request.POST or None, initial=said)
    if request.method == "POST" and form.is_valid():
        return _save(request, participant, lambda: actions.tell(seat=row, **form.cleaned_data))
    return render_page(request, "matchmaking/feedback.html", _context(request, row, form), part="feedback")


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def outcome(request: HttpRequest, participant: Participant, seat: int, months: int) -> HttpResponse:
    """How far the two have come, 3 or 12 months after they met."""
    row = _seat(participant, seat)
    if months not in Outcome.LATER:
        raise Http404
    told = row.outcomes.filter(months=months).values("stage", "amount", "attribution", "words").first()
    form = OutcomeForm(request.POST or None, initial=told)
    if request.method == "POST" and form.is_valid():
        return _save(request, participant, lambda: actions.tell_outcome(seat=row, months=months, **form.cleaned_data))
    context = _context(request, row, form) | {"months": months, "due_at": row.slot.due_at(months)}
    context["is_early"] = context["due_at"] > timezone.now()
    return render_page(request, "matchmaking/outcome.html", context, part="outcome")


def _seat(participant: Participant, pk: int) -> Seat:
    """A seat of this participant in the published timetable; 404 for anybody else's."""
    seat = get_object_or_404(Seat.objects.of_published(participant), pk=pk)
    seat.participant = participant
    return seat


def _context(request: HttpRequest, seat: Seat, form: FeedbackForm | OutcomeForm) -> dict[str, object]:
    participant = seat.participant
    return {
        "participant": participant,
        "token": links.token_of(participant),
        "tabs": own_tabs(request, participant),
        "seat": seat,
        "other": cards.card(reading.other_of(seat), by_name=True),
        "form": form,
    }


def _save(request: HttpRequest, participant: Participant, act) -> HttpResponse:
    """Nothing to swap for htmx; otherwise to the overview, where the next meeting waits."""
    overview = reverse("matchmaking:feedback_overview", args=[links.token_of(participant)])
    try:
        act()
    except Refused as refusal:
        messages.error(request, str(refusal))
        response = HttpResponse(status=204, headers={"HX-Redirect": overview})
        return response if request.htmx else redirect(overview)
    if request.htmx:
        return HttpResponse(status=204)
    messages.success(request, _("Saved. Thank you."))
    return redirect(overview)
