"""Amounts and shares in words."""

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from funding.models import Funder
from members.models import SizeClass


def share(rate: Decimal) -> str:
    """50 %."""
    return f"{number_format(f'{(100 * rate).normalize():f}')} %"


def rates_by_size(funder: Funder) -> list[str]:
    """Shares that differ by size as sentences, the smallest companies first."""
    said = _("%(size)s companies: %(share)s.")
    sizes = [each for each in SizeClass if each in funder.rates]
    return [said % {"size": each.label, "share": share(Decimal(str(funder.rates[each])))} for each in sizes]
