"""Questions that depend on others: hidden by the script while nothing asks them, there for everybody without it."""

import pytest

from evaluations import instrument
from evaluations.actions import questionnaires as actions
from tests.evaluations.instrument.questions import made, question, when

pytestmark = pytest.mark.browser
PATH = "/evaluations/questionnaires/chain/1/"


@pytest.fixture
def chain(manager) -> None:
    content = made(
        question("first"),
        question("second", "multiple", when=when("first", "a")),
        question("third", "text", when=when("second")),
    )
    actions.add_questionnaire(name="Chain", content=content, by=manager)


def test_a_question_appears_when_its_condition_holds_and_goes_with_it(visit, manager, chain):
    page = visit(manager, PATH)
    second, third = page.locator("[name=q-second]").first, page.locator("[name=q-third]")
    assert (second.is_visible(), third.is_visible()) == (False, False)

    page.get_by_label("A", exact=True).first.check()
    second.check()
    assert (second.is_visible(), third.is_visible()) == (True, True)
    assert not page.get_by_text("Only if").first.is_visible()

    # What is hidden counts for nothing, though it is still ticked.
    page.get_by_label("B", exact=True).first.check()
    assert (second.is_visible(), third.is_visible()) == (False, False)


def test_without_scripts_every_question_stands_there_and_says_when_it_counts(visit, manager, chain):
    page = visit(manager, PATH, java_script_enabled=False)

    assert page.locator("[name=q-third]").is_visible()
    assert page.get_by_text("Only if: “About first?” is answered with “A”.").is_visible()
    page.get_by_label("B", exact=True).first.check()
    page.get_by_role("button", name="Try these answers").click()
    assert page.get_by_text("These answers fit").is_visible()


def test_a_phone_answers_the_main_questionnaire_without_sideways_scrolling(visit, manager):
    actions.add_questionnaire(name="Chain", content=instrument.shipped()["t1"], by=manager)
    page = visit(manager, f"{PATH}?language=de", viewport={"width": 360, "height": 740})

    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    heights = page.locator(".tap-list label").evaluate_all(
        "all => all.filter(e => e.checkVisibility()).map(e => e.offsetHeight)"
    )
    assert len(heights) >= 40
    assert min(heights) >= 44
