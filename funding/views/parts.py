"""One partner's own part: opened by its signed link, or by the lead's people for theirs."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.actions import Refused
from core.htmx import render_page
from core.limits import limited
from core.numbers import whole_number
from funding import links
from funding.actions import answers, attachments, budgets
from funding.actions import partners as actions
from funding.doors import Door
from funding.forms.answers import field_named, name_of, typed_in
from funding.forms.applications import ConfirmForm, DeclineForm
from funding.forms.budgets import BudgetForm
from funding.forms.figures import FiguresForm
from funding.models import Partner, Question
from funding.reading import parts as reading
from funding.reading.attachments import slots
from funding.reading.budgets import sums
from funding.reading.fields import fields
from funding.views.access import as_lead, by_link, if_taking_part, sees_application
from funding.views.answers import answer, refused, sent
from funding.views.attachments import add_file, as_download

AN_HOUR = timedelta(hours=1)


def _page(request: HttpRequest, door: Door, page: str, **more: object) -> HttpResponse:
    context = reading.part_context(door, page) | more
    return TemplateResponse(request, f"funding/partner_{page}.html", context)


@require_safe
@by_link
def partner(request: HttpRequest, door: Door) -> HttpResponse:
    """What the organisation is asked for, and where it says yes or no."""
    form = ConfirmForm(initial={"name": door.partner.person})
    more = {"sees_decision": sees_application(request, door.partner.application)}
    return _page(request, door, "part", form=form, **reading.asked_for(door), **more)


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def confirm(request: HttpRequest, door: Door) -> HttpResponse:
    """Yes to the part, its budget and the declarations."""
    if request.method != "POST":
        return redirect(door.url("part"))
    form = ConfirmForm(request.POST)
    if form.is_valid():
        try:
            actions.confirm(partner=door.partner, name=form.cleaned_data["name"], seen=request.POST.get("seen", ""))
            messages.success(request, _("You have confirmed your part. The lead hears of it."))
            return redirect(door.url("part"))
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _page(request, door, "part", form=form, **reading.asked_for(door))


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def decline(request: HttpRequest, door: Door) -> HttpResponse:
    """No, with a sentence or without."""
    form = DeclineForm(request.POST if request.method == "POST" else None, initial={"name": door.partner.person})
    if request.method == "POST" and form.is_valid():
        try:
            actions.decline(partner=door.partner, **form.cleaned_data)
            messages.success(request, _("You do not take part. The lead hears of it."))
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect(door.url("part"))
    return _page(request, door, "decline", form=form)


@never_cache
@login_not_required
@require_POST
@limited("newest-partner-link", times=10, within=AN_HOUR)
def ask_for_new_link(request: HttpRequest, token: str) -> HttpResponse:
    """Sends the newest link to the address on record. The answer is the same whatever the link."""
    try:
        actions.ask_for_new_link(partner=links.partner_of(token))
    except links.ReplacedLink as replaced:
        actions.ask_for_new_link(partner=replaced.partner)
    except links.DeadLink:
        pass
    return TemplateResponse(request, "funding/partner_link_sent.html", {})


# --- budget ----------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
@if_taking_part
def budget(request: HttpRequest, door: Door) -> HttpResponse:
    """The own column of the budget, and nobody else's."""
    categories = list(door.partner.application.call.cost_categories.all())
    form = BudgetForm(request.POST if request.method == "POST" else None, partner=door.partner, categories=categories)
    if request.method == "POST" and form.is_valid() and not request.htmx:
        try:
            budgets.save_part(partner=door.partner, budget=form.budget())
            messages.success(request, _("Your budget is saved."))
            return redirect(request.path)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = reading.part_context(door, "budget") | {"form": form, "is_live": bool(request.htmx)}
    context["sums"] = sums(door.partner.application, [form], own_part=True)
    return render_page(request, "funding/partner_budget.html", context, part="sums")


# --- questions -------------------------------------------------------------------------------------------------------


def _questions(request: HttpRequest, door: Door) -> HttpResponse:
    names, questions = [] if door.user else ["role"], reading.questions_for(door.partner)
    typed: dict[str, object] = {}
    if request.method == "POST":
        typed, why = _save_all(request, door, names, questions)
        if not why:
            messages.success(request, _("Saved."))
            return redirect(request.path)
        messages.error(request, why)
    shown = fields(
        door.partner.application, door.partner, names, questions, typed=typed,
        save_url=lambda name: door.url("save", name),
    )  # fmt: skip
    return _page(request, door, "questions", fields=shown)


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
@if_taking_part
def partner_questions(request: HttpRequest, door: Door) -> HttpResponse:
    """What a partner is asked, and what it does in the project."""
    return _questions(request, door)


@require_http_methods(["GET", "HEAD", "POST"])
@as_lead
def own_questions(request: HttpRequest, door: Door) -> HttpResponse:
    """The same for the lead's own part."""
    return _questions(request, door)


def _save_all(
    request: HttpRequest, door: Door, names: list[str], questions: list[Question]
) -> tuple[dict[str, object], str]:
    several = {f"question:{each.pk}": each.kind == Question.Kind.CHOICES for each in questions}
    keys = [key for key in [*names, *several] if f"rev-{name_of(key)}" in request.POST]
    typed = {key: typed_in(request.POST, name_of(key), several=several.get(key, False)) for key in keys}
    try:
        for key, value in typed.items():
            said = {"value": value, "based_on": whole_number(request.POST.get(f"rev-{name_of(key)}", ""))}
            _save(door, key, said | {"page": request.POST.get("page", "")[:36]})
        _choose(request, door)
    except Refused as refusal:
        return typed, str(refusal)
    return typed, ""


def _save(door: Door, key: str, said: dict[str, object]) -> answers.Saved:
    if door.user:
        application = door.partner.application
        return answers.save(application=application, field=key, by=door.user, partner=door.partner, **said)
    return answers.save_part(partner=door.partner, field=key, signed=door.signed, **said)


def _choose(request: HttpRequest, door: Door) -> None:
    wanted = whole_number(request.POST.get("take") or request.POST.get("keep") or "")
    asides = door.partner.application.revisions.filter(partner=door.partner)
    aside = asides.to_choose().filter(pk=wanted).first()
    if aside is None:
        return
    take = "take" in request.POST
    if door.user:
        answers.choose(application=door.partner.application, aside=aside, take=take, by=door.user)
    else:
        answers.choose_in_part(partner=door.partner, aside=aside, take=take, signed=door.signed)


def _save_field(request: HttpRequest, door: Door, field: str) -> HttpResponse:
    key = field_named(field)
    try:
        question = answers.question_of(door.partner.application, door.partner, key)
        saved = _save(door, key, sent(request, question))
    except Refused as refusal:
        return refused(refusal)
    return answer(request, saved, key, question)


@require_POST
@by_link
def partner_save(request: HttpRequest, door: Door, field: str) -> HttpResponse:
    """One field, for the script."""
    return _save_field(request, door, field)


@require_POST
@as_lead
def own_save(request: HttpRequest, door: Door, field: str) -> HttpResponse:
    """The same for the lead's own part."""
    return _save_field(request, door, field)


# --- figures ---------------------------------------------------------------------------------------------------------


def _figures(request: HttpRequest, door: Door) -> HttpResponse:
    posted = request.POST if request.method == "POST" else None
    form = FiguresForm(posted, call=door.partner.application.call, partner=door.partner)
    if posted is not None and form.is_valid():
        try:
            actions.say(partner=door.partner, by=door.user, **form.said())
            messages.success(request, _("Saved."))
            return redirect(request.path)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _page(request, door, "figures", form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
@if_taking_part
def partner_figures(request: HttpRequest, door: Door) -> HttpResponse:
    """What decides whether it is an SME, what aid and which grants it had: seen by itself and the cluster team."""
    return _figures(request, door)


@require_http_methods(["GET", "HEAD", "POST"])
@as_lead
def own_figures(request: HttpRequest, door: Door) -> HttpResponse:
    """The same for the lead's own part."""
    return _figures(request, door)


# --- files -----------------------------------------------------------------------------------------------------------


def _files(request: HttpRequest, door: Door) -> HttpResponse:
    fault, at = "", whole_number(request.POST.get("question", ""))
    if request.method == "POST":
        question = next((each for each in _file_questions(door.partner) if each.pk == at), None)
        if question is None:
            raise Http404
        fault = add_file(request, lambda file: _attach(door, file, question))
        if not fault:
            return redirect(request.path)
    return _page(request, door, "files", slots=slots(door.partner.application, door.partner, fault=fault, at=at))


def _file_questions(partner: Partner) -> list[Question]:
    return [each for each in reading.questions_for(partner) if each.kind == Question.Kind.FILE]


def _attach(door: Door, file: object, question: Question) -> object:
    if door.user:
        application = door.partner.application
        return attachments.add(application=application, file=file, question=question, by=door.user)
    return attachments.add_to_part(partner=door.partner, file=file, question=question, signed=door.signed)


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
@if_taking_part
@limited("partner-files", times=200, within=AN_HOUR)
def partner_files(request: HttpRequest, door: Door) -> HttpResponse:
    """Files that each partner is asked for."""
    return _files(request, door)


@require_http_methods(["GET", "HEAD", "POST"])
@as_lead
def own_files(request: HttpRequest, door: Door) -> HttpResponse:
    """The same for the lead's own part."""
    return _files(request, door)


@require_safe
@by_link
def partner_download(request: HttpRequest, door: Door, pk: int) -> HttpResponse:
    """One of the partner's own files."""
    return as_download(get_object_or_404(door.partner.attachments.kept(), pk=pk))


@require_POST
@by_link
def partner_remove_file(request: HttpRequest, door: Door, pk: int) -> HttpResponse:
    """Out of the application; it stays in the store."""
    found = get_object_or_404(door.partner.attachments.kept(), pk=pk)
    try:
        attachments.remove_from_part(partner=door.partner, attachment=found)
        messages.success(request, _("%(name)s is removed.") % {"name": found.name})
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(door.url("files"))
