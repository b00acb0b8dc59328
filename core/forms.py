"""How every form of the portal is written out, and where it says what an action refused."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.forms import BaseForm
from django.forms.renderers import TemplatesSetting

from core.actions import Refused


class PortalRenderer(TemplatesSetting):
    """Forms and fields through our own templates, widgets through Django's; FORM_RENDERER names it."""

    form_template_name = "_forms/form.html"
    field_template_name = "_forms/field.html"


@contextmanager
def refused_on(form: BaseForm, field: str | None = None) -> Iterator[None]:
    """What is refused inside stands on the form, or at one field of it; the view goes on and shows it again."""
    try:
        yield
    except Refused as refusal:
        form.add_error(field, str(refusal))
