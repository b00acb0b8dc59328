"""The room of matchmaking rounds."""

from django.apps import AppConfig


class MatchmakingConfig(AppConfig):
    """Rounds, who takes part, what they choose, the timetable, the day and what came of it."""

    name = "matchmaking"
