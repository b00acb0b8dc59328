"""What drives work across borders and what slows it, beside each other."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from evaluations.reading import boosters as reading
from evaluations.tabs import room_tabs
from evaluations.views.access import for_readers


@require_safe
@for_readers
def boosters(request: HttpRequest) -> HttpResponse:
    """The newest survey that asked for both, or the one that is chosen."""
    context = reading.page(request.user, request.GET.get("wave", ""), get_language() or "en")
    return TemplateResponse(request, "evaluations/boosters.html", context | {"tabs": room_tabs(request)})
