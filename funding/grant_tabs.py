"""The tabs of grants and of the ledger, for the cluster team and for a beneficiary."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.tabs import Tab, tabs_of

OF_MANAGERS = [
    ("funding:grants", _("Grants")),
    ("funding:grant_money", _("Money by funder")),
    ("funding:ledger", _("De minimis ledger")),
    ("funding:aid_declarations", _("Declarations")),
    ("funding:register_imports", _("Central register")),
]
OF_MEMBERS = [("funding:grants", _("Your grants")), ("funding:own_statement", _("De minimis aid"))]


def grant_tabs(request: HttpRequest, current: str = "") -> list[Tab]:
    """The pages that belong together. `current`: the name of the one shown, where the address does not tell."""
    entries = OF_MANAGERS if request.user.is_manager else OF_MEMBERS
    path = reverse(current) if current else request.path
    return tabs_of(path, [(reverse(name), label) for name, label in entries])
