"""The manager's side: the pile, one item of it, who fits and why, and what members answered."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.forms import refused_on
from core.htmx import render_page
from core.pages import paginate
from members.models import Organisation
from opportunities import actions, cards, reading
from opportunities.filters import AnswerFilter, InboxFilter
from opportunities.forms import CurateForm, HandOverForm, PartnersForm
from opportunities.models import Opportunity
from opportunities.views.access import for_managers
from programme.reading import aims

IN_THE_PILE = 20
BEFORE_ANY_CHOICE = {"status": Opportunity.Status.INBOX, "order": "fits"}


def _pile(request: HttpRequest) -> InboxFilter:
    chosen = request.GET.copy()
    for name, value in BEFORE_ANY_CHOICE.items():
        chosen.setdefault(name, value)
    return InboxFilter(chosen, Opportunity.objects.visible_to(request.user).for_list().soonest())


def _item(request: HttpRequest, reference: str) -> Opportunity:
    rows = Opportunity.objects.visible_to(request.user).select_related("source", "note_by", "goal").defer("search")
    return get_object_or_404(rows, reference=reference)


def _query(request: HttpRequest) -> str:
    return f"?{request.GET.urlencode()}" if request.GET else ""


def _rows(request: HttpRequest, page, current: str) -> list[dict[str, object]]:
    rows = []
    for each in page:
        fits = each.fits
        label = "" if fits is None else ngettext("%(n)s member", "%(n)s members", fits) % {"n": fits}
        row = cards.row(each, state="good" if fits else "quiet", state_label=label)
        url = reverse("opportunities:inbox_item", args=[each.reference]) + _query(request)
        rows.append(row | {"url": url, "current": each.reference == current})
    return rows


def _page(request: HttpRequest, opportunity: Opportunity | None, **more: object) -> HttpResponse:
    pile = _pile(request)
    page = paginate(request, pile.qs, per_page=IN_THE_PILE)
    if opportunity is None and page.object_list:
        opportunity = _item(request, page.object_list[0].reference)
    context = {"filter": pile, "page": page, "query": _query(request), "opportunity": opportunity}
    context["rows"] = _rows(request, page, opportunity.reference if opportunity else "")
    context["undo"] = request.session.pop("undo", None)
    if opportunity:
        facts = [*cards.facts(opportunity), aims.fact(opportunity)]
        context |= {"facts": facts, "curate_form": CurateForm(instance=opportunity)}
        context |= reading.details(opportunity) | {"handed_to": reading.handed_to(opportunity)}
    return TemplateResponse(request, "opportunities/inbox.html", context | more)


@require_safe
@for_managers
def inbox(request: HttpRequest) -> HttpResponse:
    """The pile with its first item open."""
    return _page(request, None)


@require_safe
@for_managers
def item(request: HttpRequest, reference: str) -> HttpResponse:
    """One item of the pile, the pile beside it."""
    return _page(request, _item(request, reference), chosen=True)


def _to_item(request: HttpRequest, reference: str) -> HttpResponse:
    """To an item, with the pile beside it filtered as before."""
    return redirect(reverse("opportunities:inbox_item", args=[reference]) + _query(request))


@require_safe
@for_managers
def who_fits(request: HttpRequest, reference: str) -> HttpResponse:
    """Which members an item fits, why, and whom only a hard rule keeps out. Loaded beside the item."""
    opportunity = _item(request, reference)
    context = _fits(opportunity) | {"opportunity": opportunity, "query": _query(request)}
    return render_page(request, "opportunities/who_fits.html", context, part="fits")


def _fits(opportunity: Opportunity, form: HandOverForm | None = None) -> dict[str, object]:
    handed = {said.organisation_id for said in reading.handed_to(opportunity)}
    members = Organisation.objects.members()
    form = form or HandOverForm(members=members)
    return reading.who_fits(opportunity, members) | {"handed": handed, "form": form}


def _act(request: HttpRequest, reference: str, act: Callable[..., Opportunity], said: str) -> HttpResponse:
    opportunity = _item(request, reference)
    before, following = opportunity.status, _following(request, opportunity)
    try:
        act(opportunity=opportunity, by=request.user)
    except actions.Refused as refusal:
        messages.error(request, str(refusal))
        return _to_item(request, reference)
    if opportunity.status != before:  # what somebody else has done already is not for this person to undo
        undo = reverse("opportunities:restore", args=[reference]) + _query(request)
        request.session["undo"] = {"said": said % {"title": opportunity.title}, "url": undo}
    return redirect(following)


def _following(request: HttpRequest, opportunity: Opportunity) -> str:
    """Where the day's work goes on: the item below this one in the pile."""
    references = list(_pile(request).qs.values_list("reference", flat=True)[: 5 * IN_THE_PILE])
    at = references.index(opportunity.reference) if opportunity.reference in references else -1
    rest = references[at + 1 :] or references[:at]
    if at < 0 or not rest:
        return reverse("opportunities:inbox") + _query(request)
    return reverse("opportunities:inbox_item", args=[rest[0]]) + _query(request)


@require_POST
@for_managers
def publish(request: HttpRequest, reference: str) -> HttpResponse:
    """Publishes an item and goes on to the next."""
    return _act(request, reference, actions.publish, _("Published: %(title)s"))


@require_POST
@for_managers
def dismiss(request: HttpRequest, reference: str) -> HttpResponse:
    """Dismisses an item and goes on to the next."""
    return _act(request, reference, actions.dismiss, _("Dismissed: %(title)s"))


@require_POST
@for_managers
def restore(request: HttpRequest, reference: str) -> HttpResponse:
    """Puts an item back into the inbox and opens it."""
    try:
        actions.restore(opportunity=_item(request, reference), by=request.user)
        messages.success(request, _("Back in the inbox."))
    except actions.Refused as refusal:
        messages.error(request, str(refusal))
    return _to_item(request, reference)


@require_POST
@for_managers
def curate(request: HttpRequest, reference: str) -> HttpResponse:
    """Saves the note to members, the hours it takes and the goal that it serves."""
    form = CurateForm(request.POST, instance=_item(request, reference))
    opportunity = _item(request, reference)  # the form writes what was typed on its own copy
    if form.is_valid():
        with refused_on(form):
            actions.curate(opportunity=opportunity, by=request.user, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return _to_item(request, reference)
    return _page(request, opportunity, chosen=True, curate_form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def partners(request: HttpRequest, reference: str) -> HttpResponse:
    """Opens an item to partners: everybody reads that it is there, and whom we look for."""
    opportunity = _item(request, reference)
    form = PartnersForm(request.POST or None, initial={"words": opportunity.for_partners})
    if request.method == "POST" and form.is_valid():
        with refused_on(form, "words"):
            actions.open_to_partners(opportunity=opportunity, words=form.cleaned_data["words"], by=request.user)
            messages.success(request, _("Saved."))
            return _to_item(request, reference)
    context = {"opportunity": opportunity, "form": form, "query": _query(request)}
    return TemplateResponse(request, "opportunities/partners.html", context)


@require_POST
@for_managers
def hand_over(request: HttpRequest, reference: str) -> HttpResponse:
    """Gives an item to chosen members; publishes it if it is not."""
    opportunity = _item(request, reference)
    form = HandOverForm(request.POST, members=Organisation.objects.members())
    if not form.is_valid():
        return _page(request, opportunity, chosen=True, **_fits(opportunity, form))
    is_new = opportunity.status == Opportunity.Status.INBOX
    try:
        if is_new:
            actions.publish(opportunity=opportunity, by=request.user)
        handed = actions.hand_over(
            opportunity=opportunity, to=form.cleaned_data["to"], sentence=form.cleaned_data["sentence"], by=request.user
        )
        messages.success(request, _handed_over(handed, is_new=is_new))
    except actions.Refused as refusal:
        messages.error(request, str(refusal))
    return _to_item(request, reference)


def _handed_over(handed: int, *, is_new: bool) -> str:
    if not handed:
        return _("They had it already.")
    told = ngettext("Handed over to %(n)s member.", "Handed over to %(n)s members.", handed) % {"n": handed}
    return f"{_('Published for all members.')} {told}" if is_new else told


@require_safe
@for_managers
def answers(request: HttpRequest) -> HttpResponse:
    """What members have said, newest first."""
    found = AnswerFilter(request.GET, reading.answers(request.user))
    page = paginate(request, found.qs)
    return render_page(request, "opportunities/answers.html", {"filter": found, "page": page}, part="results")


@require_safe
@for_managers
def member_feed(request: HttpRequest, slug: str) -> HttpResponse:
    """What a member's feed holds, told to a manager and without the answers."""
    organisation = get_object_or_404(Organisation.objects.visible_to(request.user).members(), slug=slug)
    context = reading.feed(organisation, about=organisation.name) | {"organisation": organisation, "may_answer": False}
    return TemplateResponse(request, "opportunities/member_feed.html", context)
