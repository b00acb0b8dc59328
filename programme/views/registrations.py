"""Signing up for an activity and taking it back: with one tap, for colleagues, and by the link in the mail."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from core.actions import Refused
from core.clocks import span_in
from core.forms import refused_on
from core.limits import limited
from members.models import Organisation
from members.permissions import insist, refused
from programme.actions import registrations as actions
from programme.forms.registrations import PeopleForm
from programme.models import Activity, Registration
from programme.reading import activities as reading
from programme.views.access import by_registration_link, with_activity


@require_POST
@with_activity
def register(request: HttpRequest, activity: Activity) -> HttpResponse:
    """One tap: a place for oneself, for the company that the button names."""
    own = reading.own_members(request.user)
    company = next((each for each in own if each.slug == request.POST.get("organisation")), next(iter(own), None))
    if company is None:
        insist(refused(_("Members of the cluster sign up here. Write to the cluster team to come along.")))
    try:
        done = actions.register(
            activity=activity, organisation=company, person=str(request.user), email=request.user.email, by=request.user
        )
        messages.success(request, _said(done))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(activity)


def _said(registration: Registration) -> str:
    if registration.status == Registration.Status.WAITING:
        return _("All places are taken. You are on the waiting list, and we write to you when one comes free.")
    return _("You take part. A mail with everything is on its way.")


@require_http_methods(["GET", "HEAD", "POST"])
@limited("bring-people", times=60, within=timedelta(hours=1))
@with_activity
def bring(request: HttpRequest, activity: Activity) -> HttpResponse:
    """Colleagues by name and address; managers for any organisation."""
    organisations = _organisations(request)
    if not organisations:
        insist(refused(_("Only owners and editors sign up somebody else of the organisation.")))
    form = PeopleForm(request.POST or None, organisations=organisations)
    if request.method == "POST" and form.is_valid():
        with refused_on(form, "people"):
            _bring(request, activity, form)
            return redirect(activity)
    return TemplateResponse(request, "programme/activity_bring.html", {"activity": activity, "form": form})


def _organisations(request: HttpRequest) -> object:
    rows = Organisation.objects.filter(is_home=False).order_by("name")
    if request.user.is_manager:
        return rows
    return rows.filter(pk__in=[each.pk for each in reading.organisations_for(request.user)])


def _bring(request: HttpRequest, activity: Activity, form: PeopleForm) -> None:
    organisation, people = form.cleaned_data["organisation"], form.cleaned_data["people"]
    done = actions.register_all(activity=activity, organisation=organisation, people=people, by=request.user)
    waiting = sum(each.status == Registration.Status.WAITING for each in done)
    said = ngettext("%(n)s person is on the list.", "%(n)s people are on the list.", len(done)) % {"n": len(done)}
    if waiting:
        said += " " + ngettext("%(n)s waits for a place.", "%(n)s wait for a place.", waiting) % {"n": waiting}
    messages.success(request, said)


@require_POST
@with_activity
def unregister(request: HttpRequest, activity: Activity, pk: int) -> HttpResponse:
    """Takes one's own registration back, or a colleague's."""
    rows = Registration.objects.visible_to(request.user).filter(activity=activity).select_related("activity")
    found = get_object_or_404(rows, pk=pk)
    waited = found.status == Registration.Status.WAITING
    try:
        actions.unregister(registration=found, by=request.user)
        said = _("Taken off the waiting list.") if waited else _("Cancelled. The place goes to the next who waits.")
        messages.success(request, said)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("programme:activity_people" if "people" in request.POST else "programme:activity", activity.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@by_registration_link
def registration(request: HttpRequest, registration: Registration) -> HttpResponse:
    """What the link in the mail opens: the registration, and a button that cancels it."""
    activity = registration.activity
    if request.method == "POST":
        try:
            actions.unregister(registration=registration, by=None)
            messages.success(request, _("Cancelled. Thank you for telling us."))
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect(request.path)
    when = span_in(activity.starts_at, activity.ends_at, activity.time_zone)
    context = {"registration": registration, "activity": activity, "when": when}
    return TemplateResponse(request, "programme/activity_registration.html", context)
