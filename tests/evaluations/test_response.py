"""The response so far, by group: what is shown, and what would say too much."""

import re

import pytest
from django.urls import reverse
from lxml import html

from evaluations import sizes
from evaluations.models import Invitee, Preparation, Wave
from evaluations.reading.response import TOGETHER, counts, tables, together, told
from evaluations.tabulating import GROUPS
from tests.evaluations.surveys import opened
from tests.factories.evaluations import InviteeFactory, ResponseFactory, WaveFactory

HIDDEN = None


def shown(totals: dict[str, tuple[int, int]], *, threshold: int = 5) -> dict[str, int | None]:
    made = sizes.protected({name: {} for name in GROUPS} | {"size_class": totals}, threshold=threshold)
    return told(totals, counts(made["size_class"]), threshold=threshold)


@pytest.mark.parametrize(
    ("totals", "expected"),
    [
        ({"micro": (30, 12), "small": (20, 9)}, {"micro": 12, "small": 9}),
        ({"micro": (30, 12), "small": (20, 0)}, {"micro": 12, "small": 0}),
        ({"micro": (30, 3)}, {"micro": HIDDEN}),
    ],
)
def test_large_groups_are_shown_and_small_ones_are_not(totals, expected):
    assert shown(totals) == expected


def test_second_group_is_hidden_where_the_total_would_give_the_first_away():
    assert shown({"micro": (30, 12), "small": (20, 9), "large": (9, 2)}) == {
        "micro": 12,
        "small": HIDDEN,
        "large": HIDDEN,
    }


def test_group_in_which_everybody_has_answered_is_hidden_with_another():
    found = shown({"micro": (8, 8), "small": (20, 9), "medium": (12, 7)})

    assert found["micro"] is HIDDEN
    assert sum(each is HIDDEN for each in found.values()) >= 2


def test_groups_in_which_everybody_has_answered_are_not_alone_behind_the_total():
    """E and F are small, and their sum would say that all of them have answered."""
    found = shown({"C": (40, 22), "D": (30, 12), "E": (6, 6), "F": (5, 5)})

    assert found == {"C": 22, "D": HIDDEN, "E": HIDDEN, "F": HIDDEN}


def test_where_all_have_answered_the_total_says_so_and_groups_are_shown():
    assert shown({"micro": (12, 12), "small": (9, 9)}) == {"micro": 12, "small": 9}


def test_no_group_is_shown_before_there_are_enough_answers_at_all():
    """Who knows that three have answered knows the one group that is not shown as zero."""
    assert shown({"micro": (30, 3), "small": (20, 0)}) == {"micro": HIDDEN, "small": HIDDEN}


def test_groups_of_few_stand_together():
    totals = {"C": (30, 12), "D": (1, 0), "E": (4, 4), "": (3, 1)}

    assert together(totals, threshold=5) == {"C": (30, 12), TOGETHER: (8, 5)}
    assert together({"C": (30, 12)}, threshold=5) == {"C": (30, 12)}


@pytest.mark.parametrize(("few", "expected"), [((3, 3), HIDDEN), ((4, 3), 12)])
def test_groups_of_few_together_are_shown_unless_everybody_has_answered(few, expected):
    found = shown({"C": (30, 12)} | dict.fromkeys("DEFG", few))

    assert found[TOGETHER] == expected
    assert (found["C"] is HIDDEN) == (expected is HIDDEN)


def test_zero_of_a_few_is_hidden_and_not_alone():
    assert shown({"micro": (30, 12), "small": (20, 9), "large": (3, 0)}) == {
        "micro": 12,
        "small": HIDDEN,
        TOGETHER: HIDDEN,
    }


def test_threshold_of_the_wave_counts():
    assert shown({"micro": (30, 12), "small": (20, 9)}, threshold=10)["small"] is HIDDEN


def _asked(wave: Wave, n: int, *, answered: int, **groups: object) -> None:
    for number in range(n):
        InviteeFactory(wave=wave, has_answered=number < answered, **groups)


@pytest.mark.django_db
def test_page_shows_the_rate_and_hides_small_groups(sign_in, manager):
    wave = WaveFactory()
    _asked(wave, 12, answered=7, size_class="micro")
    _asked(wave, 10, answered=6, size_class="small")
    _asked(wave, 4, answered=2, size_class="large", country="")
    ResponseFactory(wave=wave, half_way=True)

    page = html.document_fromstring(sign_in(manager).get(wave.get_absolute_url()).content)

    text = " ".join(page.text_content().split())
    assert "Answers 15 of 26 asked, 58 %" in text
    assert re.search(r"Begun, not handed in 1 ", text)
    by_size = {
        row.xpath("./th")[0].text_content().strip(): row.xpath("normalize-space(./td[2])")
        for row in page.xpath("//tbody/tr")
    }
    assert "Large" not in by_size
    assert by_size["Smaller groups together"] == "Too few to show"
    assert {by_size["Micro"], by_size["Small"]} != {"7", "6"}, "one of them is hidden beside it"


@pytest.mark.django_db
def test_tables_ask_two_questions_whatever_is_asked(django_assert_num_queries):
    wave = WaveFactory()
    for n in range(12):
        InviteeFactory(wave=wave, has_answered=n % 2 == 0, section="ABC"[n % 3])

    with django_assert_num_queries(2):
        found = tables(wave)

    assert [each["caption"] for each in found] == ["By size", "By sector", "By country"]


@pytest.mark.django_db
def test_after_closing_only_the_total_stands_there_and_figures_are_being_made(sign_in, manager):
    wave = opened(manager)
    Invitee.objects.filter(pk=wave.invitees.first().pk).update(has_answered=True)
    client = sign_in(manager)

    client.post(reverse("evaluations:close_wave", args=[wave.slug]))
    page = " ".join(html.document_fromstring(client.get(wave.get_absolute_url()).content).text_content().split())

    assert "Answers 1 of 6 asked, 17 %" in page
    assert "By size" not in page
    assert Preparation.objects.get().wave == wave
