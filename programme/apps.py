"""The room of the programme."""

from django.apps import AppConfig


class ProgrammeConfig(AppConfig):
    """The strategy and its goals, the service catalogue and requests, and activities."""

    name = "programme"
