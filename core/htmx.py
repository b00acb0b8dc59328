"""All our htmx Python: a page, or only the part of it that htmx asked for."""

from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.cache import patch_vary_headers


def render_page(
    request: HttpRequest, template: str, context: dict, *, part: str, status: int | None = None
) -> TemplateResponse:
    """The page, or only its named part when htmx targets the element of that id.

    The element's id, the part's name and `HX-Target` are the same word. The server names the part: the client never
    chooses a template.
    """
    target = request.headers.get("HX-Target", "").rpartition("#")[2]  # htmx 2 sends "results", htmx 4 "div#results"
    only_part = request.headers.get("HX-Request") == "true" and target == part
    response = TemplateResponse(request, f"{template}#{part}" if only_part else template, context, status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response
