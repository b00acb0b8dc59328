"""The room of evaluations."""

from importlib import import_module

from django.apps import AppConfig


class EvaluationsConfig(AppConfig):
    """Questionnaires, waves, what companies answered, the outcomes on record, and what may be shown of them."""

    name = "evaluations"

    def ready(self) -> None:
        """What the room holds on people registers itself."""
        import_module("evaluations.holdings")
