"""Answers that are the same for everybody: kept for a while, and not sent again to whoever has them."""

import hashlib
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import http_date


def for_everybody(
    request: HttpRequest, response: HttpResponse, *, fresh: int, changed_at: datetime | None = None
) -> HttpResponse:
    """The answer with a validator of its content; 304 where the reader has it. `fresh`: seconds until it asks again."""
    etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    modified = int(changed_at.timestamp()) if changed_at else None
    response["ETag"] = etag
    if modified:
        response["Last-Modified"] = http_date(modified)
    headers = {name: response[name] for name in ("Access-Control-Allow-Origin",) if name in response}
    response = get_conditional_response(request, etag=etag, last_modified=modified, response=response) or response
    for name, value in headers.items():
        response[name] = value
    patch_cache_control(response, public=True, max_age=fresh)
    return response
