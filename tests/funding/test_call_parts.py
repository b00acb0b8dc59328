"""Funders, the form and criteria of a draft: added, changed, put in order, removed; and what does not fit."""

import re
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from lxml import html

from core.actions import Refused
from core.marks import mark_of
from core.models import AuditEvent
from funding.actions import call_parts as actions
from funding.forms.fields import region_codes
from funding.models import Criterion, Funder, Question
from tests.factories.funding import CriterionFactory, FunderFactory, FundingCallFactory, QuestionFactory
from tests.funding.call_ground import funder_facts, page, ready

pytestmark = pytest.mark.django_db


@pytest.fixture
def call():
    return FundingCallFactory(draft=True)


@pytest.fixture
def client(sign_in, manager):
    return sign_in(manager)


def test_a_funder_is_added_with_its_shares_and_regions(client, call, manager):
    typed = funder_facts(
        rate="50", rate_micro="70.5", regions="SE23 Västsverige\nstockholm", sizes=["micro", "small"],
        most_previous_grants="1", previous_grants_years="3", contact_email="fonden@funder.example",
    )  # fmt: skip

    answer = client.post(page("add_funder", call.slug), typed, follow=True).content.decode()

    funder = call.funders.get()
    assert (str(funder.rate), funder.rates) == ("0.5000", {"micro": "0.705"})
    assert funder.regions[0] == "SE23"
    assert funder.regions[1].startswith("SE11")
    assert (funder.sizes, funder.is_de_minimis, funder.most_previous_grants) == (["micro", "small"], True, 1)
    assert "EUR 200,000" in answer
    again = client.get(page("funder", call.slug, funder.pk)).content.decode()
    assert 'value="70.5"' in again
    assert "SE23 Västsverige" in again
    assert AuditEvent.objects.get(action="funding.funder_added").actor_id == manager.pk


def test_a_new_funder_pays_all_costs_until_something_else_is_typed(client, call):
    shown = client.get(page("add_funder", call.slug)).content.decode()

    assert re.search(r'name="rate"[^>]*value="100"|value="100"[^>]*name="rate"', shown)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"budget_eur": "-5"}, "Write 1 or more."),
        ({"budget_eur": "0"}, "Write 1 or more."),
        ({"budget_eur": "99999999999"}, "1000000000 or less"),
        ({"budget_eur": "1000.001"}, "decimal"),
        ({"budget_eur": "a lot"}, "number"),
        ({"rate": "101"}, "100 or less"),
        ({"rate": "-1"}, "Write 0 or more."),
        ({"rate_small": "150"}, "100 or less"),
        ({"member_state": ""}, "We need this."),
        ({"member_state": "XX"}, "Choose from the list."),
        ({"regions": "EE00"}, "“EE00” is no region of Sweden."),
        ({"regions": "<b>Oz</b>"}, "&lt;b&gt;Oz&lt;/b&gt;” is no region of Sweden."),
        ({"smallest_grant_eur": "70000"}, "It is above the largest grant."),
        ({"largest_grant_eur": "300000"}, "It is above the budget of this funder."),
        ({"most_previous_grants": "1"}, "Say both"),
        ({"previous_grants_years": "0", "most_previous_grants": "1"}, "Write 1 or more."),
        ({"kinds": ["pirate"]}, "Choose from the list."),
        ({"name": ""}, "We need this."),
    ],
)
def test_a_funder_that_does_not_fit_is_not_added(client, call, typed, sentence):
    answer = client.post(page("add_funder", call.slug), funder_facts(criteria="Typed <words>") | typed).content.decode()

    assert sentence in answer
    assert "Typed &lt;words&gt;" in answer
    assert not Funder.objects.exists()


def test_two_parts_of_a_name_are_a_slip(client, call, manager):
    FunderFactory(call=call, name="Havsfonden")
    CriterionFactory(call=call, name="Benefit")
    typed = {"name": "benefit", "asks": "What?", "most": "5", "weight": "1"}

    assert "of this name already" in client.post(page("add_funder", call.slug), funder_facts()).content.decode()
    assert "of this name already" in client.post(page("add_criterion", call.slug), typed).content.decode()
    with pytest.raises(Refused, match="There is one named Havsfonden already"):
        actions.save_funder(call=call, by=manager, name="Havsfonden", member_state="SE", budget_eur=1)
    assert (Funder.objects.count(), Criterion.objects.count()) == (1, 1)


@pytest.mark.parametrize("kind", Question.Kind.values)
def test_a_question_of_each_kind_is_added_and_shown_as_applicants_see_it(client, call, kind):
    typed = {"text": f"Which <i>{kind}</i>?", "asked_of": "consortium", "options": "One\nTwo", "most_words": "50"}

    client.post(page("add_question", call.slug) + f"?kind={kind}", typed | {"is_required": "on"})

    question = Question.objects.get()
    assert (question.kind, question.text, question.is_required) == (kind, f"Which <i>{kind}</i>?", True)
    assert question.options == (["One", "Two"] if kind in ("choice", "choices") else [])
    assert question.most_words == (50 if kind in ("short_text", "long_text") else None)
    shown = client.get(page("preview", call.slug)).content.decode()
    assert f"Which &lt;i&gt;{kind}&lt;/i&gt;?" in shown
    assert f"question_{question.pk}" in shown


@pytest.mark.parametrize(
    ("kind", "typed", "sentence"),
    [
        ("choice", {"options": "One"}, "Give two options or more."),
        ("choices", {"options": "One\none"}, "“one” is there twice."),
        ("choice", {"options": ""}, "We need this."),
        ("long_text", {"most_words": "0"}, "Write 1 or more."),
        ("long_text", {"text": " "}, "We need this."),
    ],
)
def test_a_question_that_does_not_fit_is_not_added(client, call, kind, typed, sentence):
    facts = {"text": "Which?", "asked_of": "consortium", "help": "Typed"} | typed

    answer = client.post(page("add_question", call.slug) + f"?kind={kind}", facts).content.decode()

    assert sentence in answer
    assert ">\nTyped</textarea>" in answer
    assert not Question.objects.exists()


def test_a_question_of_one_funder_goes_to_its_partners(client, call, manager):
    funder, elsewhere = FunderFactory(call=call), FunderFactory()
    address = page("add_question", call.slug) + "?kind=long_text"
    typed = {"text": "Which?", "asked_of": "consortium", "funder": funder.pk}

    assert "The consortium has no single funder." in client.post(address, typed).content.decode()
    other = client.post(address, typed | {"asked_of": "partner", "funder": elsewhere.pk}).content.decode()
    assert "Choose from the list." in other
    client.post(address, typed | {"asked_of": "partner"})
    assert Question.objects.get().funder == funder
    with pytest.raises(Refused, match="not one of the call"):
        actions.save_question(call=call, by=manager, text="x", kind="long_text", asked_of="partner", funder=elsewhere)


def test_there_is_no_question_of_an_unknown_kind(client, call):
    assert client.get(page("add_question", call.slug) + "?kind=riddle").status_code == 404


def test_a_criterion_has_words_for_its_scores(client, call):
    typed = {"name": "Benefit", "asks": "What changes?", "most": "5", "weight": "2", "threshold": "3"}

    client.post(page("add_criterion", call.slug), typed | {"anchor_0": "Nothing.", "anchor_5": "<b>Much</b>."})

    criterion = call.criteria.get()
    assert criterion.anchors == {"0": "Nothing.", "5": "<b>Much</b>."}
    shown = client.get(page("criteria", call.slug)).content.decode()
    assert "&lt;b&gt;Much&lt;/b&gt;." in shown
    assert "weight 2" in shown


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"threshold": "6"}, "Choose a number from 0 to 5."),
        ({"threshold": "-1"}, "Choose a number from 0 to 5."),
        ({"most": "11"}, "10 or less"),
        ({"weight": "-1"}, "Write 0 or more."),
        ({"anchor_7": "Too much"}, "The highest score is 5."),
    ],
)
def test_a_criterion_that_does_not_fit_is_not_added(client, call, typed, sentence):
    facts = {"name": "Benefit", "asks": "What changes?", "most": "5", "weight": "1"} | typed

    assert sentence in client.post(page("add_criterion", call.slug), facts).content.decode()
    assert not Criterion.objects.exists()


def test_questions_move_up_and_down_and_stay_at_the_ends(client, call):
    first, second, third = (QuestionFactory(call=call, text=text, position=0) for text in "abc")

    def order():
        return "".join(call.questions.values_list("text", flat=True))

    client.post(page("move_question", call.slug, third.pk), {"way": "up"})
    assert order() == "acb"
    client.post(page("move_question", call.slug, first.pk), {"way": "up"})
    assert order() == "acb"
    client.post(page("move_question", call.slug, first.pk), {"way": "down"})
    assert order() == "cab"
    client.post(page("move_question", call.slug, second.pk), {"way": "down"})
    assert order() == "cab"


def test_a_part_is_removed_once(client, call):
    question = QuestionFactory(call=call, text="Gone?")
    elsewhere = QuestionFactory()

    assert (
        "Removed: Gone?" in client.post(page("remove_question", call.slug, question.pk), follow=True).content.decode()
    )
    assert client.post(page("remove_question", call.slug, question.pk)).status_code == 404
    assert client.post(page("remove_question", call.slug, elsewhere.pk)).status_code == 404
    assert list(Question.objects.all()) == [elsewhere]
    assert AuditEvent.objects.filter(action="funding.question_removed").count() == 1


@pytest.mark.parametrize(("name", "factory", "told"), [
    ("funders", FunderFactory, "Its own questions and criteria go with it. This cannot be undone."),
    ("form", QuestionFactory, "This cannot be undone."),
    ("criteria", CriterionFactory, "This cannot be undone."),
])  # fmt: skip
def test_page_asks_before_a_part_is_removed(client, call, name, factory, told):
    factory(call=call)
    (form,) = html.fromstring(client.get(page(name, call.slug)).content).xpath("//form[contains(@action, '/remove/')]")
    question = form.getparent()

    assert question.tag == "details"
    assert question.get("open") is None
    assert told in question.text_content()


def test_list_of_funders_tells_shares_by_size(client, call):
    FunderFactory(call=call, rate=Decimal("0.5"), rates={"micro": "0.7", "small": "0.6"})

    assert (
        "Pays up to 50 % of the costs. Micro companies: 70 %. Small companies: 60 %."
        in client.get(page("funders", call.slug)).content.decode()
    )


def test_a_stale_tab_of_a_part_does_not_win(client, call, manager):
    funder = FunderFactory(call=call, name="Havsfonden")
    seen = mark_of(Funder.objects.get())
    actions.save_funder(call=call, funder=funder, by=manager, seen=seen, budget_eur=5)

    answer = client.post(
        page("funder", call.slug, funder.pk), funder_facts(budget_eur="9", largest_grant_eur="", seen=seen)
    ).content.decode()

    assert "Somebody else changed this meanwhile." in answer
    assert 'value="9"' in answer
    actions.remove(part=funder, by=manager)
    with pytest.raises(Refused, match="Somebody else removed this meanwhile"):
        actions.save_funder(call=call, funder=funder, by=manager, budget_eur=7)


def test_members_do_not_touch_parts(sign_in, owner):
    call = ready()
    person = sign_in(owner)
    for name, rows in (("funder", call.funders), ("question", call.questions), ("criterion", call.criteria)):
        for act in ("", "move_", "remove_"):
            assert person.post(page(f"{act}{name}", call.slug, rows.get().pk), {}).status_code == 403
        assert rows.count() == 1
        with pytest.raises(PermissionDenied):
            actions.remove(part=rows.get(), by=owner)


@pytest.mark.parametrize(("line", "code"), [("EL30", "EL30"), ("el30 Attiki", "EL30")])
def test_regions_are_known_by_code_or_name(line, code):
    assert region_codes([line, line], "GR") == [code]
