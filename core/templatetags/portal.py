"""Small words of the templates: money, days left, names of countries and languages, and links that keep the query."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.forms.utils import flatatt
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html, format_html_join, json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import clocks, codelists, zones

register = template.Library()


@register.simple_tag
def options(groups: Iterable[tuple[str | None, list[Mapping[str, Any]], int]]) -> str:
    """The options of a select, as its widget has them, written at once: a page can have hundreds of them."""
    found = []
    for name, parts in groupby(groups, key=itemgetter(0)):
        rows = [
            (each["value"], flatatt(each["attrs"]) if each["attrs"] else "", each["label"])
            for _name, choices, _index in parts
            for each in choices
        ]
        inside = format_html_join("\n  ", '<option value="{}"{}>{}</option>', rows)
        found.append(format_html('<optgroup label="{}">\n  {}\n  </optgroup>', name, inside) if name else inside)
    return format_html_join("\n  ", "{}", ((each,) for each in found))


@register.filter
def money(amount: float | Decimal | None, currency: str = "EUR") -> str:
    """EUR 50,000; nothing for an amount that is not known. Accounts are exact: a decimal number shows its cents."""
    if amount is None:
        return ""
    cents = 2 if isinstance(amount, Decimal) and amount % 1 else 0
    return f"{currency or 'EUR'} {number_format(round(amount, cents), decimal_pos=cents, force_grouping=True)}"


@register.filter
def cents(amount: Decimal | None) -> str:
    """EUR 12,500.50, and EUR 12,500 where there are no cents; nothing for an amount that is not known."""
    if amount is None:
        return ""
    return f"EUR {number_format(amount, decimal_pos=2, force_grouping=True)}".removesuffix(".00")


@register.filter
def days_left(day: date | datetime | None) -> str:
    """How long there is until a day, in words."""
    if day is None:
        return ""
    day = timezone.localtime(day).date() if isinstance(day, datetime) else day
    days = (day - timezone.localdate()).days
    if days < 0:
        return _("closed")
    if days == 0:
        return _("today")
    if days <= 14:
        return ngettext("%(days)s day left", "%(days)s days left", days) % {"days": days}
    if days <= 70:
        return ngettext("%(weeks)s week left", "%(weeks)s weeks left", days // 7) % {"weeks": days // 7}
    return ngettext("%(months)s month left", "%(months)s months left", days // 30) % {"months": days // 30}


@register.filter
def clock(moment: datetime, zone: str) -> str:
    """The time of day on the clocks of a zone: 09:30."""
    return f"{moment.astimezone(ZoneInfo(zone)):%H:%M}"


register.filter("moment", clocks.moment_here)
register.filter("hour", clocks.hour_here)
register.filter("second", clocks.second_here)


@register.filter
def day_in(moment: datetime, zone: str) -> str:
    """The day that a zone has at a moment: Tuesday 3 May 2027."""
    return date_format(moment.astimezone(ZoneInfo(zone)).date(), "l j F Y")


@register.filter
def zone_label(zone: str, at: datetime) -> str:
    """The zone in words as it is at a moment: Tallinn (UTC+03:00)."""
    return zones.label(zone, at)


@register.filter
def country(code: str) -> str:
    """The country's name; the code itself when it is not known."""
    return codelists.countries().get(code, code)


@register.filter
def language(code: str) -> str:
    """The language's name; the code itself when it is not known."""
    return codelists.languages().get(code, code)


@register.filter
def countries(codes: list[str] | None) -> str:
    """Several countries' names, in alphabetical order."""
    return ", ".join(sorted(country(code) for code in codes or []))


@register.filter
def nace_label(code: str) -> str:
    """The label of a NACE code."""
    entry = codelists.nace().get(code)
    return entry.label if entry else ""


PLAIN, LINKED = 'type="application/json"', 'type="application/ld+json"'


@register.filter
def linked_data(facts: object) -> SafeString:
    """Facts for search engines as JSON-LD: a block that browsers do not run, and that nothing within it can end."""
    return SafeString(json_script(facts).replace(PLAIN, LINKED, 1))
