"""What the portal holds on a person: to read, to take along, and to have erased."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.forms import refused_on
from members import erasures
from members.actions import erasing
from members.actions.people import note_own_download
from members.forms.erasing import AddressForm, EraseForm, ErasePersonForm
from members.reading import own_data
from members.views.access import for_managers
from members.views.data import as_json


@never_cache
@require_safe
def my_data(request: HttpRequest) -> HttpResponse:
    """By room: what is held on the person, why and for how long."""
    person = erasures.person_of(request.user)
    context = {"person": person, "groups": own_data.on_person(person), "memberships": request.user.all_memberships}
    return TemplateResponse(request, "members/my_data.html", context)


@never_cache
@require_safe
def download(request: HttpRequest) -> HttpResponse:
    """The same with every row, as a file that machines read too."""
    note_own_download(by=request.user)
    return as_json(own_data.file_of_person(erasures.person_of(request.user)), "my-data")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required
def erase_account(request: HttpRequest) -> HttpResponse:
    """What goes, what stays and why; then, with the address typed once more, everything goes that can."""
    form = EraseForm(request.POST or None, address=request.user.email)
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            erasing.erase_own_account(by=request.user)
            logout(request)
            messages.success(request, _("Your account is erased. A last mail tells you so."))
            return redirect("account_login")
    context = {"form": form, "fate": own_data.fate(erasures.person_of(request.user))}
    return TemplateResponse(request, "members/erase_account.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
@reauthentication_required
def erase_person(request: HttpRequest) -> HttpResponse:
    """The same by a manager, for somebody who asks by other means. First the address, then what goes and the reason."""
    search = AddressForm(request.GET or None)
    if not search.is_valid():
        return TemplateResponse(request, "members/erase_person.html", {"search": search})
    address = search.cleaned_data["address"]
    form = ErasePersonForm(request.POST or None, address=address)
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            erasing.erase_person(address=address, reason=form.cleaned_data["reason"], by=request.user)
            messages.success(request, _("The person is erased. A last mail tells them so."))
            return redirect("members:erase_person")
    person = erasures.person_at(address)
    context = {"search": search, "form": form, "address": address, "person": person, "fate": own_data.fate(person)}
    return TemplateResponse(request, "members/erase_person.html", context)
