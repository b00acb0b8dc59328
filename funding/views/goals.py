"""Which goal of the strategy a call serves: said at any time, as it is no part of what applicants rely on."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.forms import refused_on
from funding.views.access import for_managers, visible_call
from programme.actions.aims import aim
from programme.forms.aims import AimForm


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def goal(request: HttpRequest, slug: str) -> HttpResponse:
    """A goal, a reason for none, or not said yet."""
    call = visible_call(request, slug)
    said = {"goal": call.goal_id, "why_no_goal": call.why_no_goal}
    form = AimForm(request.POST if request.method == "POST" else None, initial=said)
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            aim(at=call, by=request.user, **form.aim())
            messages.success(request, _("Saved."))
            return redirect("funding:overview", slug)
    return TemplateResponse(request, "funding/call_goal.html", {"call": call, "form": form})
