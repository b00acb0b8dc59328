"""The two addresses that other portals open: who this portal is, and where packets are put."""

from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from core.limits import limited
from ecosystem import identity
from ecosystem.actions.receiving import NotKept, receive, result_of
from ecosystem.exchange import MAX_BYTES, Code

NOT_TAKEN = {Code.TOO_LARGE: 413, Code.UNKNOWN_SENDER: 403, Code.UNKNOWN_KEY: 403, Code.BAD_SIGNATURE: 403}
OFF = "This portal exchanges no packets."


@login_not_required
@require_safe
@cache_control(public=True, max_age=300)
def introduction(request: HttpRequest) -> JsonResponse:
    """Name, versions and public keys: nothing that is not meant for everybody."""
    told = identity.introduction()
    return JsonResponse(told) if told else JsonResponse({"code": "off", "message": OFF}, status=404)


@csrf_exempt  # other portals post here, which have no session and no form: the packet's signature is the proof
@login_not_required
@require_POST
@limited("exchange-inbox", times=120, within=timedelta(hours=1))
def inbox(request: HttpRequest) -> JsonResponse:
    """Takes a packet, and answers with a code, a message and the records that were not taken."""
    if identity.own_key() is None:
        return JsonResponse({"code": "off", "message": OFF}, status=404)
    data = request.read(MAX_BYTES + 1)  # no more of it than tells that it is too large
    try:
        packet = receive(data=data, by=None)
    except NotKept as fault:
        told = {"code": fault.refused.code, "message": fault.refused.message}
        return JsonResponse(told, status=NOT_TAKEN.get(fault.refused.code, 422))
    return JsonResponse(result_of(packet), status=200 if packet.is_taken else NOT_TAKEN.get(packet.code, 422))
