"""The first page of the room."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from evaluations.reading import results as reading
from evaluations.tabs import room_tabs
from evaluations.views.access import for_readers


@require_safe
@for_readers
def home(request: HttpRequest) -> HttpResponse:
    """The newest results."""
    context = reading.home(request.user, get_language() or "en") | {"tabs": room_tabs(request)}
    return TemplateResponse(request, "evaluations/home.html", context)
