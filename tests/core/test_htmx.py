"""A page, or only the part of it that htmx asked for."""

import pytest

from core.htmx import render_page
from core.pages import paginate


def rendered(rf, **headers: str) -> str:
    response = render_page(rf.get("/", headers=headers), "base.html", {}, part="results")
    assert {"HX-Request", "HX-Target"} <= {word.strip() for word in response.headers["Vary"].split(",")}
    return response.template_name


@pytest.mark.parametrize("target", ["results", "ul#results"])
def test_part_that_htmx_targets_is_rendered_alone(rf, target):
    assert rendered(rf, HX_Request="true", HX_Target=target) == "base.html#results"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"HX_Target": "results"},
        {"HX_Request": "true"},
        {"HX_Request": "true", "HX_Target": "main"},
        {"HX_Request": "true", "HX_Target": "../../secret"},
    ],
)
def test_everything_else_is_the_whole_page(rf, headers):
    assert rendered(rf, **headers) == "base.html"


@pytest.mark.parametrize(("asked", "number"), [("", 1), ("2", 2), ("3", 3), ("99", 3), ("0", 3), ("-1", 3), ("two", 1)])
def test_page_that_is_asked_for_or_the_nearest_one(rf, asked, number):
    assert paginate(rf.get("/", {"page": asked}), range(60)).number == number
