"""Who comes to an activity: the list with one tap for each, the support paid, and the file."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.actions import Refused
from core.downloads import as_csv
from programme.actions import attendance as actions
from programme.actions import registrations
from programme.forms.registrations import SupportForm
from programme.models import Activity, Registration
from programme.reading import participants as reading
from programme.tabs import activity_tabs
from programme.views.access import for_lead, for_managers, with_activity

WAS_THERE = {"yes": True, "no": False, "unknown": None}


@require_safe
@for_lead
def people(request: HttpRequest, activity: Activity) -> HttpResponse:
    """Everybody who takes part, to tap on, and who waits."""
    return _page(request, activity)


def _page(request: HttpRequest, activity: Activity, **tap: object) -> HttpResponse:
    context = _context(request, activity) | reading.people(activity) | tap
    context["tabs"] = activity_tabs(request, activity)
    return TemplateResponse(request, "programme/activity_people.html", context)


def _context(request: HttpRequest, activity: Activity) -> dict[str, object]:
    return {"activity": activity, "for_team": request.user.is_manager, "costs": reading.costs(activity)}


def _registration(activity: Activity, pk: int) -> Registration:
    found = get_object_or_404(activity.registrations.select_related("organisation"), pk=pk)
    found.activity = activity
    return found


def _answer(request: HttpRequest, activity: Activity, pk: int, refused: str) -> HttpResponse:
    """The line as it is then and the sums: alone to htmx, the page at that line otherwise.

    What was refused stands in its line, with what was typed.
    """
    tap = {"tapped": pk, "refused": refused, "typed": request.POST.get("amount", "") if refused else ""}
    if request.htmx:
        context = _context(request, activity) | tap | {"each": _registration(activity, pk)}
        return TemplateResponse(request, "programme/_activity_tap.html", context)
    if refused:
        return _page(request, activity, **tap)
    return redirect(reverse("programme:activity_people", args=[activity.slug]) + f"#r{pk}")


@require_POST
@for_lead
def attended(request: HttpRequest, activity: Activity, pk: int) -> HttpResponse:
    """Was there, was not, or not known."""
    refused, answer = "", request.POST.get("attended", "")
    try:
        if answer not in WAS_THERE:
            raise Refused(_("Choose one of the buttons."))
        registration = _registration(activity, pk)
        actions.mark(registration=registration, attended=WAS_THERE[answer], by=request.user)
    except Refused as refusal:
        refused = str(refusal)
    return _answer(request, activity, pk, refused)


@require_POST
@for_lead
def let_in(request: HttpRequest, activity: Activity, pk: int) -> HttpResponse:
    """A free place for somebody who waits at the door: both lists are new then."""
    try:
        registrations.let_in(registration=_registration(activity, pk), by=request.user)
    except Refused as refusal:
        return _page(request, activity, tapped=pk, refused=str(refusal))
    return redirect(reverse("programme:activity_people", args=[activity.slug]) + f"#r{pk}")


@require_POST
@for_managers
@with_activity
def support(request: HttpRequest, activity: Activity, pk: int) -> HttpResponse:
    """What the cluster paid for somebody."""
    registration, form, refused = _registration(activity, pk), SupportForm(request.POST), ""
    try:
        if not form.is_valid():
            raise Refused(_("Write the support as a number of euros, such as 350."))
        actions.pay_support(registration=registration, amount=form.cleaned_data["amount"], by=request.user)
    except Refused as refusal:
        refused = str(refusal)
    return _answer(request, activity, pk, refused)


@require_safe
@for_managers
@with_activity
def export(request: HttpRequest, activity: Activity) -> HttpResponse:
    """The list as CSV, without cells that a spreadsheet would run as formulas."""
    return as_csv(reading.csv_rows(activity), f"participants-{activity.slug}.csv")
