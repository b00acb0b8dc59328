"""The step "Budget": a table by partner and category, with sums and rules worked out while one types."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.actions import Refused
from core.forms import faults
from core.htmx import render_page
from funding import checklist
from funding.actions import budgets as actions
from funding.forms.budgets import BudgetForm
from funding.models import Application
from funding.reading import applications as reading
from funding.reading.budgets import sums
from funding.views.access import led_application


@require_http_methods(["GET", "HEAD", "POST"])
def budget(request: HttpRequest, reference: str) -> HttpResponse:
    """Looks while one types, saves when one presses the button."""
    application = led_application(request, reference)
    forms = _forms(request, application)
    valid = request.method == "POST" and all(form.is_valid() for form in forms)
    if valid and not request.htmx:
        budgets = {form.partner.pk: form.budget() for form in forms}
        try:
            actions.save(application=application, budgets=budgets, by=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The budget is saved."))
            return redirect(request.path)
    context = {"forms": forms, "sums": sums(application, forms), "is_live": bool(request.htmx)}
    if not request.htmx:
        context |= reading.page_context(application, request.user, checklist.BUDGET)
        context["faults"] = faults((form.partner.name, form) for form in forms)
    return render_page(request, "funding/application_budget.html", context, part="sums")


def _forms(request: HttpRequest, application: Application) -> list[BudgetForm]:
    categories = list(application.call.cost_categories.all())
    partners = application.partners.taking_part().select_related("funder").prefetch_related("costs")
    posted = request.POST if request.method == "POST" else None
    return [BudgetForm(posted, partner=each, categories=categories) for each in partners.order_by("position", "pk")]
