"""Fields that forms of many rooms share."""

from django import forms
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from members import consents

NOT_CHOSEN = ("", _("Not chosen"))


class WholeNumberField(forms.IntegerField):
    """A number as people write it: 40 000, 40,000 or EUR 40000."""

    def __init__(self, *, max_value: int, **kwargs: object) -> None:
        # No widget attributes from the limits: the number is typed as text.
        super().__init__(
            min_value=0, max_value=max_value, widget=forms.TextInput(attrs={"inputmode": "numeric"}), **kwargs
        )

    def prepare_value(self, value: object) -> object:
        """With commas between thousands."""
        return number_format(value, force_grouping=True) if isinstance(value, int) else value

    def to_python(self, value: object) -> int | None:
        """Leaves out what separates thousands, and the currency."""
        if isinstance(value, str):
            value = value.upper().replace("EUR", "").replace("€", "")
            value = "".join(letter for letter in value if letter not in " ,'’\u00a0\u202f")
        return super().to_python(value)


class SurveysField(forms.BooleanField):
    """Whether somebody agrees to be asked in surveys, by the words that are asked now. Never ticked beforehand."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(label=consents.words(consents.SURVEYS), required=False, **kwargs)
