"""Publishing a call, correcting its words, moving its days, cancelling it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.actions import Refused
from funding.actions import publishing as actions
from funding.forms.publishing import CancelForm, CorrectionForm, ProlongForm
from funding.models import FundingCall
from funding.views.access import for_managers, visible_call


@require_POST
@for_managers
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    """Everybody can read it from now on."""
    try:
        actions.publish(call=visible_call(request, slug), by=request.user)
        messages.success(request, _("The call is published. Its page can be read by everybody."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("funding:overview", slug)


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def correct(request: HttpRequest, slug: str) -> HttpResponse:
    """Other words."""
    form = CorrectionForm(request.POST or None, instance=visible_call(request, slug))
    return _change(request, slug, form, actions.correct, "funding/call_correct.html", _("Corrected."))


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def prolong(request: HttpRequest, slug: str) -> HttpResponse:
    """Later days."""
    form = ProlongForm(request.POST or None, call=visible_call(request, slug))
    said = _("The days are moved. Who has an application gets a mail when the deadline has changed.")
    return _change(request, slug, form, actions.prolong, "funding/call_prolong.html", said)


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def cancel(request: HttpRequest, slug: str) -> HttpResponse:
    """Asks for the sentence that applicants get."""
    said = _("The call is cancelled. Everybody with an application gets your sentence.")
    return _change(request, slug, CancelForm(request.POST or None), actions.cancel, "funding/call_cancel.html", said)


def _change(
    request: HttpRequest, slug: str, form: CorrectionForm | ProlongForm | CancelForm, act: object, page: str, said: str
) -> HttpResponse:
    call = visible_call(request, slug)
    if call.status != FundingCall.Status.PUBLISHED and request.method != "POST":
        return redirect("funding:overview", slug)
    if request.method == "POST" and form.is_valid():
        try:
            act(call=call, by=request.user, **form.cleaned_data)
            messages.success(request, said)
            return redirect("funding:overview", slug)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    concerned = call.applications.exclude(status="withdrawn").count()
    return TemplateResponse(request, page, {"call": call, "form": form, "concerned": concerned})
