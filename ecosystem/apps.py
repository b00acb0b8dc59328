"""The room of the ecosystem."""

from django.apps import AppConfig


class EcosystemConfig(AppConfig):
    """Partner organisations, the pool of opportunities that is shared with them, and shared shortlists."""

    name = "ecosystem"
