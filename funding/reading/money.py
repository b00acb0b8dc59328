"""Amounts and shares in words."""

from decimal import Decimal

from django.utils.formats import number_format


def euro(amount: Decimal | None) -> str:
    """EUR 50,000, with cents where there are any; blank for an amount that is not known."""
    if amount is None:
        return ""
    return f"EUR {number_format(amount, decimal_pos=2, force_grouping=True)}".removesuffix(".00")


def share(rate: Decimal) -> str:
    """50 %."""
    return f"{number_format(f'{(100 * rate).normalize():f}')} %"
