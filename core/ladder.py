"""The results ladder: in which words every room says what came of something, what it is worth and whether it was us."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Rung(models.TextChoices):
    """The results ladder, from the bottom up."""

    NOTHING = "nothing", _("Nothing came of it")
    KNOWLEDGE = "knowledge", _("New knowledge")
    CONTACT = "contact", _("A lasting contact")
    OPPORTUNITY = "opportunity", _("An opportunity we work on")
    PROJECT = "project", _("A joint project")
    AGREEMENT = "agreement", _("An agreement")
    SALES = "sales", _("Sales")


class AmountClass(models.TextChoices):
    """What it is worth, in classes: no exact amount of a company is asked for or kept."""

    UNDER_10K = "under_10k", _("under EUR 10,000")
    UNDER_50K = "under_50k", _("EUR 10,000 to 50,000")
    UNDER_250K = "under_250k", _("EUR 50,000 to 250,000")
    UNDER_1M = "under_1m", _("EUR 250,000 to 1 million")
    OVER_1M = "over_1m", _("EUR 1 million or more")


class Attribution(models.TextChoices):
    """Whether it would have happened without the cluster, as the company says."""

    WOULD_NOT = "would_not", _("It would not have happened")
    LATER = "later", _("It would have happened later")
    ANYWAY = "anyway", _("It would have happened anyway")


# Rungs at which money has a place.
WORTH_MONEY = frozenset({Rung.AGREEMENT, Rung.SALES})


def fitting(*, rung: str, amount: str, attribution: str) -> dict[str, str]:
    """What is told of a rung: no worth below an agreement, and nothing to attribute where nothing came of it."""
    return {
        "amount": amount if rung in WORTH_MONEY else "",
        "attribution": "" if rung == Rung.NOTHING else attribution,
    }
