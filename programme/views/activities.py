"""The activities as everybody may read them, and planning them."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.actions import Refused
from core.downloads import as_csv
from core.forms import refused_on
from core.htmx import render_page
from core.pages import paginate
from programme import calendars
from programme.actions import activities as actions
from programme.filters import ActivityFilter
from programme.forms.activities import ActivityForm, HostForm, WhyForm, WordsForm
from programme.models import Activity
from programme.permissions import can_run_the_programme
from programme.reading import activities as reading
from programme.tabs import activity_tabs, room_tabs
from programme.views.access import for_lead, for_managers, seen_activities, seen_activity, with_activity


@login_not_required
@require_safe
def activity_list(request: HttpRequest) -> HttpResponse:
    """What comes and what was, for everybody; plans for those concerned."""
    found = ActivityFilter(request.GET, seen_activities(request).for_page())
    page = paginate(request, found.qs)
    known = request.user.is_authenticated
    context = {
        "filter": found,
        "page": page,
        "rows": [reading.row(each) for each in page],
        "may_plan": known and can_run_the_programme(request.user),
        "tabs": room_tabs(request) if known and not request.user.is_confined else [],
    }
    return render_page(request, "programme/activities.html", context, part="results")


@login_not_required
@require_safe
def activity(request: HttpRequest, slug: str) -> HttpResponse:
    """One activity; with one's own part in it for whoever is signed in."""
    found = seen_activity(request, slug)
    context = {
        "activity": found,
        "key_facts": reading.key_facts(found),
        "facts": reading.facts(found),
        "lacking": reading.lacking(found),
        "is_full": reading.is_full(found),
        "tabs": activity_tabs(request, found),
        "may_plan": False,
    }
    if request.user.is_authenticated and not request.user.is_confined:
        context |= reading.own_part(found, request.user) | {"may_plan": can_run_the_programme(request.user)}
        if request.user.is_manager:
            context["facts"] += reading.team_facts(found)
    return TemplateResponse(request, "programme/activity.html", context)


def _calendar(request: HttpRequest, data: bytes, name: str) -> HttpResponse:
    kind = "attachment" if "save" in request.GET else "inline"
    headers = {"Content-Disposition": f'{kind}; filename="{name}.ics"'}
    return HttpResponse(data, content_type="text/calendar; charset=utf-8", headers=headers)


@login_not_required
@require_safe
def activity_ics(request: HttpRequest, slug: str) -> HttpResponse:
    """One activity for calendars; `?save` downloads it."""
    found = seen_activity(request, slug)
    return _calendar(request, calendars.of_one(found), found.slug)


@login_not_required
@require_safe
def activities_ics(request: HttpRequest) -> HttpResponse:
    """All published activities of the past year and to come, for calendars to subscribe to."""
    return _calendar(request, calendars.of_all(Activity.objects.public().in_feed()), "activities")


@require_safe
@for_managers
def activities_csv(request: HttpRequest) -> HttpResponse:
    """What the list shows, all pages of it, with who came and what came of it: for a spreadsheet."""
    found = ActivityFilter(request.GET, seen_activities(request).for_file())
    return as_csv(reading.as_file(found.qs), f"activities-{timezone.localdate():%Y-%m-%d}.csv")


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def create(request: HttpRequest) -> HttpResponse:
    """A new plan on one page, or what was done before once more."""
    like = seen_activities(request).filter(slug=request.GET.get("like", "")).first()
    form = ActivityForm(request.POST or None, like=like)
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            return redirect(actions.add_activity(like=like, by=request.user, **form.cleaned_data))
    return TemplateResponse(request, "programme/activity_form.html", {"form": form, "activity": None, "like": like})


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
@with_activity
def edit(request: HttpRequest, activity: Activity) -> HttpResponse:
    """The same page for a plan that is there."""
    form = ActivityForm(
        request.POST or None,
        instance=seen_activity(request, activity.slug),
        suggestion=reading.goal_that_fits(activity),
    )
    seen = request.POST.get("seen") or form.seen
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            if actions.change_activity(activity=activity, seen=seen, by=request.user, **form.cleaned_data):
                messages.success(request, _("Saved."))
            return redirect(activity)
    context = {"form": form, "activity": activity, "seen": seen}
    return TemplateResponse(request, "programme/activity_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_lead
def words(request: HttpRequest, activity: Activity) -> HttpResponse:
    """The programme and what came of it."""
    form = WordsForm(request.POST or None, instance=seen_activity(request, activity.slug))
    if request.method == "POST" and form.is_valid():
        actions.write_words(activity=activity, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect(activity)
    context = {"form": form, "activity": activity, "tabs": activity_tabs(request, activity)}
    return TemplateResponse(request, "programme/activity_words.html", context)


def _move(
    request: HttpRequest, activity: Activity, act: Callable[..., None], said: str, **more: object
) -> HttpResponse:
    try:
        act(activity=activity, by=request.user, **more)
        messages.success(request, said)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(activity)


@require_POST
@for_managers
@with_activity
def publish(request: HttpRequest, activity: Activity) -> HttpResponse:
    """Everybody can read it from now on."""
    return _move(request, activity, actions.publish, _("Published. Everybody can read it, and members can sign up."))


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
@with_activity
def cancel(request: HttpRequest, activity: Activity) -> HttpResponse:
    """Asks for the words that everybody on the list gets."""
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = _("Cancelled. Everybody on the list gets your words.")
        return _move(request, activity, actions.cancel, told, why=form.cleaned_data["why"])
    return TemplateResponse(request, "programme/activity_cancel.html", {"activity": activity, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
@with_activity
def remove(request: HttpRequest, activity: Activity) -> HttpResponse:
    """Asks before a draft is thrown away."""
    if request.method == "POST":
        try:
            actions.remove_draft(activity=activity, by=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect(activity)
        messages.success(request, _("Removed."))
        return redirect("programme:activities")
    return TemplateResponse(request, "programme/activity_remove.html", {"activity": activity})


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
@with_activity
def hosts(request: HttpRequest, activity: Activity) -> HttpResponse:
    """Which partner organisations host, and one more."""
    form = HostForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.add_host(activity=activity, by=request.user, **form.cleaned_data)
        return redirect("programme:activity_hosts", slug=activity.slug)
    context = {"form": form, "activity": activity, "tabs": activity_tabs(request, activity)}
    return TemplateResponse(request, "programme/activity_hosts.html", context)


@require_POST
@for_managers
@with_activity
def remove_host(request: HttpRequest, activity: Activity, pk: int) -> HttpResponse:
    """Takes a host off."""
    for host in activity.hosts.filter(pk=pk):
        actions.remove_host(host=host, by=request.user)
    return redirect("programme:activity_hosts", slug=activity.slug)
