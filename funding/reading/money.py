"""Amounts and shares in words."""

from decimal import Decimal

from django.utils.formats import number_format


def share(rate: Decimal) -> str:
    """50 %."""
    return f"{number_format(f'{(100 * rate).normalize():f}')} %"
