"""The open calls as JSON, for other portals: documented in docs/funding.md."""

import json

from django.contrib.auth.decorators import login_not_required
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from core.conditional import for_everybody
from funding.filters import CallFilter
from funding.reading import feeds as reading

FRESH = 300  # seconds for which another portal need not ask again


@login_not_required
@require_safe
def open_calls(request: HttpRequest) -> HttpResponse:
    """What is open or announced. Anybody may read it from any page."""
    feed, changed_at = reading.open_calls(CallFilter(request.GET))
    content = json.dumps(feed, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1).encode()
    response = HttpResponse(content, content_type="application/json; charset=utf-8")
    response["Access-Control-Allow-Origin"] = "*"
    return for_everybody(request, response, fresh=FRESH, changed_at=changed_at)
