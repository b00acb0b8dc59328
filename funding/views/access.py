"""Who may enter which pages of the room: everything is fetched through the person or the link that asks."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from core.numbers import whole_number
from funding.models import Application, FundingCall
from funding.permissions import can_run_calls, can_see_ranking
from members.permissions import insist
from members.views.access import only_if

for_managers = only_if(can_run_calls)


def visible_call(request: HttpRequest, slug: str) -> FundingCall:
    """The call of this address if whoever asks may see it; 404 otherwise, as if there were none."""
    calls = FundingCall.objects
    seen = calls.visible_to(request.user) if request.user.is_authenticated else calls.public()
    return get_object_or_404(seen, slug=slug)


def ranked_call(request: HttpRequest, slug: str) -> FundingCall:
    """The call of this address for its panel and the secretary; others get 403, or 404 if they do not see the call."""
    found = visible_call(request, slug)
    insist(can_see_ranking(request.user, found))
    return found


def handed_in(call: FundingCall, number: int) -> Application:
    """An application of the call that was handed in once, also one that was withdrawn since."""
    rows = Application.objects.filter(call=call, submissions__isnull=False).select_related("call", "lead").distinct()
    return get_object_or_404(rows, number=number)


def own_application(request: HttpRequest, reference: str) -> Application:
    """The application of this number if the person may see it; 404 otherwise, as if there were none."""
    code, _dash, number = reference.rpartition("-")
    found = Application.objects.visible_to(request.user).select_related("call", "lead")
    return get_object_or_404(found, call__code=code, number=whole_number(number))
