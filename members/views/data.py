"""What the portal holds on an organisation, and who has seen or changed it."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.downloads import attachment
from core.pages import paginate
from members import history
from members.actions import organisations as actions
from members.models import Organisation
from members.permissions import can_see_people, insist
from members.reading import own_data
from members.views.access import visible_organisation


def _own(request: HttpRequest, slug: str) -> Organisation:
    organisation = visible_organisation(request.user, slug)
    insist(can_see_people(request.user, organisation))
    return organisation


@require_safe
def our_data(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything that was noted, page by page, and the way to take it along."""
    organisation = _own(request, slug)
    page = paginate(request, own_data.events(organisation))
    context = {"organisation": organisation, "page": page, "events": history.entries(page)}
    return TemplateResponse(request, "members/data.html", context)


@require_safe
def download(request: HttpRequest, slug: str) -> HttpResponse:
    """The organisation's data as a file that machines read too."""
    organisation = _own(request, slug)
    actions.note_download(organisation=organisation, by=request.user)
    return JsonResponse(
        own_data.everything(organisation),
        json_dumps_params={"indent": 2, "ensure_ascii": False},
        headers=attachment(f"{organisation.slug}-{timezone.localdate()}.json"),
    )
