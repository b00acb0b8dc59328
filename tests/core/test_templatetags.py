"""The small words of the templates."""

from datetime import UTC, date, datetime

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
