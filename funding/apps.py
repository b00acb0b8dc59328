"""The room of funding calls."""

from importlib import import_module

from django.apps import AppConfig


class FundingConfig(AppConfig):
    """Calls and their funders, applications, reviews, decisions, grants and the de minimis ledger."""

    name = "funding"

    def ready(self) -> None:
        """What the room holds on people registers itself."""
        import_module("funding.holdings")
