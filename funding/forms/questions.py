"""One question of a call as a field: how it is asked, what is kept of the answer, and how the answer is shown.

What is kept is JSON: words, a number or an amount as text, a day as text, one option, a list of options, or true/false.
The same value is the field's initial one.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.dateparse import parse_date
from django.utils.formats import date_format, number_format
from django.utils.html import conditional_escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from funding.models import Question

LONGEST_SHORT, LONGEST_LONG, LONGEST_LINK = 300, 20_000, 500
MOST_EURO = Decimal(10**10) - Decimal("0.01")
YES_OR_NO = ((True, gettext_lazy("Yes")), (False, gettext_lazy("No")))
Kind = Question.Kind
TEXTS = (Kind.SHORT_TEXT, Kind.LONG_TEXT)


def words_in(text: str) -> int:
    """How many words a text has: what stands between spaces and has a letter or a digit in it."""
    return sum(any(sign.isalnum() for sign in word) for word in text.split())


class MostWords:
    """Refuses a text of more words than the question allows, and says by how many."""

    def __init__(self, most: int) -> None:
        self.most = most

    def __call__(self, text: str) -> None:
        """Raises ValidationError."""
        if (over := words_in(text) - self.most) > 0:
            told = ngettext(
                "%(words)s words, %(most)s at most: %(over)s word too many.",
                "%(words)s words, %(most)s at most: %(over)s words too many.",
                over,
            )
            raise ValidationError(told % {"words": self.most + over, "most": self.most, "over": over})


def field_of(question: Question, *, complete: bool = True) -> forms.Field:
    """The field that asks it. `complete=False`: an answer may be missing or too long, as in a draft."""
    field = _FIELDS[Kind(question.kind)](
        question,
        label=question.text,
        help_text=conditional_escape(help_of(question)),  # the field's template shows help as markup: this is none
        required=complete and question.is_required,
    )
    if question.most_words and complete and question.kind in TEXTS:
        field.validators.append(MostWords(question.most_words))
    return field


def help_of(question: Question) -> str:
    """The help that the secretary wrote, and the limit of words."""
    told = [question.help]
    if question.most_words and question.kind in TEXTS:
        told.append(ngettext("%(n)s word at most.", "%(n)s words at most.", question.most_words))
        told[-1] %= {"n": question.most_words}
    return " ".join(filter(None, told))


def _text(question: Question, **shown: object) -> forms.Field:
    is_long = question.kind == Kind.LONG_TEXT
    words = {"data-most-words": question.most_words} if question.most_words else {}
    widget = forms.Textarea(attrs={"rows": 8} | words) if is_long else forms.TextInput(attrs=words)
    return forms.CharField(max_length=LONGEST_LONG if is_long else LONGEST_SHORT, widget=widget, **shown)


def _decimal(question: Question, **shown: object) -> forms.Field:
    limits: dict[str, object] = {"max_digits": 20, "decimal_places": 6}
    if question.kind == Kind.AMOUNT:
        limits = {"min_value": 0, "max_value": MOST_EURO, "decimal_places": 2}
    field = forms.DecimalField(**limits, **shown)
    field.widget.attrs["inputmode"] = "decimal"
    return field


def _day(_question: Question, **shown: object) -> forms.Field:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **shown)


def _choice(question: Question, **shown: object) -> forms.Field:
    options = [(each, each) for each in question.options]
    if question.kind == Kind.CHOICES:
        return forms.MultipleChoiceField(choices=options, widget=forms.CheckboxSelectMultiple, **shown)
    return forms.ChoiceField(choices=options, widget=forms.RadioSelect, **shown)


def _yes_no(_question: Question, **shown: object) -> forms.Field:
    return forms.TypedChoiceField(
        choices=YES_OR_NO, coerce=lambda said: said == "True", empty_value=None, widget=forms.RadioSelect, **shown
    )


def _link(_question: Question, **shown: object) -> forms.Field:
    web = RegexValidator("^https?://", _("Give the whole address, beginning with https://"))
    return forms.URLField(max_length=LONGEST_LINK, assume_scheme="https", validators=[web], **shown)


def _file(_question: Question, **shown: object) -> forms.Field:
    return forms.FileField(**shown)


_FIELDS: dict[Question.Kind, Callable[..., forms.Field]] = {
    Kind.SHORT_TEXT: _text,
    Kind.LONG_TEXT: _text,
    Kind.NUMBER: _decimal,
    Kind.AMOUNT: _decimal,
    Kind.DATE: _day,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choice,
    Kind.YES_NO: _yes_no,
    Kind.LINK: _link,
    Kind.FILE: _file,
}


def stored(question: Question, value: object) -> object:
    """A cleaned answer as it is kept; None for none. A file is kept as an attachment, and here by its name."""
    if value in (None, "", []):
        return None
    if isinstance(value, Decimal):
        return f"{value:.2f}" if question.kind == Kind.AMOUNT else f"{value.normalize():f}"
    if isinstance(value, date):
        return value.isoformat()
    if question.kind == Kind.FILE:
        return str(getattr(value, "name", value))
    return value


def shown(question: Question, value: object) -> str:
    """A kept answer in words; blank where there is none. It is plain text: a page escapes it."""
    if value in (None, "", []):
        return ""
    match question.kind:
        case Kind.AMOUNT:
            return f"EUR {number_format(Decimal(str(value)), decimal_pos=2, force_grouping=True)}".removesuffix(".00")
        case Kind.NUMBER:
            return str(number_format(Decimal(str(value)), force_grouping=True))
        case Kind.DATE:
            day = parse_date(str(value))
            return date_format(day, "j F Y") if day else ""
        case Kind.CHOICES if isinstance(value, list):
            return ", ".join(str(each) for each in value)
        case Kind.YES_NO:
            return _("Yes") if value else _("No")
    return str(value)
