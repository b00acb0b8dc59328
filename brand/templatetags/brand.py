"""JSON-LD in a page."""

from django import template
from django.utils.html import json_script
from django.utils.safestring import SafeString

register = template.Library()
PLAIN, LINKED = 'type="application/json"', 'type="application/ld+json"'


@register.filter
def json_ld(data: object) -> SafeString:
    """The data as a block that browsers do not run; whatever is in it cannot end the block."""
    return SafeString(json_script(data).replace(PLAIN, LINKED, 1))
