"""A reviewer's pages: the list, what binds the reviewer, and one application with its scores."""

import json

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.actions import Refused
from funding import conflicts
from funding.actions import conflicts as conflict_actions
from funding.actions import reviews as actions
from funding.forms.reviews import DeclareForm, InterestsForm
from funding.models import Assignment, Attachment, Reviewer
from funding.permissions import can_review
from funding.reading import reviews as reading
from funding.reviewing import criteria_of, in_review, is_over, name_for_reviewers
from funding.tabs import room_tabs
from members.views.access import only_if

for_reviewers = only_if(can_review)
Status = Assignment.Status


def _own(request: HttpRequest, key: object) -> Assignment:
    rows = Assignment.objects.of(request.user).select_related("application__call", "reviewer__call", "reviewer__user")
    return get_object_or_404(rows, key=key)


@never_cache
@require_safe
@for_reviewers
def reviews(request: HttpRequest) -> HttpResponse:
    """What a person reviews, by call, and how far it is."""
    context = {"seats": reading.own(request.user), "tabs": room_tabs(request)}
    return TemplateResponse(request, "funding/reviews.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_reviewers
def declare(request: HttpRequest, key: object) -> HttpResponse:
    """Asks about the organisations of one application, before anything of it is shown."""
    row = _own(request, key)
    if conflicts.needs_whole_list(row.reviewer):
        return redirect("funding:interests", row.reviewer.call.slug)
    if row.status != Status.ASKED:
        return redirect("funding:review", row.key)
    if is_over(row.reviewer.call):
        messages.info(request, str(in_review(row.reviewer.call).reason))
        return redirect("funding:reviews")
    form = DeclareForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            declared = conflict_actions.declare(assignment=row, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _after_declaring(request, declared)
    context = {"form": form, "names": conflicts.names_of(row.application), "question": conflicts.question()}
    context |= {"call": row.reviewer.call, "name": name_for_reviewers(row.application)}
    return TemplateResponse(request, "funding/review_declare.html", context)


def _after_declaring(request: HttpRequest, row: Assignment) -> HttpResponse:
    if row.status == Status.OPEN:
        return redirect("funding:review", row.key)
    messages.info(request, _("Thank you. The team gives this application to somebody else."))
    return redirect("funding:reviews")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_reviewers
def interests(request: HttpRequest, slug: str) -> HttpResponse:
    """Asks about all organisations of a call at once: the list does not tell who is behind which application."""
    seats = Reviewer.objects.active().filter(user=request.user).select_related("call")
    seat = get_object_or_404(seats, call__slug=slug)
    if not conflicts.needs_whole_list(seat):
        raise Http404
    if not in_review(seat.call):
        messages.info(request, str(in_review(seat.call).reason))
        return redirect("funding:reviews")
    initial = {"names": seat.interests, "words": seat.interests_words}
    form = InterestsForm(request.POST or None, names=conflicts.names_in(seat.call), initial=initial)
    if request.method == "POST" and form.is_valid():
        conflict_actions.declare_interests(reviewer=seat, by=request.user, **form.cleaned_data)
        bound = form.cleaned_data["names"] or form.cleaned_data["words"]
        told = _("What is not yours goes to somebody else.") if bound else _("We noted that nothing binds you.")
        messages.success(request, _("Thank you.") + " " + told)
        return redirect("funding:reviews")
    context = {"form": form, "call": seat.call, "question": conflicts.question()}
    return TemplateResponse(request, "funding/review_interests.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_reviewers
def review(request: HttpRequest, key: object) -> HttpResponse:
    """One application beside its criteria: saved as one goes, handed in once."""
    row = _own(request, key)
    if row.status == Status.ASKED:
        return redirect("funding:declare", row.key)
    if row.status == Status.CONFLICT:
        raise Http404
    if request.method == "POST":
        return _save(request, row)
    context = reading.page(row)
    return _page(request, context | {"seen_fields": context["stored"]})


def _page(request: HttpRequest, context: dict[str, object]) -> HttpResponse:
    context["seen_json"] = json.dumps(context.pop("seen_fields"))
    return TemplateResponse(request, "funding/review.html", context)


def _save(request: HttpRequest, row: Assignment) -> HttpResponse:
    posted, seen = _fields(request.POST.dict()), _fields(_seen(request))
    hand_in = "hand_in" in request.POST
    try:
        saved = actions.save(assignment=row, posted=posted, seen=seen, by=request.user, hand_in=hand_in)
    except Refused as refusal:
        return _refused(request, row, posted, seen, str(refusal))
    known = seen | {name: value for name, value in posted.items() if name not in saved.errors}
    if request.htmx:
        return _state(request, row, saved, known, posted)
    if saved.is_handed_in:
        messages.success(request, _("Handed in. It stays so once you can read the scores of others."))
        return redirect("funding:reviews")
    if saved.errors or (hand_in and saved.missing):
        context = reading.page(row, fields=saved.fields | {name: posted[name] for name in saved.errors})
        told = {"errors": saved.errors, "lacking": saved.missing if hand_in else ()}
        told["marked"] = reading.marked(context["rows"], {*told["errors"], *told["lacking"]})
        return _page(request, context | told | {"seen_fields": known})
    messages.success(request, _("Saved. You can go on later."))
    return redirect("funding:review", row.key)


def _state(
    request: HttpRequest, row: Assignment, saved: actions.Saved, known: dict[str, str], posted: dict[str, str]
) -> HttpResponse:
    """For htmx: whether it is saved, how far the review is, and what the page has shown from now on."""
    criteria = criteria_of(row.application)
    names = {f"{kind}-{each.pk}": each.name for each in criteria for kind in ("score", "why")}
    same = {name: "\n".join(value.strip().splitlines()) for name, value in posted.items()}
    context = {
        "seen_json": json.dumps(known),
        "progress": reading.progress(saved.missing, criteria),
        "faults": [(names.get(name, _("In sum")), why) for name, why in saved.errors.items()],
        "is_merged": any(saved.fields[n] != same[n] for n in same if n in saved.fields and n not in saved.errors),
        "saved": True,
    }
    return TemplateResponse(request, "funding/_review_form.html#state", context)


def _refused(
    request: HttpRequest, row: Assignment, posted: dict[str, str], seen: dict[str, str], why: str
) -> HttpResponse:
    """The review takes nothing now: what was typed stands there still, and why."""
    if request.htmx:
        context = {"seen_json": json.dumps(seen), "why": why, "progress": None}
        return TemplateResponse(request, "funding/_review_form.html#state", context)
    context = reading.page(row, fields=posted) | {"why": why, "seen_fields": seen}
    return _page(request, context)


def _fields(sent: dict[str, object]) -> dict[str, str]:
    """The fields of a review among whatever was sent."""
    wanted = {name: value for name, value in sent.items() if name == "sum" or name.startswith(("score-", "why-"))}
    return {name: value for name, value in wanted.items() if isinstance(value, str)}


def _seen(request: HttpRequest) -> dict[str, object]:
    try:
        seen = json.loads(request.POST.get("seen", "{}"))
    except ValueError:
        return {}
    return seen if isinstance(seen, dict) else {}


@require_POST
@for_reviewers
def reopen(request: HttpRequest, key: object) -> HttpResponse:
    """A review that was handed in is written again."""
    row = _own(request, key)
    try:
        actions.reopen(assignment=row, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    return redirect("funding:review", row.key)


@never_cache
@require_safe
@for_reviewers
def review_file(request: HttpRequest, key: object, number: int) -> HttpResponse:
    """A file of the submission that counts; in a blind call a copy without its properties."""
    row = _own(request, key)
    if row.status not in (Status.OPEN, Status.DONE):
        raise Http404
    kept = {each.key: each for each in reading.shown_to_reviewers(row.application).files}
    if number not in kept:
        raise Http404
    attachment = get_object_or_404(Attachment, pk=number, application=row.application)
    return FileResponse(
        reading.read_by_reviewers(attachment),
        as_attachment=True,
        filename=kept[number].name,
        content_type=attachment.content_type,
        headers={"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox"},
    )
