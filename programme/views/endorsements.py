"""Who is asked, for the cluster team; the strategy on one page and the answer, for those who are asked."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.actions import Refused
from core.downloads import as_csv
from core.forms import refused_on
from members.models import User
from programme import links
from programme.actions import endorsements as actions
from programme.content import has_changed
from programme.forms.strategies import AnswerForm, StakeholderForm
from programme.models import Endorsement
from programme.reading import strategies as reading
from programme.tabs import strategy_tabs
from programme.views.access import by_link, for_managers, visible_strategy


@require_safe
@for_managers
def stakeholders_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """The same for a spreadsheet, with what was said of every version."""
    strategy = visible_strategy(request.user, slug)
    return as_csv(reading.stakeholders_as_file(strategy), f"stakeholders-{strategy.slug}.csv")


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def stakeholders(request: HttpRequest, slug: str) -> HttpResponse:
    """The list with what they said; one more."""
    strategy = visible_strategy(request.user, slug)
    form = StakeholderForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            actions.ask(strategy=strategy, by=request.user, **form.cleaned_data)
            messages.success(request, _("Added. The link went out.") if strategy.number else _("Added."))
            return redirect("programme:stakeholders", slug)
    context = {
        "strategy": strategy,
        "form": form,
        "tabs": strategy_tabs(request, strategy),
        "has_changed": has_changed(strategy),
        **reading.stakeholders(strategy),
    }
    return TemplateResponse(request, "programme/stakeholders.html", context)


def _endorsement(user: User, slug: str, pk: int) -> Endorsement:
    rows = Endorsement.objects.visible_to(user).select_related("strategy")
    return get_object_or_404(rows, pk=pk, strategy__slug=slug)


@require_POST
@for_managers
def take_off(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Off the list."""
    try:
        actions.take_off(endorsement=_endorsement(request.user, slug, pk), by=request.user)
        messages.success(request, _("Taken off the list. The link opens nothing any more."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("programme:stakeholders", slug)


@require_POST
@for_managers
def send_again(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The link once more."""
    try:
        sent = actions.send_again(endorsement=_endorsement(request.user, slug, pk), by=request.user)
        messages.success(request, _("The link is on its way.") if sent else _("It was sent today already."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("programme:stakeholders", slug)


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def endorse(request: HttpRequest, endorsement: Endorsement) -> HttpResponse:
    """One version on one page, and the answer. The last answer counts, for the version that stands here."""
    said = {} if endorsement.answer == "asked" else {"answer": endorsement.answer, "words": endorsement.words}
    form = AnswerForm(request.POST or None, initial=said)
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            endorses = form.cleaned_data["answer"] == Endorsement.Answer.ENDORSED
            actions.answer(endorsement=endorsement, endorses=endorses, words=form.cleaned_data["words"])
            messages.success(request, _("Thank you. Your answer is noted; you can change it by the same link."))
            return redirect("programme:endorse", links.token_of(endorsement))
    version = endorsement.strategy.versions.get(number=endorsement.number)
    context = {
        "endorsement": endorsement,
        "strategy": endorsement.strategy,
        "version": version,
        "is_older": endorsement.number < endorsement.strategy.number,
        "sheet": reading.sheet(version.content, with_readings=False),
        "form": form,
    }
    return TemplateResponse(request, "programme/endorse.html", context)
