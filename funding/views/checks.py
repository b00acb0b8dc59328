"""Who can apply: a visitor answers a few questions, and reads what the rules say. Nothing is kept."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from funding import quick_check
from funding.checking import call_of
from funding.models import FundingCall
from funding.reading import checks as reading
from funding.reading.applications import applying
from funding.views.access import visible_call


@never_cache
@login_not_required
@require_safe
def check(request: HttpRequest, slug: str) -> HttpResponse:
    """The step that is to be answered next, or what the rules say of all answers."""
    call = visible_call(request, slug)
    if not call.funders.exists() or call.status == FundingCall.Status.CANCELLED:
        raise Http404
    rules_of = call_of(call)
    walk = reading.walk(rules_of, request.GET, reading.of_profile(request.user))
    context: dict[str, object] = {"call": call, "walk": walk}
    if walk.form is None:
        # Who looks before the call opens asks whether to prepare.
        moment = max(timezone.now(), call.opens_at)
        asked = quick_check.application_of(rules_of, walk.said, moment=moment, granting_on=call.granting_on)
        context["applying"] = applying(request.user, [call])[call.pk]
        context["verdict"] = reading.verdict(quick_check.lines(rules_of, asked), walk.steps)
        return TemplateResponse(request, "funding/check_result.html", context)
    return TemplateResponse(request, "funding/check.html", context)
