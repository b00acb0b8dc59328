"""Charts as a browser draws them: under the strict policy, in both themes, saved as files, readable without scripts."""

import pytest

from tests.evaluations import grounds

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def path(manager) -> str:
    return f"/evaluations/results/{grounds.prepared().slug}/barriers/"


def test_chart_is_drawn_and_redrawn_in_the_colours_of_the_theme(visit, manager, path):
    page = visit(manager, path, color_scheme="light")
    bar = page.locator("#chart-barriers .barlayer path").first
    bar.wait_for()
    light = bar.evaluate("path => path.style.fill")

    assert page.locator("#chart-barriers .barlayer path").count() == 4
    assert "72 %" in page.locator("#chart-barriers").text_content()
    assert page.locator("#chart-barriers").get_attribute("aria-label").startswith("Chart: “Option time” is the barrier")
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(
        "light => document.querySelector('#chart-barriers .barlayer path').style.fill !== light", arg=light
    )


def test_chart_by_groups_names_its_groups_and_hides_what_is_too_few(visit, manager, path):
    page = visit(manager, path + "?by=size_class")
    page.locator("#chart-by .barlayer path").first.wait_for()
    text = page.locator("#chart-by").text_content()

    assert "Micro, n = 48" in text
    assert "Small, n = 30" in text
    assert "–" in text


@pytest.mark.parametrize("kind", ["PNG", "SVG"])
def test_chart_is_saved_as_a_file(visit, manager, path, kind):
    page = visit(manager, path)
    with page.expect_download() as download:
        page.get_by_role("button", name=f"Chart as {kind}").first.press("Enter")
    data = download.value.path().read_bytes()

    assert download.value.suggested_filename == f"chart-barriers.{kind.lower()}"
    assert data.startswith(b"\x89PNG") if kind == "PNG" else b"<svg" in data[:200]
    assert len(data) > 4_000


def test_table_says_the_same_without_scripts(visit, manager, path):
    page = visit(manager, path, java_script_enabled=False)
    page.locator("summary", has_text="Show figures").first.click()

    assert page.get_by_role("row", name="Option time 72 100 72 %").is_visible()
    assert not page.locator("#chart-barriers").is_visible()
    assert page.get_by_role("button", name="Chart as PNG").count() == 0
