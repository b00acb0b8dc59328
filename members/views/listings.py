"""What a member lets everybody read: chosen, looked at, and taken back on one page."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from members.actions import listings as actions
from members.forms.listings import ListingForm
from members.models import Listing
from members.permissions import can_list, can_take_off_list, insist
from members.views.access import visible_member, visible_organisation


@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: HttpRequest, slug: str) -> HttpResponse:
    """Colleagues and managers look; owners say."""
    organisation = visible_member(request.user, slug)
    may_say = can_list(request.user, organisation)
    held = Listing.objects.holding().filter(organisation=organisation).first()
    form = ListingForm(request.POST or None, organisation=organisation, held=held)
    if request.method == "POST":
        insist(may_say)
        if form.is_valid():
            actions.put_on_list(organisation=organisation, fields=form.cleaned_data["fields_shown"], by=request.user)
            messages.success(request, _("Noted. Everybody can read this from now on."))
            return redirect("members:listing", slug)
    context = {"organisation": organisation, "held": held, "form": form, "may_say": may_say}
    context["may_take_off"] = can_take_off_list(request.user, organisation)
    return TemplateResponse(request, "members/listing.html", context)


@require_POST
def take_off(request: HttpRequest, slug: str) -> HttpResponse:
    """Nothing of it is public any more."""
    organisation = visible_organisation(request.user, slug)
    if actions.take_off_list(organisation=organisation, by=request.user):
        messages.success(request, _("Taken back. Nothing of the organisation is public any more."))
    return redirect("members:listing", slug)
