"""What is looked at before the portal starts."""

from typing import Any

from django.core.checks import Error, register
from django.core.exceptions import ImproperlyConfigured

from ecosystem import identity


@register()
def exchange_key(**_options: Any) -> list[Error]:
    """A key that is none is told at once, and not by the first packet."""
    try:
        identity.own_key()
    except ImproperlyConfigured as fault:
        return [Error(str(fault), hint="Make one with: python -m ecosystem.exchange keys", id="ecosystem.E001")]
    return []
