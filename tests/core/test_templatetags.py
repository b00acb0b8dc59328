"""The small words of the templates."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import time_machine
from django import forms
from django.forms.renderers import DjangoTemplates
from lxml import html

from core.templatetags import portal

TODAY = datetime(2027, 5, 3, 23, 30, tzinfo=UTC)  # already the 4th in Stockholm


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (50_000, "EUR", "EUR 50,000"),
        (1_234_567.6, "SEK", "SEK 1,234,568"),
        (0, "EUR", "EUR 0"),
        (999, "", "EUR 999"),
        (None, "EUR", ""),
    ],
)
def test_money(amount, currency, text):
    assert portal.money(amount, currency) == text


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (None, ""),
        (date(2027, 5, 3), "closed"),
        (date(2027, 5, 4), "today"),
        (date(2027, 5, 5), "1 day left"),
        (date(2027, 5, 18), "14 days left"),
        (date(2027, 5, 19), "2 weeks left"),
        (date(2027, 7, 13), "10 weeks left"),
        (date(2027, 7, 14), "2 months left"),
        (date(2028, 5, 3), "12 months left"),
        (datetime(2027, 5, 4, 22, 30, tzinfo=UTC), "1 day left"),
        (datetime(2027, 5, 4, 12, 0, tzinfo=UTC), "today"),
    ],
)
def test_days_left(day, text):
    with time_machine.travel(TODAY, tick=False):
        assert portal.days_left(day) == text


def test_names_of_countries_languages_and_activities():
    assert (portal.country("SE"), portal.country("??")) == ("Sweden", "??")
    assert (portal.language("sv"), portal.language("??")) == ("Swedish", "??")
    assert portal.countries(["SE", "EE", "FI"]) == "Estonia, Finland, Sweden"
    assert portal.countries(None) == ""
    assert portal.nace_label("26.51").startswith("Manufacture of instruments")
    assert portal.nace_label("nothing") == ""


class Choices(forms.Form):
    place = forms.ChoiceField(
        choices=[
            ("", "<b>None</b>"),
            ("Ports", [(1000, "Karlshamn"), ('"se"', "Malmö & Ystad")]),
            ("Inland", [("x", "Växjö")]),
            (None, "Not said"),
        ],
        initial='"se"',
    )
    several = forms.MultipleChoiceField(choices=[("1", "One"), ("2", "Two"), ("3", "Three")], initial=["1", "3"])


@pytest.mark.parametrize("name", ["place", "several"])
def test_options_written_at_once_are_those_of_the_widget(name):
    ours = str(Choices()[name])
    theirs = Choices()[name].field.widget.render(
        name, Choices().fields[name].initial, attrs={"id": f"id_{name}"}, renderer=DjangoTemplates()
    )

    said = [
        [(each.get("value"), each.get("selected"), each.text, each.getparent().get("label")) for each in found]
        for found in (html.fragment_fromstring(select).xpath(".//option") for select in (ours, theirs))
    ]
    assert said[0] == said[1]
    assert len(said[0]) >= 3
    assert "<b>" not in ours


def test_moments_of_the_portal_name_its_zone_as_every_page_does(settings):
    at = datetime(2027, 5, 3, 7, 0, 9, tzinfo=UTC)
    assert portal.register.filters["moment"](at) == "3 May 2027, 09:00, Stockholm (UTC+02:00)"
    assert portal.register.filters["second"](at) == "3 May 2027, 09:00:09, Stockholm (UTC+02:00)"
    assert portal.register.filters["hour"](at) == "09:00, Stockholm (UTC+02:00)"
    settings.TIME_ZONE = "Europe/Tallinn"
    assert portal.register.filters["moment"](at) == "3 May 2027, 10:00, Tallinn (UTC+03:00)"


def test_no_template_writes_a_zone_as_letters():
    # CET says little to a partner organisation abroad, and nothing in summer.
    as_letters = re.compile(r"""\|(?:date|time):["'][^"']*[His][^"']*[TeO]["']""")
    templates = Path("templates").rglob("*.*")
    assert not [path for path in templates if as_letters.search(path.read_text(encoding="utf-8"))]
