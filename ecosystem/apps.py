"""The room of the ecosystem."""

from importlib import import_module

from django.apps import AppConfig


class EcosystemConfig(AppConfig):
    """Partner organisations, the pool of opportunities that is shared with them, and shared shortlists."""

    name = "ecosystem"

    def ready(self) -> None:
        """The checks register themselves, and what the room holds on people."""
        import_module("ecosystem.checks")
        import_module("ecosystem.holdings")
