"""The audit trail of an organisation as sentences for its own people."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.models import AuditEvent
from members.models import Membership, Organisation, Profile

SENTENCES = {
    "members.organisation_added": gettext_lazy("The organisation was added"),
    "members.organisation_changed": gettext_lazy("Changed the facts: %(fields)s"),
    "members.organisation_viewed": gettext_lazy("Looked at the page of the organisation"),
    "members.profile_changed": gettext_lazy("Changed the profile: %(fields)s"),
    "members.person_joined": gettext_lazy("Joined as %(role)s"),
    "members.role_changed": gettext_lazy("Changed a role from %(old)s to %(new)s: %(object)s"),
    "members.person_removed": gettext_lazy("Removed %(object)s"),
    "members.person_left": gettext_lazy("Erased the account: %(object)s"),
    "members.invited": gettext_lazy("Invited %(object)s"),
    "members.invitation_renewed": gettext_lazy("Sent the invitation again: %(object)s"),
    "members.invitation_withdrawn": gettext_lazy("Withdrew the invitation: %(object)s"),
    "members.invitation_accepted": gettext_lazy("Accepted the invitation"),
    "members.needs_assessed": gettext_lazy("Changed the needs assessment: %(object)s"),
    "members.needs_reminded": gettext_lazy("Reminded of the needs assessment"),
    "members.exported": gettext_lazy("Exported the list of organisations"),
    "members.linked_company_told": gettext_lazy("Said that it is linked to %(object)s"),
    "members.linked_company_taken_back": gettext_lazy("Said that it is not linked to %(object)s any more"),
    "members.no_links_told": gettext_lazy("Said that it is linked to no other company"),
    "members.link_settled": gettext_lazy("Looked at the link to %(object)s"),
    "members.undertaking_joined": gettext_lazy("Joined the organisation with others as one undertaking"),
    "members.undertaking_separated": gettext_lazy("Separated the organisation from others of its undertaking"),
    "members.listed": gettext_lazy("Agreed to the public directory: %(fields)s"),
    "members.unlisted": gettext_lazy("Took the organisation out of the public directory"),
    "members.downloaded": gettext_lazy("Downloaded the data of the organisation"),
}


class Entry(NamedTuple):
    """One line of a timeline: when, what, who."""

    at: datetime
    text: str
    by: str


def entries(events: Iterable[AuditEvent]) -> list[Entry]:
    """The events as lines, in their order. What other rooms did is named by its action."""
    return [Entry(event.at, _sentence(event), event.actor_label) for event in events]


def _sentence(event: AuditEvent) -> str:
    if sentence := SENTENCES.get(event.action):
        return str(sentence) % _words(event)
    verb = event.action.rpartition(".")[2].replace("_", " ")
    return _("%(verb)s: %(object)s") % {"verb": verb.capitalize(), "object": event.object_label}


def _words(event: AuditEvent) -> dict[str, str]:
    roles = dict(Membership.Role.choices)
    words = {"object": event.object_label, "fields": _fields(event.details.get("fields", []))}
    return words | {name: str(roles.get(event.details.get(name, ""), "")).lower() for name in ("role", "old", "new")}


def _fields(names: list[str]) -> str:
    labels = {each.name: str(each.verbose_name) for model in (Organisation, Profile) for each in model._meta.fields}
    return get_text_list([labels.get(name, name) for name in names], _("and"))
