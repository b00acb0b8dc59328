"""Who may enter which pages of the room: everything is fetched through the person or the link that asks."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from funding.models import FundingCall
from funding.permissions import can_run_calls, may_enter
from members.views.access import only_if

for_managers = only_if(can_run_calls)
for_members_and_partners = only_if(may_enter)


def visible_call(request: HttpRequest, slug: str) -> FundingCall:
    """The call of this address if whoever asks may see it; 404 otherwise, as if there were none."""
    calls = FundingCall.objects
    seen = calls.visible_to(request.user) if request.user.is_authenticated else calls.public()
    return get_object_or_404(seen, slug=slug)
