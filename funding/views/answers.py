"""The step "Project": words that save themselves, from several tabs and several people at once."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.actions import Refused
from core.numbers import whole_number
from core.pages import paginate
from funding import checklist
from funding.actions import answers as actions
from funding.forms.answers import field_named, name_of, typed_in
from funding.models import Application, Partner, Question, Revision
from funding.reading import applications as reading
from funding.reading.fields import about, clock, fields, history
from funding.views.access import led_application

OWN = ("title", "summary", "months")


def addresses(application: Application, partner: Partner | None) -> dict[str, object]:
    """Where the fields of the lead's pages post to, and where their history is."""
    args = [application.reference] if partner is None else [application.reference, partner.pk]
    of = "field" if partner is None else "partner_field"
    return {
        "save_url": lambda name: reverse(f"funding:save_{of}", args=[*args, name]),
        "history_url": lambda name: reverse(f"funding:history_{of}", args=[*args, name]),
    }


def questions_of(application: Application) -> list[Question]:
    """What the consortium is asked."""
    return list(application.call.questions.filter(asked_of=Question.AskedOf.CONSORTIUM))


@require_http_methods(["GET", "HEAD", "POST"])
def project(request: HttpRequest, reference: str) -> HttpResponse:
    """All of the consortium's questions on one page. Without scripts the button saves all of them."""
    application = led_application(request, reference)
    questions = questions_of(application)
    typed: dict[str, object] = {}
    if request.method == "POST":
        keys = [*OWN, *(f"question:{each.pk}" for each in questions)]
        typed, refused = save_all(request, application, keys, questions)
        if not refused:
            messages.success(request, _("Saved."))
            return redirect(f"{request.path}#{request.POST.get('at', '')}".rstrip("#"))
        messages.error(request, refused)
        application.refresh_from_db()
    context = reading.page_context(application, request.user, checklist.PROJECT)
    context["fields"] = fields(application, None, OWN, questions, typed=typed, **addresses(application, None))
    return TemplateResponse(request, "funding/application_project.html", context)


def save_all(
    request: HttpRequest, application: Application, keys: Iterable[str], questions: Iterable[Question],
    partner: Partner | None = None,
) -> tuple[dict[str, object], str]:  # fmt: skip
    """Saves what the page sent and settles what was chosen; returns what was typed and why it was not saved."""
    several = {f"question:{each.pk}" for each in questions if each.kind == Question.Kind.CHOICES}
    typed = {
        key: typed_in(request.POST, name_of(key), several=key in several) for key in keys if _was_sent(request, key)
    }
    page = request.POST.get("page", "")[:36]
    try:
        for key, value in typed.items():
            based_on = whole_number(request.POST.get(f"rev-{name_of(key)}", ""))
            said = {"value": value, "based_on": based_on, "page": page}
            actions.save(application=application, field=key, partner=partner, by=request.user, **said)
        _choose(request, application, partner)
    except Refused as refusal:
        return typed, str(refusal)
    return typed, ""


def _was_sent(request: HttpRequest, key: str) -> bool:
    """The hidden number goes with each field, also with boxes of which none is ticked."""
    return f"rev-{name_of(key)}" in request.POST


def _choose(request: HttpRequest, application: Application, partner: Partner | None) -> None:
    wanted = request.POST.get("take") or request.POST.get("keep")
    asides = application.revisions.to_choose().filter(partner=partner)
    aside = asides.filter(pk=whole_number(wanted or "")).first()
    if aside:
        actions.choose(application=application, aside=aside, take="take" in request.POST, by=request.user)


def answer(request: HttpRequest, saved: actions.Saved, field: str, question: Question | None) -> JsonResponse:
    """What the script needs to know after a save."""
    head = saved.head
    found = {
        "state": "aside" if saved.aside else "saved",
        "revision": head.pk if head else 0,
        "at": clock(head.at) if head else "",
        "value": head.value if head else "",
        **about(question, head.value if head else ""),
    }
    if saved.aside:
        context = {"key": name_of(field), "head": head, "asides": [saved.aside]}
        found["asides"] = render_to_string("funding/_asides.html", context, request)
    return JsonResponse(found)


def refused(refusal: Refused) -> JsonResponse:
    """Nothing was saved, and trying again does not help; the words stay in the page."""
    return JsonResponse({"state": "refused", "message": str(refusal)}, status=409)


def sent(request: HttpRequest, question: Question | None) -> dict[str, object]:
    """What one field has sent."""
    several = bool(question and question.kind == Question.Kind.CHOICES)
    if "value" not in request.POST and not several:
        raise Refused(_("Nothing was sent. Nothing was changed."))
    return {
        "value": typed_in(request.POST, "value", several=several),
        "based_on": whole_number(request.POST.get("revision", "")),
        "page": request.POST.get("page", "")[:36],
    }


@require_POST
def save_field(request: HttpRequest, reference: str, field: str, pk: int | None = None) -> HttpResponse:
    """One field, for the script."""
    application = led_application(request, reference)
    partner = get_object_or_404(application.partners, pk=pk) if pk is not None else None
    key = field_named(field)
    try:
        question = actions.question_of(application, partner, key)
        said = sent(request, question)
        saved = actions.save(application=application, field=key, partner=partner, by=request.user, **said)
    except Refused as refusal:
        return refused(refusal)
    return answer(request, saved, key, question)


@require_http_methods(["GET", "HEAD", "POST"])
def field_history(request: HttpRequest, reference: str, field: str, pk: int | None = None) -> HttpResponse:
    """Every state of one field, and the way back to any of them."""
    application = led_application(request, reference)
    partner = get_object_or_404(application.partners, pk=pk) if pk is not None else None
    key = field_named(field)
    try:
        question = actions.question_of(application, partner, key)
        if partner is not None:
            actions.insist_on_own(partner, key)
    except Refused:
        raise Http404 from None
    states = history(application, partner, key)
    if request.method == "POST":
        return _restore(request, application, get_object_or_404(states, pk=whole_number(request.POST.get("state", ""))))
    page = paginate(request, states)
    head = states.taken_over().first()
    context = reading.page_context(application, request.user, checklist.PROJECT)
    context |= {"page": page, "question": question, "key": key, "partner": partner, "head": head}
    return TemplateResponse(request, "funding/application_history.html", context)


def _restore(request: HttpRequest, application: Application, state: Revision) -> HttpResponse:
    seen = whole_number(request.POST.get("seen", ""))
    try:
        actions.restore(application=application, revision=state, seen=seen, by=request.user)
        messages.success(request, _("Restored. What stood there before is in the history."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(request.path)
