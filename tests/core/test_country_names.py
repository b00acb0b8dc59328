"""How countries and languages are named in the wild."""

import pytest

from core import codelists


@pytest.mark.parametrize(
    ("written", "code"),
    [
        *[("SE", "SE"), ("swe", "SE"), ("Sweden", "SE"), ("Sverige", "SE"), ("Ruotsi", "SE"), (" schweden ", "SE")],
        *[("EL", "GR"), ("UK", "GB"), ("GBR", "GB"), ("1A0", "XK"), ("Kosovo", "XK")],
        *[("Czech Republic", "CZ"), ("The Netherlands", "NL"), ("Türkiye", "TR"), ("Österreich", "AT"), ("Chad", "TD")],
        *[("", ""), ("Atlantis", ""), ("EU", ""), ("maa", ""), ("ZZ", ""), ("world", "")],
    ],
)
def test_country_is_known_by_its_codes_and_names(written, code):
    assert codelists.country_code(written) == code


@pytest.mark.parametrize(
    ("written", "code"), [("SWE", "sv"), ("en", "en"), ("DEU", "de"), ("", ""), ("klingonish", "")]
)
def test_language_is_known_by_its_codes(written, code):
    assert codelists.language_code(written) == code
