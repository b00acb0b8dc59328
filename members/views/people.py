"""The people of an organisation: their roles, and their leaving."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.actions import Refused
from members.actions import people as actions
from members.forms.people import RoleForm
from members.models import Membership
from members.permissions import can_change_people, insist


def _membership(request: HttpRequest, pk: int) -> Membership:
    found = Membership.objects.visible_to(request.user).select_related("organisation", "user")
    membership = get_object_or_404(found, pk=pk)
    insist(can_change_people(request.user, membership.organisation))
    return membership


@require_POST
def change_role(request: HttpRequest, pk: int) -> HttpResponse:
    """Another role for a person."""
    membership = _membership(request, pk)
    form = RoleForm(request.POST, membership=membership)
    try:
        if not form.is_valid():
            raise Refused(_("This role does not exist in this organisation."))
        actions.change_role(membership=membership, role=form.cleaned_data["role"], by=request.user)
        messages.success(request, _("%(name)s has a new role.") % {"name": membership.user})
    except Refused as refusal:
        messages.warning(request, str(refusal))
    return redirect(membership.organisation)


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """The person no longer belongs to the organisation."""
    membership = _membership(request, pk)
    try:
        actions.remove_person(membership=membership, by=request.user)
        messages.success(request, _("%(name)s no longer belongs here.") % {"name": membership.user})
    except Refused as refusal:
        messages.warning(request, str(refusal))
    return redirect(membership.organisation)
