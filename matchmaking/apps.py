"""The room of matchmaking rounds."""

from importlib import import_module

from django.apps import AppConfig


class MatchmakingConfig(AppConfig):
    """Rounds, who takes part, what they choose, the timetable, the day and what came of it."""

    name = "matchmaking"

    def ready(self) -> None:
        """What the room holds on people registers itself."""
        import_module("matchmaking.holdings")
