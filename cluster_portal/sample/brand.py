"""The sample cluster's public pages: its own words and colour, members that agreed, and what is open to partners."""

import tomllib

from django.db import transaction

from brand.actions import put_up_report, save_page
from cluster_portal.sample import CONTENT
from evaluations.models import Report
from members.actions import listings
from members.forms.listings import USUAL
from members.models import Listing, Membership, Organisation, User
from opportunities.actions import open_to_partners
from opportunities.models import Opportunity, Source

# Of each five members three have agreed; every fourth of them to everything, the others to what most agree to.
AGREED = (0, 1, 3)
IN_FIVE, TO_EVERYTHING = 5, 4


@transaction.atomic
def load(*, by: User) -> None:
    """All of it, by the actions that the pages use."""
    told = tomllib.loads((CONTENT / "brand.toml").read_text(encoding="utf-8"))
    for number, state in enumerate(told["page"]):
        save_page(by=by, seen=number, **state | {"what_we_do": state["what_we_do"].strip()})
    agreements()
    Source.objects.filter(name__in=told["sources"]).update(may_be_public=True)
    for each in told["wanted"]:
        opportunity = _first_of(each["kind"], each["source"])
        if opportunity is not None:
            open_to_partners(opportunity=opportunity, words=each["words"], by=by)


def report(*, by: User) -> None:
    """The newest report for the public stands on the page of results."""
    put_up_report(report=Report.objects.for_everybody().latest("pk"), by=by)


def agreements() -> None:
    """Owners agree for their own organisation."""
    members = Organisation.objects.members().filter(is_home=False).order_by("pk")
    agreed = [each for number, each in enumerate(members) if number % IN_FIVE in AGREED]
    for number, each in enumerate(agreed):
        owner = each.memberships.filter(role=Membership.Role.OWNER).select_related("user").order_by("pk").first()
        if owner is not None:
            fields = Listing.Field.values if number % TO_EVERYTHING == 0 else USUAL
            listings.put_on_list(organisation=each, fields=fields, by=owner.user)


def _first_of(kind: str, source: str) -> Opportunity | None:
    """The next one of a kind and a source that is published and not marked yet."""
    rows = Opportunity.objects.published().open().filter(kind=kind, source__name=source, for_partners="")
    return rows.select_related("source").defer("search").order_by("reference").first()
