"""The calls, and each of them as everybody may read it."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from core.pages import paginate
from funding.models import FundingCall
from funding.permissions import can_run_calls, can_see_grants
from funding.views.access import visible_call


@login_not_required
@require_safe
def call_list(request: HttpRequest) -> HttpResponse:
    """What is open, what comes and what was."""
    calls = FundingCall.objects
    seen = calls.visible_to(request.user) if request.user.is_authenticated else calls.public()
    page = paginate(request, seen.order_by("-deadline", "-pk"))
    may_run = request.user.is_authenticated and can_run_calls(request.user)
    has_grants = request.user.is_authenticated and can_see_grants(request.user)
    context = {"page": page, "may_run": may_run, "has_grants": has_grants}
    return TemplateResponse(request, "funding/list.html", context)


@login_not_required
@require_safe
def call(request: HttpRequest, slug: str) -> HttpResponse:
    """The published page of a call."""
    return TemplateResponse(request, "funding/call.html", {"call": visible_call(request, slug)})
