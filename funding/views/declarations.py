"""The step "Declarations": what the lead's own organisation says of itself, and what it declares."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.actions import Refused
from funding import checklist
from funding.actions import partners as actions
from funding.doors import Door
from funding.forms.applications import DeclareForm
from funding.reading import applications as reading
from funding.reading.parts import lacking, questions_for
from funding.views.access import as_lead


@require_http_methods(["GET", "HEAD", "POST"])
@as_lead
def declarations(request: HttpRequest, door: Door) -> HttpResponse:
    """Figures, aid and files of the lead, and the declarations."""
    application = door.partner.application
    form = DeclareForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.declare(partner=door.partner, by=request.user)
            messages.success(request, _("The declarations are made."))
            return redirect(request.path)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = reading.page_context(application, request.user, checklist.DECLARATIONS)
    context |= {
        "form": form,
        "door": door,
        "partner": door.partner,
        "needs": checklist.needs_figures(application.call, door.partner),
        "asked": questions_for(door.partner),
        "lacks": lacking(door),
    }
    return TemplateResponse(request, "funding/application_declarations.html", context)
