"""Forms as the portal writes them: label, help and error belong together, and the summary leads to each field."""

from django import forms
from lxml import html

from core.actions import Refused
from core.forms import refused_on
from core.styleguide import SampleForm


def _page(form: forms.Form) -> html.HtmlElement:
    return html.fromstring(f"<main>{form.render()}</main>")


def test_optional_fields_are_marked_in_words_and_required_ones_are_not() -> None:
    page = _page(SampleForm())
    marked = {label.get("for") for label in page.iter("label") if "(optional)" in label.text_content()}
    assert marked == {"id_website", "id_hours", "id_brochure"}
    assert [legend.text_content() for legend in page.iter("legend")] == [
        "What may we send you (optional)",
        "How many work with you",
    ]


def test_every_description_that_a_control_names_is_there() -> None:
    page = _page(SampleForm({"website": "nowhere", "hours": "-4"}))
    named = [name for value in page.xpath("//@aria-describedby") for name in value.split()]
    assert {"id_website_error", "id_website_helptext", "id_hours_error", "id_size_error"} <= set(named)
    assert not [name for name in named if not page.xpath("//*[@id=$name]", name=name)]


def test_invalid_controls_say_so() -> None:
    page = _page(SampleForm({"website": "nowhere", "name": "Ängholm AB"}))
    assert page.get_element_by_id("id_website").get("aria-invalid") == "true"
    assert page.get_element_by_id("id_name").get("aria-invalid") is None


def test_the_summary_takes_focus_and_leads_to_each_field() -> None:
    page = _page(SampleForm({"website": "nowhere"}))
    summary = page.find_class("error-summary")[0]
    assert summary.get("tabindex") == "-1"
    assert summary.get("autofocus") is not None
    targets = [link.get("href").removeprefix("#") for link in summary.iter("a")]
    assert targets == ["id_name", "id_website", "id_about", "id_country", "id_size_0"]
    assert not [name for name in targets if not page.xpath("//*[@id=$name]", name=name)]


def test_a_form_without_errors_has_no_summary() -> None:
    assert not _page(SampleForm()).find_class("error-summary")


def test_an_error_of_the_whole_form_is_told_once_in_the_summary() -> None:
    form = SampleForm({"name": "Ängholm AB"})
    form.add_error(None, "These two do not go together.")
    assert form.render().count("These two do not go together.") == 1


def test_a_label_that_is_a_question_gets_no_colon_in_the_summary() -> None:
    form = SampleForm({})
    form.fields["name"].label = "Who are you?"
    assert "Who are you? We need this." in form.render()
    other = SampleForm({})
    other.fields["name"].label = "Name"
    assert "Name: We need this." in other.render()


def test_text_of_people_is_escaped() -> None:
    form = SampleForm({"name": "<b>x</b>", "country": "<i>"})
    assert "<b>x" not in form.render()
    assert "<i>" not in form.render()


def test_what_is_refused_stands_on_the_form_and_the_page_goes_on() -> None:
    form = SampleForm({})
    with refused_on(form):
        raise Refused("Somebody was faster. Look at the list.")
    with refused_on(form, "name"):
        raise Refused("This name is taken.")
    assert "Somebody was faster. Look at the list." in form.non_field_errors()
    assert "This name is taken." in form.errors["name"]


def test_what_is_refused_stands_at_the_field_that_the_refusal_names() -> None:
    form = SampleForm({})
    with refused_on(form):
        raise Refused("This name is taken.", field="name")
    with refused_on(form, "name"):
        raise Refused("Fewer are there.", field="places")  # the form has no such field
    with refused_on(form):
        raise Refused("It is over.", field="places")
    assert {"This name is taken.", "Fewer are there."} <= set(form.errors["name"])
    assert form.non_field_errors() == ["It is over."]
