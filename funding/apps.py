"""The room of funding calls."""

from django.apps import AppConfig


class FundingConfig(AppConfig):
    """Calls and their funders, applications, reviews, decisions, grants and the de minimis ledger."""

    name = "funding"
