"""What effort serves which goal, for managers: by name."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from core.downloads import as_csv
from evaluations.reading import goals as reading
from evaluations.tabs import room_tabs
from evaluations.views.access import for_managers


@require_safe
@for_managers
def export(request: HttpRequest) -> HttpResponse:
    """The same, thing by thing, for a spreadsheet."""
    rows = reading.as_file(request.user, request.GET.get("strategy", ""))
    return as_csv(rows, f"effort-{timezone.localdate():%Y-%m-%d}.csv")


@require_safe
@for_managers
def effort(request: HttpRequest) -> HttpResponse:
    """The strategy that is asked for, or the one that holds now."""
    context = reading.page(request.user, request.GET.get("strategy", ""), get_language() or "en")
    return TemplateResponse(request, "evaluations/goals.html", context | {"tabs": room_tabs(request)})
