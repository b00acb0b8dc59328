"""The room of the programme."""

from importlib import import_module

from django.apps import AppConfig


class ProgrammeConfig(AppConfig):
    """The strategy and its goals, the service catalogue and requests, and activities."""

    name = "programme"

    def ready(self) -> None:
        """What the room holds on people registers itself."""
        import_module("programme.holdings")
