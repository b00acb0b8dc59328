"""The tabs of grants and of the ledger, for the cluster team and for a beneficiary."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

OF_MANAGERS = [
    ("funding:grants", _("Grants")),
    ("funding:grant_money", _("Money by funder")),
    ("funding:ledger", _("De minimis ledger")),
    ("funding:aid_declarations", _("Declarations")),
    ("funding:register_imports", _("Central register")),
]
OF_MEMBERS = [("funding:grants", _("Your grants")), ("funding:own_statement", _("De minimis aid"))]


def grant_tabs(request: HttpRequest, current: str = "") -> list[dict[str, object]]:
    """The pages that belong together. `current`: the name of the one shown, where the address does not tell."""
    entries = OF_MANAGERS if request.user.is_manager else OF_MEMBERS
    tabs = [{"label": label, "url": reverse(name), "count": None, "name": name} for name, label in entries]
    above = max((each["url"] for each in tabs if request.path.startswith(each["url"])), key=len, default="")
    return [each | {"current": each["name"] == current if current else each["url"] == above} for each in tabs]
