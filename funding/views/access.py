"""Who may enter which pages of the room: everything is fetched through the person or the link that asks."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from funding.models import FundingCall
from funding.permissions import can_run_calls, can_see_grants
from members.models import Organisation
from members.views.access import only_if

for_managers = only_if(can_run_calls)
for_grants = only_if(can_see_grants)


def visible_call(request: HttpRequest, slug: str) -> FundingCall:
    """The call of this address if whoever asks may see it; 404 otherwise, as if there were none."""
    calls = FundingCall.objects
    seen = calls.visible_to(request.user) if request.user.is_authenticated else calls.public()
    return get_object_or_404(seen, slug=slug)


def own_organisation(request: HttpRequest, slug: str) -> Organisation:
    """The organisation of this address if the person belongs to it; 404 otherwise."""
    own = [m.organisation_id for m in request.user.all_memberships if not m.organisation.is_home]
    return get_object_or_404(Organisation.objects.filter(pk__in=own), slug=slug)


def own_or_managed(request: HttpRequest, slug: str) -> Organisation:
    """Managers reach every organisation's part of the ledger; others that of their own."""
    if request.user.is_manager:
        return get_object_or_404(Organisation.objects.filter(is_home=False), slug=slug)
    return own_organisation(request, slug)
