"""The calls, and each of them as everybody may read it."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from core.mail import absolute
from core.pages import paginate
from funding.filters import CallFilter
from funding.models import FundingCall
from funding.permissions import can_run_calls
from funding.reading import calls as reading
from funding.reading import linked_data
from funding.reading.applications import applying
from funding.tabs import room_tabs
from funding.views.access import visible_call


def _may_run(request: HttpRequest) -> bool:
    return request.user.is_authenticated and bool(can_run_calls(request.user))


@login_not_required
@require_safe
def call_list(request: HttpRequest) -> HttpResponse:
    """What is open, what comes and what was."""
    calls = FundingCall.objects
    seen = calls.visible_to(request.user) if request.user.is_authenticated else calls.public()
    chosen = CallFilter(request.GET)
    page = paginate(request, chosen.ordered(chosen.narrowed(seen)).prefetch_related("funders"))
    context = {"page": page, "form": chosen, "rows": reading.rows(page), "may_run": _may_run(request)}
    context |= {"tabs": room_tabs(request), "canonical": absolute(reverse("funding:list"))}
    return TemplateResponse(request, "funding/list.html", context)


@login_not_required
@require_safe
def call(request: HttpRequest, slug: str) -> HttpResponse:
    """The published page of a call; a preview for managers."""
    found = visible_call(request, slug)
    context = {"call": found, "may_run": _may_run(request)} | reading.page(found)
    context |= {"canonical": absolute(found.get_absolute_url()), "facts_for_engines": linked_data.of_call(found)}
    context["applying"] = applying(request.user, [found])[found.pk]
    return TemplateResponse(request, "funding/call.html", context)
