"""Amounts as people of many countries type them: read, or refused with how to write them."""

from decimal import Decimal

import pytest

from funding.forms.amounts import NotAnAmount, amount_of, typed


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("12500", "12500"),
        ("12 500,50", "12500.50"),
        ("12\u00a0500,5", "12500.50"),
        ("12\u202f500", "12500"),
        ("12,500.50", "12500.50"),
        ("12.500,50", "12500.50"),
        ("1,250,000", "1250000"),
        ("1.250.000,00", "1250000"),
        ("12'500.50", "12500.50"),
        ("12’500", "12500"),
        ("12500,5", "12500.50"),
        ("0", "0"),
        ("EUR 12 500", "12500"),
        ("12 500 €", "12500"),
        ("999999999.99", "999999999.99"),
    ],
)
def test_amount_is_read_in_any_countrys_habit(text, amount):
    assert amount_of(text) == Decimal(amount)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("12.500", "“12.500” can be read in two ways. Write 12500 or 12.50."),
        ("12,500", "“12,500” can be read in two ways. Write 12500 or 12.50."),
        ("0,001", "Write cents with two figures, such as 0.50."),
        ("0.125", "Write cents with two figures, such as 0.50."),
        ("-5", "below zero"),
        ("−5", "below zero"),
        ("1000000000", "more than any budget"),
        ("9" * 400, "more than any budget"),
        ("12,50,00", "in figures"),
        ("1.2.3", "in figures"),
        ("12 5000", "in figures"),
        ("12.345,678", "in figures"),
        ("1e9", "in figures"),
        ("NaN", "in figures"),
        ("ten", "in figures"),
        ("٣٤", "in figures"),
    ],
)
def test_what_is_no_amount_or_could_be_two_is_refused_with_what_to_write(text, says):
    with pytest.raises(NotAnAmount, match=says.replace(".", r"\.")):
        amount_of(text)


@pytest.mark.parametrize("amount", ["0", "12500", "12500.50", "999999999.99", "0.05"])
def test_amount_reads_back_as_it_is_shown(amount):
    assert amount_of(typed(Decimal(amount))) == Decimal(amount)
