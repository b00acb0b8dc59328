"""Wordings of reasons: whole phrases as somebody wrote them, about things, and never more than is true."""

import pytest

from opportunities.filtering import Code, Member, Opportunity, explain, sentence
from opportunities.filtering.phrases import acronyms, neighbours, objects_of, shared_runs, shortened, spoken
from opportunities.filtering.vocabulary import families, is_filler, is_generic, is_trade, is_vague
from tests.opportunities.filtering.cases import OPPORTUNITIES, fitted


def told(member: Member, opportunity: Opportunity) -> list[str]:
    case = fitted([*OPPORTUNITIES, opportunity], [member])
    return [sentence(each) for each in explain(case.model, member, opportunity, today=None)]


@pytest.mark.parametrize(
    ("written", "as_said"),
    [
        ("A supplier of quartz and technical glass", "a supplier of quartz and technical glass"),
        ("Peeling, washing and cutting lines.", "peeling, washing and cutting lines"),
        ("European projects on water reuse", "European projects on water reuse"),
        ("Swedish glulam", "Swedish glulam"),
        ("Baltic-wide sales", "Baltic-wide sales"),
        ("Jubilee Park", "Jubilee Park"),
        ("H2 valves", "H2 valves"),
        ("CNC turning", "CNC turning"),
        ("Ceramic membranes", "ceramic membranes"),
    ],
)
def test_a_line_is_quoted_as_it_stands_but_for_the_capital_of_its_beginning(written: str, as_said: str) -> None:
    assert spoken(written, "en") == as_said


def test_german_keeps_its_capitals() -> None:
    assert spoken("Membranmodule für Salzwasser", "de") == "Membranmodule für Salzwasser"


@pytest.mark.parametrize(
    ("kind", "title", "thing"),
    [
        ("TO", "Czech glass works offers fused quartz tubes and windows", ["fused quartz tubes and windows"]),
        ("BR", "Packers in south-east Spain seek a line for carrots", ["a line for carrots"]),
        ("BO", "Maker offers paddle dryers, seeks agents in the north", ["paddle dryers"]),
        ("BR", "Ceramic membrane modules wanted for sewage treatment", ["ceramic membrane modules"]),
        ("", "Dairy wants to replace its gas boiler by a heat pump", []),
        ("BO", "Importer seeks smoked eel", []),
        ("BR", "Works offers a second source", []),
        ("TO", "Software finds boulders in sonar data", []),
    ],
)
def test_what_they_want_or_offer_is_told_without_who_they_are(kind: str, title: str, thing: list[str]) -> None:
    assert objects_of(Opportunity(1, kind="partnering", partnering_type=kind, title=title), "en") == thing


def test_a_sentence_of_the_text_tells_it_where_the_title_does_not() -> None:
    text = "The works is old. Its owner offers castings from 5 kg. All offers must arrive by May."
    held = Opportunity(1, partnering_type="BO", title="Castings from the Banat", text=text)
    assert objects_of(held, "en") == ["castings from 5 kg"]


def test_a_long_phrase_ends_where_a_phrase_may_end() -> None:
    long = "dryers for sludge from paper mills and from towns with more than ten thousand people by the sea"
    assert shortened(long) == "dryers for sludge from paper mills and from towns"
    assert shortened(" ".join(["word"] * 20)) == ""


def test_a_phrase_is_shared_when_both_have_its_words_side_by_side() -> None:
    theirs = neighbours(("We sell shore power and charging.", "Cells that pick."), "en")
    found = [
        words for words, _ in shared_runs(["New shore power; robot cells pick. Power from the shore"], "en", theirs)
    ]
    assert found == ["shore power"]


def test_words_in_capitals_are_names_of_things_but_for_those_of_the_trade_itself() -> None:
    assert acronyms(["PFAS and UV-LED for SMEs in the EU", "ALL IN CAPITALS"]) == {"PFAS"}


def test_deeds_numbers_and_words_of_every_trade_say_nothing_by_themselves() -> None:
    assert all(map(is_filler, ("write", "fifti", "appli", "get", "help", "run", "sort", "400")))
    assert all(map(is_generic, ("machin", "control", "system", "servic", "inspect")))
    assert is_vague("recoveri")
    assert not is_vague("heat")
    assert not any(map(is_generic, ("membran", "hydrogen", "pfas", "sludg")))
    assert is_trade("hydrogen")
    assert not is_trade("owner")


def test_forms_of_one_word_are_one_family() -> None:
    assert len(set(families({"remov", "removal", "removabl"}).values())) == 1


SLUDGE = Opportunity(
    8,
    kind="partnering",
    partnering_type="BO",
    title="Bottler offers maple water as a soft drink, seeks distributors",
    text="Pumps are cheap. Sorting robots pick fifty crates an hour.",
)


def test_a_line_is_not_met_by_a_word_of_every_trade() -> None:
    member = Member(9, text="Salt and tides.", seeks=("Distributors in Greece and Spain",))
    assert told(member, SLUDGE) == ["Only single words are shared: distributors."]


def test_a_line_is_met_by_two_words_of_one_sentence() -> None:
    member = Member(9, seeks=("Robots for sorting of crates",))
    assert told(member, SLUDGE)[0] == "They may have what you look for: robots for sorting of crates."
    apart = Member(9, seeks=("Robots for pumps",))
    assert not any("look for" in each for each in told(apart, SLUDGE))


def test_a_declared_keyword_is_enough() -> None:
    member = Member(9, seeks=("Robots for pumps",), keywords=("robots",))
    assert told(member, SLUDGE)[0] == "They may have what you look for: robots for pumps."


def test_what_a_code_says_is_not_said_again() -> None:
    plant = Member(9, text="Sewage work.", codes=(Code("cpv", "45232420"),))
    digester = Opportunity(8, title="Digester", text="A tank.", codes=(Code("cpv", "45232420"),))
    assert told(plant, digester) == ["CPV 45232420 sewage work is in your field."]
