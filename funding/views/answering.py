"""How pages of grants answer: an act is done, or its refusal is said."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpRequest

from core.actions import Refused


def attempt(request: HttpRequest, act: Callable[[], object], done: str) -> bool:
    """Does it and says so; or says why not."""
    try:
        act()
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return False
    messages.success(request, done)
    return True


def fits(form: forms.BaseForm, act: Callable[[dict], object]) -> bool:
    """Whether a form was understood and its act done; otherwise the form says why, and keeps what was typed."""
    if not form.is_valid():
        return False
    try:
        act(form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True
