"""The room of evaluations."""

from django.apps import AppConfig


class EvaluationsConfig(AppConfig):
    """Questionnaires, waves, what companies answered, the outcomes on record, and what may be shown of them."""

    name = "evaluations"
