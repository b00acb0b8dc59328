"""The rounds that one may see, and each of them."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from core.pages import paginate
from matchmaking.models import Round
from matchmaking.permissions import can_run_rounds, may_enter
from members.permissions import insist


@require_safe
def round_list(request: HttpRequest) -> HttpResponse:
    """Every round that this person runs, brings companies to or is invited to."""
    insist(may_enter(request.user))
    page = paginate(request, Round.objects.visible_to(request.user).for_list())
    context = {"page": page, "may_run": can_run_rounds(request.user)}
    return TemplateResponse(request, "matchmaking/list.html", context)
