"""Linked companies: an organisation says which there are, and the cluster team makes single undertakings of them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.actions import Refused
from core.pages import paginate
from members import cards
from members.actions import undertakings as actions
from members.forms.undertakings import JoinForm, LinkedForm, SettleForm
from members.models import LinkedCompany, Organisation
from members.permissions import can_answer_for, can_see_people, insist
from members.reading import undertakings as reading
from members.reading.joining import waiting_requests
from members.views.access import for_managers, visible_organisation


@require_http_methods(["GET", "HEAD", "POST"])
def links(request: HttpRequest, slug: str) -> HttpResponse:
    """Do you control another company, or does one control you? One company at a time."""
    organisation = visible_organisation(request.user, slug)
    insist(can_see_people(request.user, organisation))
    may_tell = can_answer_for(request.user, organisation)
    form = LinkedForm(request.POST or None, initial={"country": organisation.country})
    if request.method == "POST":
        insist(may_tell)
        if form.is_valid() and _told(request, organisation, form):
            return redirect("members:links", slug)
    context = {"organisation": organisation, "form": form, "may_tell": may_tell}
    return TemplateResponse(request, "members/links.html", context | reading.links(organisation))


def _told(request: HttpRequest, organisation: Organisation, form: LinkedForm) -> bool:
    try:
        actions.tell_linked(organisation=organisation, by=request.user, **form.cleaned_data)
    except Refused as refusal:
        form.add_error("name", str(refusal))
        return False
    messages.success(request, _("Noted. Name the next one, if there is one."))
    return True


@require_POST
def no_links(request: HttpRequest, slug: str) -> HttpResponse:
    """There is no linked company."""
    organisation = visible_organisation(request.user, slug)
    try:
        actions.tell_no_links(organisation=organisation, by=request.user)
        messages.success(request, _("Noted: no company is linked with yours."))
    except Refused as refusal:
        messages.warning(request, str(refusal))
    return redirect("members:links", slug)


@require_POST
def remove_link(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A company is not linked any more."""
    organisation = visible_organisation(request.user, slug)
    linked = get_object_or_404(LinkedCompany.objects.filter(organisation=organisation), pk=pk)
    actions.take_back_linked(linked=linked, by=request.user)
    messages.success(request, _("Taken off the list. The cluster team looks at what follows."))
    return redirect("members:links", slug)


@require_safe
@for_managers
def undertakings(request: HttpRequest) -> HttpResponse:
    """What organisations say of linked companies, and which are one undertaking."""
    return _page(request, JoinForm())


def _page(request: HttpRequest, form: JoinForm) -> HttpResponse:
    waiting = reading.waiting_links()
    found = reading.suggestions(waiting)
    context = {
        "waiting": [(each, found[each.pk]) for each in waiting],
        "form": form,
        "page": paginate(request, reading.undertakings()),
        "tabs": cards.tabs(request, waiting=waiting_requests(request.user)),
    }
    return TemplateResponse(request, "members/undertakings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Which organisation a linked company is; or none of them."""
    linked = get_object_or_404(LinkedCompany.objects.select_related("organisation"), pk=pk)
    form = SettleForm(request.POST or None, linked=linked, suggestions=reading.suggestions([linked])[pk])
    if request.method == "POST" and form.is_valid() and _settled(request, linked, form):
        return redirect("members:undertakings")
    return TemplateResponse(request, "members/settle_link.html", {"linked": linked, "form": form})


def _settled(request: HttpRequest, linked: LinkedCompany, form: SettleForm) -> bool:
    chosen = form.cleaned_data["is_organisation"]
    try:
        actions.settle_link(linked=linked, is_organisation=chosen, by=request.user)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, _("Joined: they are one undertaking.") if chosen else _("Noted: it is none of them."))
    return True


@require_POST
@for_managers
def join(request: HttpRequest) -> HttpResponse:
    """Two organisations, and all that are one with them, become one undertaking."""
    form = JoinForm(request.POST)
    if form.is_valid():
        try:
            actions.join(organisations=form.cleaned_data.values(), by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Joined: they are one undertaking."))
            return redirect("members:undertakings")
    return _page(request, form)


@require_POST
@for_managers
def separate(request: HttpRequest, slug: str) -> HttpResponse:
    """An organisation stands alone again."""
    organisation = get_object_or_404(Organisation.objects.visible_to(request.user), slug=slug)
    actions.separate(organisation=organisation, by=request.user)
    messages.success(request, _("%(name)s stands alone now.") % {"name": organisation})
    return redirect("members:undertakings")
