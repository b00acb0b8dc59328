"""Amounts in EUR as people of many countries type them."""

import re
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LARGEST = Decimal("999999999.99")
LARGEST_OF_A_COMPANY = Decimal("999999999999.99")  # a turnover, or a balance sheet total
LONGEST = 500  # characters
SPACES = re.compile(r"(?<=\d)[\s'’\u00a0\u202f](?=\d{3}(?!\d))")
PLAIN = re.compile(r"\d+([.,]\d{1,2})?")
GROUPED = re.compile(r"\d{1,3}((,\d{3})+\.\d{1,2}|(\.\d{3})+,\d{1,2}|(,\d{3}){2,}|(\.\d{3}){2,})")
TWO_WAYS = re.compile(r"\d{1,3}[.,]\d{3}")


class NotAnAmount(ValueError):
    """What was typed is no amount, or could be two; the message says how to write it."""


def amount_of(typed: str, *, largest: Decimal = LARGEST) -> Decimal:
    """12 500,50 and 12,500.50 are the same amount. What could be read in two ways, as 12.500 could, is refused."""
    text = re.sub(r"^(EUR|€)\s*|\s*(EUR|€)$", "", typed.strip(), flags=re.IGNORECASE)
    if text.startswith(("-", "−", "–")):
        raise NotAnAmount(_("An amount is not below zero."))
    digits = SPACES.sub("", text)
    if TWO_WAYS.fullmatch(digits) and digits.startswith("0"):
        raise NotAnAmount(_("Write cents with two figures, such as 0.50."))
    if TWO_WAYS.fullmatch(digits):
        whole = re.sub(r"\D", "", digits)
        raise NotAnAmount(
            _("“%(typed)s” can be read in two ways. Write %(whole)s or %(cents)s.")
            % {"typed": text, "whole": whole, "cents": f"{digits.replace(',', '.')[:-1]}"}
        )
    if GROUPED.fullmatch(digits):
        mark = re.search(r"[.,](?=\d{1,2}$)", digits)
        whole, cents = (digits[: mark.start()], digits[mark.end() :]) if mark else (digits, "0")
        digits = f"{re.sub(r'[.,]', '', whole)}.{cents}"
    elif len(digits) > LONGEST or not digits.isascii() or not PLAIN.fullmatch(digits):
        raise NotAnAmount(_("Write the amount in figures, such as 12500 or 12 500,50."))
    amount = Decimal(digits.replace(",", ".")).quantize(Decimal("0.01")) if len(digits) < 30 else largest + 1
    if amount > largest:
        if largest > LARGEST:
            raise NotAnAmount(_("That is more than any company has. Look at the digits again."))
        raise NotAnAmount(_("That is more than any budget here. Look at the digits again."))
    return amount


def typed(amount: Decimal | None) -> str:
    """An amount as a field shows it, which reads back as the same: 12 500.50."""
    if amount is None:
        return ""
    return f"{amount:,.2f}".removesuffix(".00").replace(",", " ")


class AmountField(forms.CharField):
    """EUR, from zero, in the habit of any country. `largest`: what is more is a slip of the keyboard."""

    def __init__(self, *, largest: Decimal = LARGEST, **options: object) -> None:
        super().__init__(**options)
        self.largest = largest
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off", "class": "amount"}

    def prepare_value(self, value: object) -> object:
        """An amount as it is typed; what somebody typed as it stands."""
        return typed(value) if isinstance(value, Decimal) else value

    def to_python(self, value: object) -> Decimal | None:
        """Raises ValidationError with how to write it."""
        text = super().to_python(value)
        if text in self.empty_values:
            return None
        try:
            return amount_of(text, largest=self.largest)
        except NotAnAmount as fault:
            raise ValidationError(str(fault)) from None


def figure_field(label: object, **options: object) -> AmountField:
    """A turnover or a balance sheet total."""
    return AmountField(label=label, required=False, largest=LARGEST_OF_A_COMPANY, **options)
