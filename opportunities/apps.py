from importlib import import_module

from django.apps import AppConfig


class OpportunitiesConfig(AppConfig):
    name = "opportunities"

    def ready(self) -> None:
        """What the room holds on people registers itself."""
        import_module("opportunities.holdings")
