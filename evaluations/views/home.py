"""The first page of the room."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from evaluations.models import Wave
from evaluations.tabs import room_tabs
from evaluations.views.access import for_readers


@require_safe
@for_readers
def home(request: HttpRequest) -> HttpResponse:
    """The newest results."""
    waves = Wave.objects.visible_to(request.user).with_results()
    return TemplateResponse(request, "evaluations/home.html", {"waves": waves, "tabs": room_tabs(request)})
