"""Words, languages, stems; codes, their ancestors and labels."""

import pytest

from opportunities.filtering import Code
from opportunities.filtering.codes import features, label
from opportunities.filtering.stopwords import STOPWORDS
from opportunities.filtering.text import detect_language, stem, terms, tokens
from opportunities.filtering.weights import Weights


def test_tokens_are_words_with_a_letter_in_lower_case() -> None:
    assert tokens("H2 & 5G: 2027, pH-värde ﬁne, a_b") == ["h2", "5g", "ph", "värde", "fine"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "We look for a supplier of pumps and for a partner with experience."),
        ("sv", "Vi söker en leverantör av pumpar och en partner som har erfarenhet."),
        ("de", "Wir suchen einen Lieferanten für Pumpen und einen Partner mit Erfahrung."),
        ("fi", "Etsimme pumppujen toimittajaa ja kumppania, joka on mukana, kun se on valmis."),
        ("fr", "Nous cherchons un fournisseur de pompes et un partenaire avec de l'expérience."),
        ("pl", "Szukamy dostawcy pomp oraz partnera, który jest w tym dobry."),
        ("et", "Otsime pumpade tarnijat ja partnerit, kes on kogenud ning kellel on oma meeskond."),
        ("en", "Pumps"),
        ("en", ""),
    ],
)
def test_language_is_told_by_function_words_and_is_english_in_doubt(language: str, text: str) -> None:
    assert detect_language(text) == language


def test_inflected_forms_meet_in_one_stem() -> None:
    assert terms("membranes and the membrane", "en") == ("membran", "membran")
    assert terms("membraner och membranet", "sv") == ("membran", "membran")


def test_related_languages_meet_without_accents() -> None:
    assert stem("Energie".lower(), "de") == stem("energy", "en") == stem("energi", "sv") == "energi"
    assert stem("värme", "sv") == "varm"


def test_countries_are_no_topic() -> None:
    assert terms("Pumps in Poland and Finland", "en") == ("pump",)
    assert terms("Pumpar i Polen", "sv") == ("pump",)


def test_a_language_without_a_stemmer_keeps_its_words() -> None:
    assert terms("ūdens attīrīšana un sūkņi", "lv") == ("udens", "attirisana", "sukni")


def test_function_words_are_listed_once_per_language() -> None:
    assert len(STOPWORDS) >= 18
    assert all(word == word.lower() and word.isalpha() for words in STOPWORDS.values() for word in words)


WEIGHTS = Weights(parent=0.5, grandparent=0.25)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (Code("nace", "28.12"), {"nace:28.12": 1, "nace:28.1": 0.5, "nace:28": 0.25, "nace:c": 0.25}),
        (Code("cpv", "45232420-2"), {"cpv:45232420": 1, "cpv:45232400": 0.5, "cpv:45232000": 0.25,
                                     "cpv:45230000": 0.25, "cpv:45200000": 0.25, "cpv:45000000": 0.25}),
        (Code("cpv", "45999999"), None),
        (Code("euroscivoc", "/27/79/483"), {"euroscivoc:/27/79/483": 1, "euroscivoc:/27/79": 0.5}),
        (Code("programme", "H2020-EU.3.4."), {"programme:h2020-eu.3.4": 1, "programme:h2020-eu.3": 0.5,
                                              "programme:h2020-eu": 0.25}),
        (Code("topic", "MG-4.1-2014"), {"id:mg": 1, "id:mg-4": 1, "id:mg-4-1": 1}),
        (Code("call", "H2020-MG-2014_TwoStages"), {"id:h2020": 1, "id:h2020-mg": 1, "id:h2020-mg-twostages": 1,
                                                   "id:mg": 1, "id:twostages": 1}),
        (Code("een-technology", "02007001"), {"een-technology:02007001": 1}),
    ],
)  # fmt: skip
def test_a_code_stands_for_itself_and_all_above_it(code: Code, expected: dict[str, float] | None) -> None:
    found = features([code], WEIGHTS)
    if expected is None:
        assert found["cpv:45999999"] == 1
        assert found["cpv:45000000"] == 0.25
    else:
        assert found == expected


def test_the_nearest_mention_of_a_shared_ancestor_counts() -> None:
    assert features([Code("nace", "28.12"), Code("nace", "28.1")], WEIGHTS)["nace:28.1"] == 1


def test_codes_are_one_in_any_case_and_with_or_without_a_final_dot() -> None:
    assert features([Code("programme", "h2020-eu.3.")], WEIGHTS) == features([Code("programme", "H2020-EU.3")], WEIGHTS)


def test_labels_come_from_the_source_or_from_the_list() -> None:
    assert label(Code("nace", "37.00")) == "Sewerage"
    assert label(Code("cpv", "45232420-2")) == "Sewage work"
    assert label(Code("een-technology", "02007001", "Membranes")) == "Membranes"
    assert label(Code("cpv", "00000000")) == ""
    assert label(Code("colour", "blue")) == ""
