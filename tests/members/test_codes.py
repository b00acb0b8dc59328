"""The search over the code lists."""

import pytest
from django.urls import reverse

from core import codelists
from members import codes


def found(scheme, words, **kwargs):
    return [option.value for option in codes.search(scheme, words, **kwargs).options]


def test_every_nace_code_is_found_by_itself():
    assert len(codelists.nace()) == 1047
    assert [code for code in codelists.nace() if code not in found("nace", code, shown=2000)] == []


def test_activities_of_one_name_say_which_is_which():
    options = codes.options("nace", ["36", "36.0", "36.00", "A"])
    assert [option.label for option in options[:3]] == ["Water collection, treatment and supply"] * 3
    assert [str(option.level) for option in options] == ["division", "group", "class", "section"]


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("62.1", "62.1"),
        ("62", "62"),
        ("SEWERAGE", "37"),
        ("water", "36"),
        ("computer programming", "62"),
        ("programming computer", "62"),
        ("measuring instruments", "26.5"),
    ],
)
def test_nace_search_puts_the_nearest_first(words, first):
    assert found("nace", words)[0] == first


def test_nace_search_finds_by_the_labels_above():
    assert "37.00" in found("nace", "water sewerage", shown=200)


def test_nace_search_without_words_shows_nothing():
    assert codes.search("nace", "  ") == ([], 0)


def test_search_says_how_many_there_are():
    result = codes.search("nace", "manufacture")

    assert len(result.options) == codes.SHOWN
    assert result.total > 200


def test_search_leaves_out_what_is_chosen():
    assert "62.10" not in found("nace", "62", without=["62.10"])


def test_countries_without_words_are_the_near_ones_in_order():
    near = codes.search("markets", "").options

    assert len(near) == 33
    assert [option.label for option in near][:4] == ["Austria", "Belgium", "Bulgaria", "Croatia"]


@pytest.mark.parametrize(
    ("scheme", "words", "value"),
    [
        ("markets", "aland", "AX"),
        ("markets", "ÅLAND", "AX"),
        ("markets", "jp", "JP"),
        ("languages", "arab", "ar"),
        ("languages", "norw", "nb"),
    ],
)
def test_countries_and_languages_are_found_by_name_or_code(scheme, words, value):
    assert value in found(scheme, words)


def test_choices_are_in_order_for_people():
    names = [name for _code, name in codes.country_choices()]

    assert names.index("Åland Islands") < names.index("Albania")


def test_regions_lie_in_the_country():
    regions = dict(codes.region_choices("SE"))

    assert len(regions) == 21
    assert regions["SE213"] == "Kalmar län"
    assert dict(codes.region_choices("GR"))
    assert codes.region_choices("US") == []


def test_picker_answers_with_checkboxes(sign_in, owner):
    page = sign_in(owner).get(
        reverse("members:codes", args=["nace"]), {"nace_codes_q": "robot 28", "nace_codes": ["28.99"]}
    )
    assert "No code found" in page.content.decode()

    page = sign_in(owner).get(reverse("members:codes", args=["markets"]), {"markets_q": "finl"})
    assert 'name="markets" value="FI"' in page.content.decode()


@pytest.mark.parametrize("words", ["<script>alert(1)</script>", "%", "\\", "x" * 3000, "\x00"])
def test_picker_survives_what_is_typed(words, sign_in, owner):
    page = sign_in(owner).get(reverse("members:codes", args=["nace"]), {"nace_codes_q": words})

    assert page.status_code == 200
    assert "<script>" not in page.content.decode()


def test_unknown_list_is_not_found(sign_in, owner):
    assert sign_in(owner).get(reverse("members:codes", args=["cpv"])).status_code == 404
