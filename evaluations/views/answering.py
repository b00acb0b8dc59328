"""The pages that an invitee's link opens, on a phone and without an account."""

import json
from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.actions import Refused
from core.limits import limited
from core.speaking import answer_in
from evaluations import links
from evaluations.actions import answering as actions
from evaluations.forms.posted import PageForm, progress
from evaluations.models import Invitee
from evaluations.reading.answering import page_context
from evaluations.views.access import by_link, link_dead

an_hour = timedelta(hours=1)


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
@limited("answer", times=1200, within=an_hour, per="invitee")
def answer(request: HttpRequest, invitee: Invitee) -> HttpResponse:
    """The questionnaire on one page: saved as one goes, handed in once, changed as long as the wave is open."""
    if request.method == "POST":
        return _save(request, invitee)
    if not invitee.wave.takes_answers:
        return link_dead(request, ended=invitee.wave)
    if invitee.has_answered and "change" not in request.GET:
        return redirect("evaluations:thanks", links.token_of(invitee))
    stored = actions.stored_answers(invitee)
    return _page(request, invitee, _form(invitee, answers=stored), stored=stored, seen=stored)


def _form(invitee: Invitee, data: object = None, *, answers: dict | None = None, complete: bool = True) -> PageForm:
    questionnaire = invitee.wave.questionnaire
    asked = {"questionnaire": questionnaire, "language": invitee.language, "complete": complete}
    return PageForm(data, answers=answers, **asked)


def _save(request: HttpRequest, invitee: Invitee) -> HttpResponse:
    hand_in = "hand_in" in request.POST
    form = _form(invitee, request.POST, complete=hand_in or invitee.has_answered)
    form.is_valid()
    try:
        saved = actions.save(invitee=invitee, posted=form.raw, seen=form.seen, hand_in=hand_in)
    except Refused as refusal:
        return _too_late(request, invitee, form, str(refusal))
    if saved.errors and not form.errors:
        form.add_error(None, _("Another open page has changed your answers. Load this page again and look at them."))
    if request.htmx:
        return _status(request, invitee, form, saved)
    if "language" in request.POST:
        actions.speak(invitee=invitee, language=request.POST["language"])
    elif form.errors:
        return _page(request, invitee, form, stored=saved.answers, seen=saved.seen)
    elif hand_in:
        return redirect("evaluations:thanks", links.token_of(invitee))
    else:
        messages.success(request, _("Saved. You can go on later with the same link."))
    return redirect(f"{request.path}?change=1")


def _status(request: HttpRequest, invitee: Invitee, form: PageForm, saved: actions.Saved) -> HttpResponse:
    """For htmx: what the page says of its state, and what it has shown from now on."""
    context = page_context(invitee) | {
        "form": form,
        "faults": [(field.label, field.errors[0]) for field in form if field.errors],
        "progress": progress(form, saved.answers),
        "seen": json.dumps(saved.seen),
        "saved": True,
        "is_handed_in": saved.is_handed_in,
    }
    return TemplateResponse(request, "evaluations/answer.html#state", context)


def _page(request: HttpRequest, invitee: Invitee, form: PageForm, *, stored: dict, seen: dict) -> HttpResponse:
    context = page_context(invitee) | {"form": form, "progress": progress(form, stored), "seen": json.dumps(seen)}
    return TemplateResponse(request, "evaluations/answer.html", context | {"is_handed_in": invitee.has_answered})


def _too_late(request: HttpRequest, invitee: Invitee, form: PageForm, why: str) -> HttpResponse:
    """The wave closed while the page was open: what was typed stands there still, and what to do with it."""
    context = page_context(invitee) | {"form": form, "why": why}
    if request.htmx:
        return TemplateResponse(request, "evaluations/too_late.html#state", context)
    return TemplateResponse(request, "evaluations/too_late.html", context, status=410)


@require_safe
@by_link
def thanks(request: HttpRequest, invitee: Invitee) -> HttpResponse:
    """What happens with the answers, and the way back to them."""
    if not invitee.has_answered and invitee.wave.takes_answers:
        return redirect("evaluations:answer", links.token_of(invitee))
    return TemplateResponse(request, "evaluations/thanks.html", page_context(invitee))


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
@limited("decline", times=20, within=an_hour, per="invitee")
def decline(request: HttpRequest, invitee: Invitee) -> HttpResponse:
    """No, this time. What was answered is deleted, and no reminder comes."""
    if not invitee.wave.takes_answers:
        return link_dead(request, ended=invitee.wave)
    if request.method == "POST":
        try:
            actions.decline(invitee=invitee)
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect(request.path)
    return TemplateResponse(request, "evaluations/decline.html", page_context(invitee))


@never_cache
@login_not_required
@require_POST
@limited("newest-survey-link", times=10, within=an_hour)
def ask_for_new_link(request: HttpRequest, token: str) -> HttpResponse:
    """Sends the newest link to the address on record. The answer is the same whatever the link."""
    language = ""
    try:
        actions.ask_for_new_link(invitee=links.invitee_of(token))
    except links.ReplacedLink as replaced:
        actions.ask_for_new_link(invitee=replaced.invitee)
        language = replaced.language
    except links.DeadLink:
        pass
    return answer_in(language, lambda: TemplateResponse(request, "evaluations/link_sent.html", {}))
