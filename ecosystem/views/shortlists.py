"""A shortlist: for the cluster team that works on it, and for the partner that looks at it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.actions import Refused
from core.forms import refused_on
from core.pages import paginate
from ecosystem.actions import shortlists as actions
from ecosystem.forms.shortlists import PutOnForm, ShortlistForm
from ecosystem.models import Shortlist
from ecosystem.permissions import can_run_list
from ecosystem.reading import shortlists as reading
from ecosystem.tabs import partner_tabs, room_tabs
from ecosystem.views.access import for_managers, run_list, visible_list, visible_partner
from members.permissions import insist


@require_safe
@for_managers
def shortlist_list(request: HttpRequest) -> HttpResponse:
    """All shortlists, the newest first."""
    page = paginate(request, Shortlist.objects.visible_to(request.user).for_list())
    context = {"page": page, "partnership": None, "tabs": room_tabs(request), "shows_work": True}
    return TemplateResponse(request, "ecosystem/shortlists.html", context)


@require_safe
def partner_lists(request: HttpRequest, slug: str) -> HttpResponse:
    """The shortlists of one partner."""
    found = visible_partner(request, slug)
    rows = Shortlist.objects.visible_to(request.user).filter(partnership=found).for_list()
    may_run = can_run_list(request.user, Shortlist(partnership=found))
    context = {"page": paginate(request, rows), "partnership": found, "shows_work": may_run}
    return TemplateResponse(request, "ecosystem/shortlists.html", context | {"tabs": partner_tabs(request, found)})


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def create(request: HttpRequest, slug: str) -> HttpResponse:
    """A new list for a partner."""
    found = visible_partner(request, slug)
    insist(can_run_list(request.user, Shortlist(partnership=found)))
    form = ShortlistForm(request.POST or None, partnership=found)
    if request.method == "POST" and form.is_valid():
        made = actions.add_shortlist(partnership=found, by=request.user, **form.cleaned_data)
        return redirect("ecosystem:fits", made.key)
    context = {"form": form, "partnership": found, "shortlist": None}
    return TemplateResponse(request, "ecosystem/shortlist_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def edit(request: HttpRequest, key: UUID) -> HttpResponse:
    """The same page for a list that is there."""
    found = run_list(request, key)
    form = ShortlistForm(request.POST or None, instance=run_list(request, key), partnership=found.partnership)
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            if actions.change_shortlist(shortlist=found, by=request.user, **form.cleaned_data):
                messages.success(request, _("Saved."))
            return redirect(found)
    context = {"form": form, "partnership": found.partnership, "shortlist": found}
    return TemplateResponse(request, "ecosystem/shortlist_form.html", context)


@require_safe
def shortlist(request: HttpRequest, key: UUID) -> HttpResponse:
    """One list: the work on it for the cluster team, the cards for the partner."""
    found = visible_list(request, key)
    context = {"shortlist": found, "tabs": partner_tabs(request, found.partnership)}
    if can_run_list(request.user, found):
        return TemplateResponse(request, "ecosystem/shortlist.html", context | reading.for_team(found, request.user))
    return TemplateResponse(
        request, "ecosystem/shortlist_seen.html", context | reading.for_partner(found, request.user)
    )


@require_safe
@for_managers
def fits(request: HttpRequest, key: UUID) -> HttpResponse:
    """Members who fit what is sought, with reasons, to be put on the list."""
    return _fits(request, run_list(request, key), None)


def _fits(request: HttpRequest, found: Shortlist, form: PutOnForm | None) -> HttpResponse:
    context = {"shortlist": found, "form": form} | reading.who_fits(found, request.user)
    return TemplateResponse(request, "ecosystem/shortlist_fits.html", context)


@require_POST
@for_managers
def put_on(request: HttpRequest, key: UUID) -> HttpResponse:
    """Those who were ticked get a card."""
    found = run_list(request, key)
    form = PutOnForm(request.POST)
    if form.is_valid():
        with refused_on(form):
            actions.put_on(shortlist=found, organisations=form.cleaned_data["to"], by=request.user)
            return redirect(found)
    return _fits(request, found, form)


def _done(request: HttpRequest, key: UUID, act: object) -> HttpResponse:
    """Does what was tapped, says how many it was or why not, and shows the list again."""
    found = run_list(request, key)
    try:
        told = act(found)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, told)
    return redirect(found)


@require_POST
@for_managers
def ask(request: HttpRequest, key: UUID) -> HttpResponse:
    """Asks all companies that were not asked yet."""

    def act(found: Shortlist) -> str:
        n = actions.ask(shortlist=found, by=request.user)
        return ngettext("%(n)d company is asked.", "%(n)d companies are asked.", n) % {"n": n}

    return _done(request, key, act)


@require_POST
@for_managers
def show(request: HttpRequest, key: UUID) -> HttpResponse:
    """Shows the partner what was agreed to."""

    def act(found: Shortlist) -> str:
        n = actions.show(shortlist=found, by=request.user)
        return ngettext("%(n)d card is shown.", "%(n)d cards are shown.", n) % {"n": n}

    return _done(request, key, act)


@require_POST
@for_managers
def close(request: HttpRequest, key: UUID) -> HttpResponse:
    """Ends it."""

    def act(found: Shortlist) -> str:
        actions.close_shortlist(shortlist=found, by=request.user)
        return _("The shortlist is closed.")

    return _done(request, key, act)
