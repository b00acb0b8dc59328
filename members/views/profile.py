"""The profile: five questions, each on a page of its own that saves as one goes."""

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from members import cards, codes
from members.actions import organisations as actions
from members.forms.profiles import STEPS, StepForm
from members.models import Organisation
from members.permissions import can_edit_organisation, insist
from members.views import organisations
from members.views.access import visible_organisation

# The field that each list of codes is picked for.
PICKED_FOR = {"nace": "nace_codes", "markets": "markets", "languages": "languages"}


@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """The own organisation's page; who has none sees the own settings."""
    if membership := request.user.own_membership:
        return organisations.detail(request, membership.organisation.slug)
    return redirect("members:settings")


@require_safe
def next_step(request: HttpRequest, slug: str) -> HttpResponse:
    """The first question without an answer; the whole profile when each has one."""
    organisation = visible_organisation(request.user, slug)
    insist(can_edit_organisation(request.user, organisation))
    step = organisation.profile.next_step
    return redirect("members:step", slug, step) if step else redirect(organisation)


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, slug: str, step: str) -> HttpResponse:
    """One question. What is valid of it is saved, the rest stays in the page with the reason beside it."""
    if step not in STEPS:
        raise Http404
    organisation = visible_organisation(request.user, slug)
    insist(can_edit_organisation(request.user, organisation))
    if request.method != "POST":
        return _page(request, organisation, step, STEPS[step](profile=organisation.profile), saved=False)
    form = _save(request, organisation, step)
    if form.errors or request.htmx or "find" in request.POST:
        return _page(request, organisation, step, form, saved=True)
    return redirect(_after(organisation, step))


def _save(request: HttpRequest, organisation: Organisation, step: str) -> StepForm:
    form = STEPS[step](request.POST, profile=organisation.profile)
    form.is_valid()
    actions.change_profile(organisation=organisation, by=request.user, **form.changed_answers())
    form.profile.refresh_from_db()
    return form


def _after(organisation: Organisation, step: str) -> str:
    """The question after this one; the whole profile after the last."""
    keys = list(STEPS)
    at = keys.index(step) + 1
    return cards.step_url(organisation.slug, keys[at]) if at < len(keys) else organisation.get_absolute_url()


def _page(
    request: HttpRequest, organisation: Organisation, step: str, form: StepForm, *, saved: bool
) -> TemplateResponse:
    keys = list(STEPS)
    at = keys.index(step)
    context = {
        "organisation": organisation,
        "profile": organisation.profile,
        "form": form,
        "step": step,
        "steps": cards.steps(organisation.profile, organisation.slug, step),
        "number": at + 1,
        "back_url": cards.step_url(organisation.slug, keys[at - 1]) if at else "",
        "is_last": at + 1 == len(keys),
        "saved": saved,
    }
    # A save while one types answers with what goes beside the fields; what is being typed stays as it is.
    part = "#saved" if request.htmx and saved else ""
    return TemplateResponse(request, f"members/step.html{part}", context)


@require_safe
def search_codes(request: HttpRequest, scheme: str) -> HttpResponse:
    """What a picker finds for the words typed into it."""
    if scheme not in PICKED_FOR:
        raise Http404
    return TemplateResponse(request, "_components/code_results.html", _picked(request.GET, scheme))


def _picked(query: QueryDict, scheme: str) -> dict[str, object]:
    name = PICKED_FOR[scheme]
    words = query.get(f"{name}_q", "")
    found = codes.search(scheme, words, without=query.getlist(name))
    return {"name": name, "q": words, "results": found.options, "total": found.total}
