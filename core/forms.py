"""How every form of the portal is written out, where it says what an action refused, and fields of several rooms."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import zones
from core.actions import Refused

TYPED = "%Y-%m-%dT%H:%M"


class PortalRenderer(TemplatesSetting):
    """Forms and fields through our own templates, widgets through Django's; FORM_RENDERER names it."""

    form_template_name = "_forms/form.html"
    field_template_name = "_forms/field.html"


@contextmanager
def refused_on(form: forms.BaseForm, field: str | None = None) -> Iterator[None]:
    """What is refused inside stands on the form, or at one field of it; the view goes on and shows it again.

    The field is the one that the refusal names, if the form has it, or else `field`.
    """
    try:
        yield
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else field, str(refusal))


@dataclass(frozen=True, slots=True)
class Fault:
    """What needs another look on a page of several forms: the id of the field, and words with the form's name."""

    at: str
    text: str


def faults(named: Iterable[tuple[object, forms.BaseForm]]) -> list[Fault]:
    """The faults of several forms that one button sends, in their order, for one summary above them."""
    found = []
    for name, form in named:
        before = f"{name}, " if name else ""
        found += [Fault("", f"{name}: {error}" if name else error) for error in form.non_field_errors()]
        for field in form:
            at = f"{field.auto_id}_0" if field.use_fieldset else field.id_for_label
            found += [Fault(at, f"{before}{field.label}: {error}") for error in field.errors]
    return found


def ask_to_choose(form: forms.BaseForm, *names: str) -> None:
    """Says what to do where a field of choices would begin with a line of dashes."""
    for name in names:
        (value, _dashes), *others = form.fields[name].choices
        form.fields[name].choices = [(value, _("Choose one")), *others]


class TableFileField(forms.FileField):
    """A table that somebody brings as a file, small enough to be read at once."""

    LARGEST = 2 * 1024 * 1024
    widget = forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx"})
    default_error_messages = {
        "empty": _("This file is empty. Choose another one."),
        "large": _("This file is larger than 2 MB. Split it, and bring the parts."),
    }

    def __init__(self, **options: object) -> None:
        words = {"label": _("File"), "help_text": _("CSV or XLSX, up to 2 MB. Its first line names the columns.")}
        super().__init__(**words | options)

    def clean(self, data: object, initial: object = None) -> object:
        """Not too large."""
        file = super().clean(data, initial)
        if file and file.size > self.LARGEST:
            raise ValidationError(self.error_messages["large"], code="large")
        return file


class ClockField(forms.DateTimeField):
    """A date and a time as somebody reads them from the clocks of a zone that another field names."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=TYPED)

    def to_python(self, value: object) -> datetime | None:
        """Without a zone; the form knows which clocks are meant."""
        with timezone.override(UTC):
            at = super().to_python(value)
        return at.replace(tzinfo=None) if at else None


def typed_moment(typed: datetime, zone: str) -> datetime:
    """The moment that was meant. Says what to do about a time that the clocks skip."""
    try:
        return zones.moment(typed, ZoneInfo(zone))
    except zones.NoSuchTime:
        raise ValidationError(
            _("The clocks go forward then: there is no %(time)s on that day. Choose an earlier or a later time."),
            params={"time": f"{typed:%H:%M}"},
        ) from None
