"""The secretary's pages of a call's funders, questions, criteria and documents."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.actions import Refused
from funding.actions import call_parts as actions
from funding.forms.call_parts import CriterionForm, FunderForm, QuestionForm
from funding.models import Criterion, Funder, FundingCall, Question
from funding.reading import call_parts as reading
from funding.tabs import call_tabs
from funding.views.access import for_managers, visible_call

# What an address names: the model of the part, the page that lists it, and what saves it.
PARTS = {"funders": Funder, "form": Question, "criteria": Criterion}


def _list(request: HttpRequest, slug: str, page: str, rows: Callable[[FundingCall], object]) -> HttpResponse:
    call = visible_call(request, slug)
    context = {"call": call, "tabs": call_tabs(request, call), "rows": rows(call), "page": page}
    context |= {"is_draft": call.status == FundingCall.Status.DRAFT, "kinds": Question.Kind.choices}
    return TemplateResponse(request, f"funding/call_{page}.html", context)


@require_safe
@for_managers
def funders(request: HttpRequest, slug: str) -> HttpResponse:
    """Who pays."""
    return _list(request, slug, "funders", reading.funders)


@require_safe
@for_managers
def form(request: HttpRequest, slug: str) -> HttpResponse:
    """What is asked, in order."""
    return _list(request, slug, "form", reading.questions)


@require_safe
@for_managers
def criteria(request: HttpRequest, slug: str) -> HttpResponse:
    """How it is judged."""
    return _list(request, slug, "criteria", reading.criteria)


@require_safe
@for_managers
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """The form as an applicant sees it; nothing that is typed there goes anywhere."""
    call = visible_call(request, slug)
    context = {"call": call, "tabs": call_tabs(request, call), "asked": reading.preview(call)}
    return TemplateResponse(request, "funding/call_preview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def funder(request: HttpRequest, slug: str, pk: int | None = None) -> HttpResponse:
    """One funder; a new one without a number."""
    return _edit(request, slug, "funders", FunderForm, actions.save_funder, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def question(request: HttpRequest, slug: str, pk: int | None = None) -> HttpResponse:
    """One question; a new one of the kind that the address names."""
    call = visible_call(request, slug)
    before = get_object_or_404(call.questions, pk=pk) if pk is not None else None
    kind = before.kind if before else request.GET.get("kind", "")
    if kind not in Question.Kind.values:
        raise Http404
    return _edit(request, slug, "form", QuestionForm, actions.save_question, pk=pk, kind=kind)


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def criterion(request: HttpRequest, slug: str, pk: int | None = None) -> HttpResponse:
    """One criterion with its anchors."""
    return _edit(request, slug, "criteria", CriterionForm, actions.save_criterion, pk=pk)


def _edit(
    request: HttpRequest,
    slug: str,
    page: str,
    form_of: type,
    save: Callable[..., object],
    *,
    pk: int | None,
    **more: object,
) -> HttpResponse:
    call, model = visible_call(request, slug), PARTS[page]
    if call.status != FundingCall.Status.DRAFT and request.method != "POST":
        return redirect(f"funding:{page}", slug)
    name, rows = model._meta.model_name, model.objects.filter(call=call)
    before = get_object_or_404(rows, pk=pk) if pk is not None else None
    # Validation writes what was typed on the form's own instance.
    instance = model(call=call) if pk is None else rows.get(pk=pk)
    form = form_of(request.POST or None, instance=instance, call=call, **more)
    seen = request.POST.get("seen") or form.seen
    if request.method == "POST" and form.is_valid():
        try:
            save(call=call, by=request.user, seen=seen, **{name: before}, **form.facts())
            messages.success(request, _("Saved."))
            return redirect(f"funding:{page}", slug)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {"call": call, "form": form, "before": before, "seen": seen, "page": page}
    return TemplateResponse(request, f"funding/call_{name}_form.html", context)


def _part(request: HttpRequest, slug: str, page: str, pk: int) -> Funder | Question | Criterion:
    return get_object_or_404(PARTS[page].objects.select_related("call"), call=visible_call(request, slug), pk=pk)


def _act(
    request: HttpRequest, slug: str, page: str, act: Callable[..., None], said: str, **how: object
) -> HttpResponse:
    try:
        act(by=request.user, **how)
        messages.success(request, said)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(f"funding:{page}", slug)


@require_POST
@for_managers
def remove(request: HttpRequest, slug: str, page: str, pk: int) -> HttpResponse:
    """Takes a funder, a question or a criterion out."""
    part = _part(request, slug, page, pk)
    return _act(request, slug, page, actions.remove, _("Removed: %(what)s") % {"what": part}, part=part)


@require_POST
@for_managers
def move(request: HttpRequest, slug: str, page: str, pk: int) -> HttpResponse:
    """One place up or down."""
    step = -1 if request.POST.get("way") == "up" else 1
    return _act(request, slug, page, actions.move, _("Moved."), part=_part(request, slug, page, pk), step=step)
