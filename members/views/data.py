"""What the portal holds on an organisation, and who has seen or changed it."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.downloads import attachment
from core.pages import paginate
from members import history
from members.actions import organisations as actions
from members.models import Organisation
from members.permissions import belongs_to, can_see_people, insist
from members.reading import own_data
from members.views.access import visible_organisation


def _own(request: HttpRequest, slug: str) -> Organisation:
    organisation = visible_organisation(request.user, slug)
    insist(can_see_people(request.user, organisation))
    return organisation


@require_safe
def our_data(request: HttpRequest, slug: str) -> HttpResponse:
    """What is held, why and for how long, who saw it, and the way to take it along."""
    organisation = _own(request, slug)
    page = paginate(request, own_data.events(organisation))
    groups = own_data.on_organisation(organisation, colleague=belongs_to(request.user, organisation))
    context = {"organisation": organisation, "groups": groups, "page": page, "events": history.entries(page)}
    return TemplateResponse(request, "members/data.html", context)


@never_cache
@require_safe
def download(request: HttpRequest, slug: str) -> HttpResponse:
    """The organisation's data as a file that machines read too."""
    organisation = _own(request, slug)
    actions.note_download(organisation=organisation, by=request.user)
    colleague = belongs_to(request.user, organisation)
    return as_json(own_data.file_of_organisation(organisation, colleague=colleague), organisation.slug)


def as_json(held: dict[str, object], name: str) -> HttpResponse:
    """Plain data as a file for people and machines, named by what it is about and the day."""
    indented = {"indent": 2, "ensure_ascii": False}
    headers = attachment(f"{name}-{timezone.localdate()}.json")
    return JsonResponse(held, json_dumps_params=indented, headers=headers)
