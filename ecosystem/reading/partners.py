"""What the pages of partners read."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from core.templatetags.portal import countries, country, nace_label
from ecosystem.models import Partnership, Peer
from ecosystem.permissions import can_speak_for
from ecosystem.reading.waiting import waiting
from members.models import Membership, User

STATES = {"exploring": "look", "active": "good", "resting": "quiet"}


def rows(partnerships: Iterable[Partnership], user: User) -> list[dict[str, object]]:
    """The lines of the list, with what waits there for the team."""
    listed = list(partnerships)
    waits = waiting(listed, user)
    return [
        {
            "partnership": each,
            "waits": waits.get(each.pk, []),
            "to_do": sum(row["n"] for row in waits.get(each.pk, [])),
            "state": STATES[each.status],
            "place": country(each.organisation.country),
            "offers": offers(each),
        }
        for each in listed
    ]


def offers(partnership: Partnership) -> str:
    """What a partner offers, in one line."""
    names = dict(Partnership.Offer.choices)
    return ", ".join(str(names[offer]) for offer in partnership.offers if offer in names)


def page(partnership: Partnership, user: User) -> dict[str, object]:
    """One partner's page. Its own people see what was agreed with them, but not the team's notes on contacts."""
    organisation = partnership.organisation
    may_run = user.is_manager
    return {
        "partnership": partnership,
        "state": STATES[partnership.status],
        "facts": _facts(partnership),
        "agreements": list(partnership.agreements.order_by("-signed_on", "-pk")),
        "contacts": _contacts(partnership) if may_run else [],
        "may_run": may_run,
        "may_speak": can_speak_for(user, partnership),
        "organisation_url": reverse("members:detail", args=[organisation.slug]) if may_run else "",
        "peer": Peer.objects.filter(partnership=partnership).first() if may_run else None,
    }


def _facts(partnership: Partnership) -> list[dict[str, object]]:
    organisation = partnership.organisation
    names = [nace_label(code) for code in partnership.sectors]
    return [
        {"label": _("Kind"), "value": organisation.get_kind_display()},
        {"label": _("Country"), "value": country(organisation.country)},
        {"label": _("What they offer"), "value": offers(partnership)},
        {"label": _("Markets"), "value": countries(partnership.markets)},
        {"label": _("Sectors"), "value": ", ".join(names)},
        {"label": _("Website"), "value": organisation.website, "url": organisation.website},
        {"label": _("News of the pool by mail"), "value": partnership.get_pool_mail_display()},
    ]


def _contacts(partnership: Partnership) -> list[dict[str, object]]:
    """Each with whether the person has an account of the partner here."""
    people = Membership.objects.filter(organisation=partnership.organisation, user__is_active=True)
    known = set(people.values_list("user__email", flat=True))
    found = partnership.contacts.order_by("name", "pk")
    return [{"contact": each, "has_account": each.email in known} for each in found]
