"""The open calls as JSON, for other portals: documented in docs/funding.md."""

import hashlib
import json

from django.contrib.auth.decorators import login_not_required
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from funding.filters import CallFilter
from funding.reading import feeds as reading

FRESH = 300  # seconds for which another portal need not ask again


@login_not_required
@require_safe
def open_calls(request: HttpRequest) -> HttpResponse:
    """What is open or announced. Anybody may read it from any page."""
    feed, changed_at = reading.open_calls(CallFilter(request.GET))
    content = json.dumps(feed, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1).encode()
    etag, modified = f'"{hashlib.sha256(content).hexdigest()[:32]}"', int(changed_at.timestamp())
    response = HttpResponse(content, content_type="application/json; charset=utf-8")
    response["ETag"] = etag
    response["Last-Modified"] = http_date(modified)
    response = get_conditional_response(request, etag=etag, last_modified=modified, response=response) or response
    response["Access-Control-Allow-Origin"] = "*"
    patch_cache_control(response, public=True, max_age=FRESH)
    return response
