"""One card of a shortlist: its words, the company's answer, the partner's interest, the introduction."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.actions import Refused
from core.forms import refused_on
from core.pages import paginate
from ecosystem.actions import cards as actions
from ecosystem.actions import shortlists
from ecosystem.forms.shortlists import AnswerForm, CardForm, OutcomeForm
from ecosystem.models import ShortlistCard
from ecosystem.reading import cards as reading
from ecosystem.views.access import (
    by_link,
    for_managers,
    for_members_and_partners,
    own_card,
    run_card,
    seen_card,
)
from members.models import User
from members.permissions import can_answer_for

DONE = {
    "agree": gettext_lazy("Your answer is in. They learn your name only when you are introduced."),
    "decline": gettext_lazy("Your answer is in. They do not see you."),
    "withdraw": gettext_lazy("It is taken back. They see nothing more of you."),
}


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def write(request: HttpRequest, key: UUID) -> HttpResponse:
    """The words and the place that the partner will see."""
    card = run_card(request, key)
    form = CardForm(request.POST or None, instance=run_card(request, key), region=reading.region_offered(card))
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            shortlists.write_card(card=card, by=request.user, **{"with_region": False} | form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect(card.shortlist)
    context = {"card": card, "form": form, "alike": shortlists.alike(card.organisation)}
    return TemplateResponse(request, "ecosystem/card_form.html", context)


@require_POST
@for_managers
def take_off(request: HttpRequest, key: UUID) -> HttpResponse:
    """Off the list, if it was not asked yet."""
    return _done(request, run_card(request, key), shortlists.take_off, _("It is off the list."))


@require_POST
@for_managers
def introduce(request: HttpRequest, key: UUID) -> HttpResponse:
    """Both sides want it: they learn of each other."""
    return _done(request, run_card(request, key), actions.introduce, _("They are introduced. Both sides get a mail."))


def _done(request: HttpRequest, card: ShortlistCard, act: object, told: str, **more: object) -> HttpResponse:
    try:
        act(card=card, by=request.user, **more)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, told)
    return redirect(card.shortlist)


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def outcome(request: HttpRequest, key: UUID) -> HttpResponse:
    """What came of an introduction."""
    card = run_card(request, key)
    form = OutcomeForm(request.POST or None, instance=run_card(request, key))
    if request.method == "POST" and form.is_valid():
        said = {"outcome": form.cleaned_data["outcome"], "note": form.cleaned_data["outcome_note"]}
        with refused_on(form):
            actions.note_outcome(card=card, by=request.user, **said)
            messages.success(request, _("Saved."))
            return redirect(card.shortlist)
    return TemplateResponse(request, "ecosystem/outcome.html", {"card": card, "form": form})


@require_POST
def interest(request: HttpRequest, key: UUID) -> HttpResponse:
    """The partner would like to meet the company, or not."""
    wants = request.POST.get("answer") == "interested"
    told = _("The cluster team hears of it, and introduces you.") if wants else _("Noted.")
    return _done(request, seen_card(request, key), actions.say_interest, told, interested=wants)


@require_safe
@for_members_and_partners
def card_list(request: HttpRequest) -> HttpResponse:
    """To whom the own organisation may be introduced, and to whom it was."""
    page = paginate(request, reading.about(request.user))
    rows = [{"card": each, **reading.standing(each)} for each in page]
    return TemplateResponse(request, "ecosystem/cards.html", {"page": page, "rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@for_members_and_partners
def card(request: HttpRequest, key: UUID) -> HttpResponse:
    """What a partner would see of the own organisation, before and after, and the answer to it."""
    found = own_card(request, key)
    return _answered(request, found, request.user, actions.How.PORTAL)


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def answer(request: HttpRequest, card: ShortlistCard, person: User) -> HttpResponse:
    """The same by the link of a mail, without signing in."""
    return _answered(request, card, person, actions.How.LINK)


def _answered(request: HttpRequest, card: ShortlistCard, person: User, how: str) -> HttpResponse:
    form = AnswerForm(request.POST or None, initial={"reveal": card.fields})
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            _say(card, person, how, form.cleaned_data)
            messages.success(request, DONE[form.cleaned_data["answer"]])
            return redirect(request.path)
    may_answer = can_answer_for(person, card.organisation)
    context = reading.for_company(card, person) | {
        "form": form,
        "may_answer": may_answer,
        "by_link": how == actions.How.LINK,
    }
    return TemplateResponse(request, "ecosystem/card.html", context)


def _say(card: ShortlistCard, person: User, how: str, said: dict[str, object]) -> None:
    if said["answer"] == "agree":
        actions.agree(card=card, fields=said["reveal"], by=person, how=how)
    elif said["answer"] == "decline":
        actions.decline(card=card, by=person, how=how)
    else:
        actions.withdraw(card=card, by=person, how=how)
